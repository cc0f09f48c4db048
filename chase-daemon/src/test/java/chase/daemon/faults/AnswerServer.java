package chase.daemon.faults;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * A server that answers every request with the same bytes, head and all, and then closes; only
 * WattTime's login is always good.
 */
final class AnswerServer implements AutoCloseable {
  private static final byte[] LOGIN =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"token\":\"first.jwt\"}"
          .getBytes(StandardCharsets.UTF_8);

  private final ServerSocket socket;
  private volatile byte[] answer = new byte[0];

  private AnswerServer(ServerSocket socket) {
    this.socket = socket;
  }

  static AnswerServer start() throws IOException {
    var server = new AnswerServer(new ServerSocket(0, 64, InetAddress.getLoopbackAddress()));
    Thread.ofVirtual().start(server::serve);
    return server;
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + socket.getLocalPort());
  }

  void answerWith(byte[] bytes) {
    answer = bytes;
  }

  private void serve() {
    while (!socket.isClosed()) {
      try (Socket client = socket.accept()) {
        String request = head(new BufferedInputStream(client.getInputStream()));
        client.getOutputStream().write(request.startsWith("GET /login") ? LOGIN : answer);
        client.shutdownOutput();
      } catch (IOException e) {
        // The client has had enough, or this is closed.
      }
    }
  }

  /** Up to the empty line; no request has a body. */
  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    int next = in.read();
    while (next >= 0 && !head.toString().endsWith("\r\n\r")) {
      head.append((char) next);
      next = in.read();
    }
    return head.toString();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
