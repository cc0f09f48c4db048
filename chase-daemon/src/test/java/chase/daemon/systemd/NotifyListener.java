package chase.daemon.systemd;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import java.nio.charset.StandardCharsets;

/** What systemd is to a service: a bound datagram socket that reads one message at a time. */
public final class NotifyListener implements AutoCloseable {
  private static final int NOTHING_YET = 11;

  private final int socket;

  /** Listens at a path. */
  public NotifyListener(String name) {
    socket =
        UnixDatagram.Libc.socket(
            UnixDatagram.Libc.AF_UNIX,
            UnixDatagram.Libc.SOCK_DGRAM | UnixDatagram.Libc.SOCK_CLOEXEC,
            0);
    byte[] address = UnixDatagram.SocketAddress.of(name).bytes();
    Server.bind(socket, address, address.length);
  }

  /** The next message that has arrived already; empty text when none has. */
  public String next() {
    byte[] message = new byte[4096];
    try {
      long length = Server.recv(socket, message, message.length, UnixDatagram.Libc.MSG_DONTWAIT);
      return new String(message, 0, (int) length, StandardCharsets.UTF_8);
    } catch (LastErrorException e) {
      if (e.getErrorCode() == NOTHING_YET) {
        return "";
      }
      throw e;
    }
  }

  @Override
  public void close() {
    UnixDatagram.Libc.close(socket);
  }

  private static final class Server {
    static {
      Native.register("c");
    }

    static native int bind(int socket, byte[] address, int length) throws LastErrorException;

    static native long recv(int socket, byte[] message, long length, int flags)
        throws LastErrorException;
  }
}
