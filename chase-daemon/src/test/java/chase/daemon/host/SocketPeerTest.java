package chase.daemon.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import chase.daemon.fixtures.UnixHttp;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.SocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Also fails when an upgrade of Vert.x hides the connection's channel. */
class SocketPeerTest {
  @TempDir Path directory;

  /** What a server on this transport says of us, who ask. */
  private String told(boolean nativeTransport) throws Exception {
    Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(nativeTransport));
    try {
      Path socket = directory.resolve("peer.sock");
      vertx
          .createHttpServer()
          .requestHandler(
              request -> request.response().end(words(SocketPeer.of(request.connection()))))
          .listen(SocketAddress.domainSocketAddress(socket.toString()))
          .await(10, TimeUnit.SECONDS);
      return UnixHttp.call(socket, "GET", "/").body();
    } finally {
      vertx.close().await(10, TimeUnit.SECONDS);
    }
  }

  private static String words(Optional<SocketPeer> peer) {
    return peer.map(known -> known.user() + " " + known.pid()).orElse("nobody");
  }

  private static String us() {
    return System.getProperty("user.name");
  }

  @Test
  void theJdksSocketsShowTheUser() throws Exception {
    assertThat(told(false)).isEqualTo(us() + " " + Optional.empty());
  }

  @Test
  void nativeSocketsAlsoShowTheProcess() throws Exception {
    assertThat(told(true)).isEqualTo(us() + " " + Optional.of(ProcessHandle.current().pid()));
  }

  /** Connects and then looks like somebody else's, as a set-user-id program does. */
  private static final String DISGUISED =
      """
      import os, socket, sys
      s = socket.socket(socket.AF_UNIX)
      s.connect(sys.argv[1])
      print(os.getuid(), os.getgid(), os.getpid())
      if os.getuid() == 0:
          os.setgid(65534)
          os.setuid(65534)
      s.sendall(b"GET / HTTP/1.1\\r\\nHost: h\\r\\nConnection: close\\r\\n\\r\\n")
      answer = s.makefile().read()
      print(os.stat("/proc/self").st_uid)
      print(answer.split("\\n")[-1])
      """;

  @Test
  void aClientIsTheUserWhoConnectedWhateverItsProcessBecomes() throws Exception {
    assumeThat(Path.of("/usr/bin/python3")).exists();
    assumeThat(us()).as("who may become somebody else").isEqualTo("root");
    Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    try {
      Path socket = directory.resolve("peer.sock");
      vertx
          .createHttpServer()
          .requestHandler(
              request -> request.response().end(numbers(SocketPeer.of(request.connection()))))
          .listen(SocketAddress.domainSocketAddress(socket.toString()))
          .await(10, TimeUnit.SECONDS);
      Process client =
          new ProcessBuilder("/usr/bin/python3", "-c", DISGUISED, socket.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      List<String> lines = client.inputReader().lines().toList();

      assertThat(lines.get(1)).as("the disguise").isNotEqualTo(lines.getFirst().split(" ", -1)[0]);
      assertThat(lines.getLast()).isEqualTo(lines.getFirst());
    } finally {
      vertx.close().await(10, TimeUnit.SECONDS);
    }
  }

  private static String numbers(Optional<SocketPeer> peer) {
    return peer.map(known ->
            String.format(
                Locale.ROOT,
                "%d %d %d",
                known.uid().orElseThrow(),
                known.gid().orElseThrow(),
                known.pid().orElseThrow()))
        .orElse("nobody");
  }

  @Test
  void aUserWithoutANameIsANumber() {
    assertThat(SocketPeer.UserName.of(3_999_999_999L, ProcessHandle.current().pid()))
        .isEqualTo("3999999999");
    assertThat(SocketPeer.UserName.of(0, -1)).isEqualTo("root");
  }

  @Test
  void aConnectionThatIsNoUnixSocketsHasNoPeer() throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      var server =
          vertx
              .createHttpServer()
              .requestHandler(
                  request -> request.response().end(words(SocketPeer.of(request.connection()))))
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

  @Test
  void usersCountByNumberAndThoseWithoutANameTogether() {
    assertThat(peer("ann", 1001).bucket()).isNotEqualTo(peer("ann", 1002).bucket());
    assertThat(peer("ann", 1001).bucket()).isEqualTo(peer("anna", 1001).bucket());
    assertThat(peer("100001", 100_001).bucket()).isEqualTo(peer("165535", 165_535).bucket());
  }

  private static SocketPeer peer(String user, long uid) {
    return new SocketPeer(user, Optional.of(uid), Optional.empty(), Set.of(), Optional.empty());
  }
}
