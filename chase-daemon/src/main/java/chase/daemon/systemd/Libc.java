package chase.daemon.systemd;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;

/**
 * The few calls of libc that a datagram on a Unix socket takes; Java has none of its own. Lengths
 * are {@code long} because size_t is 64 bits wide on every host that Chase runs on.
 */
final class Libc {
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
