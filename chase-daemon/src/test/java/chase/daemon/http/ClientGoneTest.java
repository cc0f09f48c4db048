package chase.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every request here that comes in as a whole fails as if a disk had failed. */
class ClientGoneTest {
  private static final String POST = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\n";

  private final Vertx vertx = Vertx.vertx();
  private final CompletableFuture<Boolean> gone = new CompletableFuture<>();
  private int port;

  @BeforeEach
  void listen() throws Exception {
    Router router = Router.router(vertx);
    router
        .post("/")
        .handler(BodyHandler.create(false))
        .handler(context -> context.fail(new IOException("the disk does not answer")));
    router
        .route()
        .failureHandler(context -> {
          gone.complete(ClientGone.isCauseOf(context.request(), context.failure()));
          context.next();
        });
    port =
        vertx
            .createHttpServer()
            .requestHandler(router)
            .listen(0, "127.0.0.1")
            .await(10, TimeUnit.SECONDS)
            .actualPort();
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  private Socket send(String text) throws IOException {
    Socket client = new Socket(InetAddress.getLoopbackAddress(), port);
    client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    return client;
  }

  @Test
  void aDiskThatFailsIsNoClientThatLeft() throws Exception {
    try (Socket waiting = send(POST + "body")) {
      assertThat(gone.get(10, TimeUnit.SECONDS)).as("to %s", waiting).isFalse();
    }
  }

  @Test
  void aClientThatBreaksOffItsBodyHasLeft() throws Exception {
    try (Socket client = send(POST + "bo")) {
      client.setSoLinger(true, 0); // a reset
    }
    assertThat(gone.get(10, TimeUnit.SECONDS)).isTrue();
  }
}
