package chase.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients that mean no good, each of which must cost little and be followed by one that is served.
 */
class BoundedHttpServerTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
  private static final int PAGE = 64 * 1024;

  private final Vertx vertx =
      Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
  private final AtomicInteger pages = new AtomicInteger();
  private final Map<String, Integer> counted = new ConcurrentHashMap<>();
  private final List<Socket> hostile = new ArrayList<>();
  private final FailureCounter log =
      new FailureCounter() {
        @Override
        public void failed(String listener) {
          counted.merge("failed", 1, Integer::sum);
        }

        @Override
        public void closed(String listener, FailureCounter.CloseReason reason) {
          counted.merge(reason.name(), 1, Integer::sum);
        }

        @Override
        public void unauthorized(String listener) {}

        @Override
        public void certificateExpires(String listener, Instant at) {}
      };

  private int serve(HttpLimits limits) throws Exception {
    var server =
        new BoundedHttpServer(
            vertx, "test", limits, log, new RequestFailures("test", log), this::answer);
    return server
        .listen(SocketAddress.inetSocketAddress(0, "127.0.0.1"))
        .await(10, TimeUnit.SECONDS)
        .actualPort();
  }

  private void answer(HttpServerRequest request) {
    switch (request.path()) {
      case "/" -> {
        pages.incrementAndGet();
        request.response().end("x".repeat(PAGE));
      }
      case "/throws" -> throw new IllegalStateException("a fault");
      case "/throws-later" ->
          vertx
              .getOrCreateContext()
              .runOnContext(later -> {
                throw new IllegalArgumentException("a later fault");
              });
      case "/throws-midway" -> {
        request.response().setChunked(true).write("half");
        throw new IllegalStateException("a fault midway");
      }
      case "/never" -> {}
      case null, default -> request.response().setStatusCode(404).end();
    }
  }

  @AfterEach
  void close() throws Exception {
    for (Socket socket : hostile) {
      socket.close();
    }
    vertx.close().await(20, TimeUnit.SECONDS);
  }

  private Socket connect(int port, String text) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    hostile.add(socket);
    socket.setSoTimeout(10_000);
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    return socket;
  }

  /** All that comes until the server closes. */
  private static String read(Socket socket) {
    var all = new ByteArrayOutputStream();
    try {
      InputStream in = socket.getInputStream();
      for (int next = in.read(); next >= 0; next = in.read()) {
        all.write(next);
      }
    } catch (SocketTimeoutException e) {
      throw new AssertionError("the server neither answers nor closes: " + all, e);
    } catch (IOException reset) {
      // What came before counts.
    }
    return all.toString(StandardCharsets.ISO_8859_1);
  }

  private String ask(int port, String path) throws IOException {
    return read(connect(port, "GET " + path + " HTTP/1.1\r\nConnection: close\r\n\r\n"));
  }

  private void assertServes(int port) throws IOException {
    assertThat(ask(port, "/")).startsWith("HTTP/1.1 200").hasSizeGreaterThan(PAGE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/throws", "/throws-later"})
  void aFaultIsA500OfItsOwnRequestAndItsKindIsLoggedOnce(String path) throws Exception {
    int port = serve(HttpLimits.DEFAULT);
    String first = ask(port, path);
    assertThat(first).startsWith("HTTP/1.1 500").contains("under reference");
    assertThat(ask(port, path)).isEqualTo(first);
    assertThat(counted).containsEntry("failed", 2);
    assertServes(port);
  }

  @Test
  void aFaultMidwayClosesItsConnectionAlone() throws Exception {
    int port = serve(HttpLimits.DEFAULT);
    assertThat(ask(port, "/throws-midway")).doesNotContain("500");
    assertThat(counted).containsEntry("failed", 1).containsEntry("FAILED", 1);
    assertServes(port);
  }

  @Test
  void noPageIsMadeForAClientThatHasNotTakenTheLast() throws Exception {
    int port = serve(HttpLimits.DEFAULT);
    for (int i = 0; i < 10; i++) {
      connect(port, GET.repeat(400));
    }
    assertServes(port);
    // What the kernel holds for ten connections, a few megabytes each at most; asked were 4,000.
    assertThat(pages.get()).isLessThan(1_500);
  }

  @Test
  void aClientThatPipelinesAndReadsGetsEveryAnswer() throws Exception {
    int port = serve(HttpLimits.DEFAULT);
    Socket socket =
        connect(port, GET.repeat(39) + GET.replace("Host", "Connection: close\r\nHost"));
    String all = read(socket);
    assertThat(all.split("HTTP/1.1 200", -1)).hasSize(41);
    assertThat(pages.get()).isEqualTo(40);
  }

  @Test
  void connectionsWithoutRequestsKeepNoClientOut() throws Exception {
    int port = serve(new HttpLimits(20, 10, 60, 60, 60));
    for (int i = 0; i < 100; i++) {
      connect(port, i % 2 == 0 ? "" : "GET / HTTP/1.1\r\nX-Never: ");
    }
    assertServes(port);
    await().until(() -> counted.getOrDefault("CROWDED", 0) >= 90);
  }

  @Test
  void aRequestThatDripsIsGivenUp() throws Exception {
    int port = serve(new HttpLimits(20, 20, 1, 1, 60));
    read(connect(port, "GET / HTTP/1.1\r\nX-Never: "));
    read(connect(port, "POST /never HTTP/1.1\r\nContent-Length: 1000000000\r\n\r\nx"));
    read(connect(port, "POST /never HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n"));
    assertThat(counted).containsEntry("SLOW_REQUEST", 3);
    assertServes(port);
  }

  @Test
  void whatIsNeverAnsweredAndWhatIsIdleIsClosed() throws Exception {
    int port = serve(new HttpLimits(20, 20, 1, 60, 1));
    assertThat(ask(port, "/never")).isEmpty();
    assertThat(read(connect(port, GET))).startsWith("HTTP/1.1 200");
    assertThat(counted).containsEntry("UNANSWERED", 1).containsEntry("IDLE", 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0",
        "CONNECT h:80 HTTP/1.1\r\n\r\n",
        "TRACE / HTTP/1.1\r\nConnection: close\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nConnection: close\r\n\r\n",
        "GET http://h/ HTTP/1.1\r\nConnection: close\r\n\r\n",
        "GET /\0 HTTP/1.1\r\nConnection: close\r\n\r\n",
        "\0\0\0\0\r\n\r\n",
        "\26\3\1\2\0\1\0\1\374\3\3\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "GET / HTTP/1.1\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings:"
            + " AAMAAABkAAQAAAAA\r\n\r\nPRI * HTTP/2.0\r\n\r\n",
        "GET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version:"
            + " 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        "POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n",
      })
  void whatNoClientShouldSendIsAnsweredOrClosedAndAffectsNoOther(String request) throws Exception {
    int port = serve(new HttpLimits(20, 20, 1, 1, 1));
    assertThat(read(connect(port, request))).doesNotContain("101 Switching").doesNotContain("500 ");
    assertServes(port);
    assertThat(counted).doesNotContainKey("failed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /%s HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nCookie: %s\r\n\r\n"})
  void aHeadIsNotKeptBeyondItsBounds(String request) throws Exception {
    int port = serve(HttpLimits.DEFAULT);
    String answer = read(connect(port, String.format(Locale.ROOT, request, "a".repeat(64 * 1024))));
    assertThat(answer).doesNotStartWith("HTTP/1.1 200");
    assertServes(port);
  }

  @Test
  void aClientThatBreaksOffIsNoFault() throws Exception {
    int port = serve(HttpLimits.DEFAULT);
    for (int i = 0; i < 50; i++) {
      Socket socket = connect(port, GET);
      socket.setSoLinger(true, 0);
      socket.close();
    }
    assertServes(port);
    assertThat(counted).isEmpty();
  }
}
