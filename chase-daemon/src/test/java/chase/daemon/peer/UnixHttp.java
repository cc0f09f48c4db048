package chase.daemon.peer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;

/** HTTP on a Unix socket, byte by byte, one connection for each request. */
public final class UnixHttp {
  /** An answer. */
  public record Reply(int status, String type, String body) {
    /** The body as JSON. */
    public JsonNode json() {
      try {
        return new JsonMapper().readTree(body);
      } catch (IOException e) {
        throw new AssertionError("not JSON: " + body, e);
      }
    }
  }

  private UnixHttp() {}

  /** Sends a request without a body and reads the whole answer. */
  public static Reply call(Path socket, String method, String path) {
    try (SocketChannel channel = open(socket, method, path, "close");
        BufferedReader reader = reader(channel)) {
      int status = Integer.parseInt(reader.readLine().split(" ", 3)[1]);
      String type = "";
      for (String line = reader.readLine(); !line.isEmpty(); line = reader.readLine()) {
        if (line.toLowerCase(Locale.ROOT).startsWith("content-type: ")) {
          type = line.substring("content-type: ".length());
        }
      }
      return new Reply(status, type, reader.lines().collect(Collectors.joining("\n")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends a request without a body; answers the status line and the headers. */
  public static String head(Path socket, String method, String path) {
    try (SocketChannel channel = open(socket, method, path, "close");
        BufferedReader reader = reader(channel)) {
      return reader.lines().takeWhile(line -> !line.isEmpty()).collect(Collectors.joining("\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends a request and leaves the connection open, answer unread. */
  public static SocketChannel open(Path socket, String method, String path, String connection)
      throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(socket));
    String request =
        "%s %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: %s\r\n\r\n"
            .formatted(method, path, connection);
    channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
    return channel;
  }

  /** The lines that come in. */
  public static BufferedReader reader(SocketChannel channel) {
    return new BufferedReader(
        new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
  }
}
