package chase.daemon.http;

import io.netty.channel.Channel;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;
import java.util.Optional;

/** What Vert.x does not offer of a server's connection. On its event loop only. */
public final class RawConnection {
  private RawConnection() {}

  /**
   * Closes at once and drops what waits to be sent: Vert.x's own close waits behind it, and so for
   * ever where the client does not read.
   */
  public static void close(HttpConnection connection) {
    channel(connection)
        .ifPresentOrElse(
            channel -> {
              var _ = channel.close();
            },
            () -> {
              var _ = connection.close();
            });
  }

  /** Reads at most that many bytes at once, however much has come. */
  public static void limitReads(HttpConnection connection, int bytes) {
    channel(connection)
        .ifPresent(channel ->
            channel
                .config()
                .setRecvByteBufAllocator(
                    new FixedRecvByteBufAllocator(bytes).maxMessagesPerRead(1)));
  }

  private static Optional<Channel> channel(HttpConnection connection) {
    return connection instanceof HttpServerConnection server
        ? Optional.of(server.channelHandlerContext().channel())
        : Optional.empty();
  }
}
