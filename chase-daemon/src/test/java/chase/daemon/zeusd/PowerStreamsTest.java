package chase.daemon.zeusd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chase.daemon.fixtures.UnixHttp;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.Router;
import java.io.BufferedReader;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PowerStreamsTest {
  @TempDir Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final List<AtomicInteger> asked = List.of(new AtomicInteger(), new AtomicInteger());
  private volatile int draw = 150;
  private volatile boolean failing;
  private Path socket;

  @BeforeEach
  void listen() throws Exception {
    socket = directory.resolve("streams.sock");
    Router router = Router.router(vertx);
    PowerStreams<Integer> streams =
        new PowerStreams<>(vertx, this::ask, (device, watts) -> device + "=" + watts);
    router.get("/first").handler(context -> streams.open(context, List.of(0)));
    router.get("/both").handler(context -> streams.open(context, List.of(0, 1)));
    vertx
        .createHttpServer()
        .requestHandler(router)
        .listen(SocketAddress.domainSocketAddress(socket.toString()))
        .await(10, TimeUnit.SECONDS);
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  private Future<Integer> ask(int device) {
    asked.get(device).incrementAndGet();
    return failing ? Future.failedFuture("lost") : Future.succeededFuture(draw + device);
  }

  /** The next event, past status line, headers, chunk sizes and blank lines. */
  private static String event(BufferedReader reader) throws Exception {
    String line = reader.readLine();
    while (!line.startsWith("data: ")) {
      line = reader.readLine();
    }
    return line;
  }

  private void isNotAskedAnyMore(int device) {
    AtomicInteger count = asked.get(device);
    int[] last = {-1};
    await()
        .pollInterval(Duration.ofMillis(300))
        .until(() -> {
          boolean same = count.get() == last[0];
          last[0] = count.get();
          return same;
        });
  }

  @Test
  void noDeviceIsPolledWithoutClients() throws Exception {
    isNotAskedAnyMore(0);
    assertThat(asked.get(0)).hasValue(0);
    try (SocketChannel channel = UnixHttp.open(socket, "GET", "/first", "keep-alive")) {
      assertThat(event(UnixHttp.reader(channel))).isEqualTo("data: 0=150");
      assertThat(asked.get(1)).hasValue(0);
    }
    isNotAskedAnyMore(0);
    int before = asked.get(0).get();
    isNotAskedAnyMore(0);
    assertThat(asked.get(0)).hasValue(before);
  }

  @Test
  void onlyChangesAreSent() throws Exception {
    try (SocketChannel channel = UnixHttp.open(socket, "GET", "/first", "keep-alive")) {
      BufferedReader reader = UnixHttp.reader(channel);
      assertThat(event(reader)).isEqualTo("data: 0=150");
      int seen = asked.get(0).get();
      await().until(() -> asked.get(0).get() > seen + 5);
      draw = 160;
      assertThat(event(reader)).isEqualTo("data: 0=160");
    }
  }

  @Test
  void aLaterClientGetsASampleAtOnce() throws Exception {
    try (SocketChannel early = UnixHttp.open(socket, "GET", "/first", "keep-alive");
        SocketChannel late = UnixHttp.open(socket, "GET", "/both", "keep-alive")) {
      assertThat(event(UnixHttp.reader(early))).isEqualTo("data: 0=150");
      BufferedReader reader = UnixHttp.reader(late);
      assertThat(List.of(event(reader), event(reader)))
          .containsExactlyInAnyOrder("data: 0=150", "data: 1=151");
    }
  }

  @Test
  void aDeviceThatFailsIsPolledAgain() throws Exception {
    failing = true;
    try (SocketChannel channel = UnixHttp.open(socket, "GET", "/first", "keep-alive")) {
      await().until(() -> asked.get(0).get() > 3);
      failing = false;
      assertThat(event(UnixHttp.reader(channel))).isEqualTo("data: 0=150");
    }
  }
}
