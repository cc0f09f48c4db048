package chase.daemon.systemd;

import com.sun.jna.LastErrorException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Sends datagrams to one Unix socket. */
final class UnixDatagram {
  private final UnixAddress address;

  UnixDatagram(UnixAddress address) {
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
}
