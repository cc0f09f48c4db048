package chase.daemon.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.SocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Also fails when an upgrade of Vert.x hides the connection's channel. */
class PeerTest {
  @TempDir Path directory;

  /** What a server on this transport says of us, who ask. */
  private String told(boolean nativeTransport) throws Exception {
    Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(nativeTransport));
    try {
      Path socket = directory.resolve("peer.sock");
      vertx
          .createHttpServer()
          .requestHandler(request -> request.response().end(words(Peer.of(request.connection()))))
          .listen(SocketAddress.domainSocketAddress(socket.toString()))
          .await(10, TimeUnit.SECONDS);
      return UnixHttp.call(socket, "GET", "/").body();
    } finally {
      vertx.close().await(10, TimeUnit.SECONDS);
    }
  }

  private static String words(Optional<Peer> peer) {
    return peer.map(known -> known.user() + " " + known.pid()).orElse("nobody");
  }

  private static String us() {
    return System.getProperty("user.name");
  }

  @Test
  void theJdksSocketsTellTheUser() throws Exception {
    assertThat(told(false)).isEqualTo(us() + " " + OptionalLong.empty());
  }

  @Test
  void nativeSocketsAlsoTellTheProcess() throws Exception {
    assertThat(told(true)).isEqualTo(us() + " " + OptionalLong.of(ProcessHandle.current().pid()));
  }

  @Test
  void aConnectionThatIsNoUnixSocketsHasNoPeer() throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      var server =
          vertx
              .createHttpServer()
              .requestHandler(
                  request -> request.response().end(words(Peer.of(request.connection()))))
              .listen(0, "127.0.0.1")
              .await(10, TimeUnit.SECONDS);
      String body =
          vertx
              .createHttpClient()
              .request(HttpMethod.GET, server.actualPort(), "127.0.0.1", "/")
              .compose(request -> request.send())
              .compose(response -> response.body())
              .await(10, TimeUnit.SECONDS)
              .toString();
      assertThat(body).isEqualTo("nobody");
    } finally {
      vertx.close().await(10, TimeUnit.SECONDS);
    }
  }
}
