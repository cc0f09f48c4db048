package chase.daemon.systemd;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Sends datagrams to one Unix socket. */
final class UnixDatagram {
  private final SocketAddress address;

  UnixDatagram(SocketAddress address) {
    this.address = address;
  }

  /**
   * Sends one datagram; never waits for the reader.
   *
   * @throws IOException when it cannot be sent, or native code cannot be loaded
   */
  void send(String message) throws IOException {
    try {
      int socket = Libc.socket(Libc.AF_UNIX, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC, 0);
      try {
        sendOn(socket, message.getBytes(StandardCharsets.UTF_8));
      } finally {
        Libc.close(socket);
      }
    } catch (LastErrorException | LinkageError e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private void sendOn(int socket, byte[] message) throws LastErrorException {
    int flags = Libc.MSG_NOSIGNAL | Libc.MSG_DONTWAIT;
    byte[] to = address.bytes();
    Libc.sendto(socket, message, message.length, flags, to, to.length);
  }

  /** A Unix socket's address in the kernel's form (unix(7), sockaddr_un). */
  static final class SocketAddress {
    /** The size of sun_path. */
    private static final int MAX_LENGTH = 108;

    private final byte[] bytes;

    private SocketAddress(byte[] bytes) {
      this.bytes = bytes;
    }

    /**
     * The address of a path, or of an abstract socket when {@code name} begins with {@code @}.
     *
     * @throws IllegalArgumentException when it is neither, or too long
     */
    static SocketAddress of(String name) {
      if (!name.startsWith("/") && !name.startsWith("@")) {
        throw new IllegalArgumentException("'" + name + "' is not a path or an abstract socket");
      }
      byte[] path = name.getBytes(StandardCharsets.UTF_8);
      // A path ends with NUL; an abstract name begins with one and ends where its length says.
      boolean abstractName = path[0] == '@';
      int length = abstractName ? path.length : path.length + 1;
      if (length > MAX_LENGTH) {
        throw new IllegalArgumentException("'" + name + "' is too long for a Unix socket");
      }
      if (abstractName) {
        path[0] = 0;
      }
      ByteBuffer address = ByteBuffer.allocate(Short.BYTES + length).order(ByteOrder.nativeOrder());
      address.putShort((short) Libc.AF_UNIX).put(path);
      return new SocketAddress(address.array());
    }

    /** The family, then the path, without the space behind it. */
    byte[] bytes() {
      return bytes.clone();
    }
  }

  /**
   * The few calls of libc that a datagram on a Unix socket takes; Java has none of its own. Lengths
   * are {@code long} because size_t is 64 bits wide on every host that Chase runs on.
   */
  static final class Libc {
    /** Linux, asm-generic/socket.h. */
    static final int AF_UNIX = 1;

    static final int SOCK_DGRAM = 2;
    static final int SOCK_CLOEXEC = 0x8_0000;
    static final int MSG_NOSIGNAL = 0x4000;

    /** No reader may hold Chase up. */
    static final int MSG_DONTWAIT = 0x40;

    static {
      Native.register("c");
    }

    private Libc() {}

    static native int socket(int domain, int type, int protocol) throws LastErrorException;

    static native long sendto(
        int socket, byte[] message, long length, int flags, byte[] address, int addressLength)
        throws LastErrorException;

    static native int close(int socket) throws LastErrorException;
  }
}
