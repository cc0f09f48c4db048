package chase.daemon.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chase.daemon.api.ApiJson;
import chase.daemon.fixtures.Repository;
import chase.daemon.fixtures.TestDaemon;
import chase.daemon.grid.GridPast;
import chase.daemon.http.FailureCounter;
import chase.daemon.http.HostNames;
import chase.daemon.http.ReadOnlyServer;
import chase.daemon.http.ServerCredentials;
import chase.daemon.ledger.Ledger;
import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageRoutesTest {
  private final Vertx vertx = Vertx.vertx();
  private final TestDaemon daemon = new TestDaemon(vertx);
  private final PageRoutes routes =
      PageRoutes.of(
          vertx,
          new PageSettings(
              "1.2.3", "run-1", "gpu01", ZoneOffset.UTC, TestDaemon.NOON, () -> 1, () -> true),
          daemon.state()::bodies,
          () -> GridPast.NONE,
          Ledger.NONE,
          new RecentEvents(daemon.notifications()));
  private final ReadOnlyServer server =
      new ReadOnlyServer(
          vertx,
          "metrics",
          new HostNames("gpu01", List.of()),
          () -> ServerCredentials.NONE,
          FailureCounter.NONE,
          routes.paths());
  private final Context context = vertx.getOrCreateContext();
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<PageReader> readers = new ArrayList<>();
  private int port;

  @BeforeEach
  void listen() throws Exception {
    Promise<Integer> listening = Promise.promise();
    context.runOnContext(now -> {
      routes.start();
      server.listen("127.0.0.1", 0).onComplete(listening);
    });
    port = await(listening.future());
  }

  @AfterEach
  void close() throws Exception {
    for (PageReader reader : readers) {
      reader.close();
    }
    client.close();
    await(server.close());
    await(vertx.close());
  }

  @Test
  void everyFileOfThePageIsServedAndNothingElseLiesBesideIt() throws IOException {
    Path folder = Repository.root().resolve("chase-daemon/src/main/resources/chase/daemon/page");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .filteredOn(name -> !name.endsWith("LICENSE"))
          .containsExactlyInAnyOrderElementsOf(PageFiles.NAMES);
    }
  }

  @Test
  void aFileIsSentOnceAndThenOnlyAskedAbout() throws Exception {
    HttpResponse<byte[]> first = ask("/page.js");
    String tag = first.headers().firstValue("ETag").orElseThrow();
    assertThat(first.headers().firstValue("Content-Type"))
        .contains("text/javascript; charset=utf-8");
    HttpResponse<byte[]> again = ask("/page.js", "If-None-Match", "\"other\", " + tag);
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
  }

  @Test
  void thePageMayLoadNothingFromElsewhere() throws Exception {
    HttpResponse<byte[]> page = ask("/");
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .startsWith("default-src 'self'; frame-ancestors 'none'");
    assertThat(page.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/uPlot.iife.min.js", "/v1/page"})
  void answersAreCompressedForThoseWhoAcceptIt(String path) throws Exception {
    byte[] plain = ask(path).body();
    HttpResponse<byte[]> zipped = ask(path, "Accept-Encoding", "br, gzip");
    assertThat(zipped.headers().firstValue("Content-Encoding")).contains("gzip");
    assertThat(zipped.body()).hasSizeLessThan(plain.length);
    try (var gzip = new GZIPInputStream(new ByteArrayInputStream(zipped.body()))) {
      assertThat(gzip.readAllBytes()).isNotEmpty();
    }
    assertThat(ask(path, "Accept-Encoding", "gzip;q=0").headers().firstValue("Content-Encoding"))
        .isEmpty();
  }

  @Test
  void everythingIsShownAtOnce() throws Exception {
    JsonNode page = json(ask("/v1/page"));
    assertThat(page.at("/server/instance").asText()).isEqualTo("run-1");
    assertThat(page.at("/gpus")).hasSize(2);
    assertThat(page.at("/gpus/0/uuid").asText()).isEqualTo(TestDaemon.FIRST.uuid());
    assertThat(page.at("/gpus/0/explanation").asText()).startsWith("GPU 0");
    assertThat(json(ask("/v1/page/history")).at("/instance").asText()).isEqualTo("run-1");
  }

  @Test
  void aStreamBeginsWithEverythingAndGoesOnWithWhatChanges() throws Exception {
    PageReader reader = follow();
    JsonNode whole = reader.next("state");
    assertThat(whole.has("server")).isTrue();
    daemon.advance(Duration.ofSeconds(1));
    JsonNode change = reader.next("state");
    while (!change.has("at")) {
      change = reader.next("state");
    }
    assertThat(change.has("server")).isFalse();
    assertThat(change.at("/at").asText()).isEqualTo("2026-11-23T12:00:01Z");
  }

  @Test
  void pointsOfTheHistoryFollow() throws Exception {
    PageReader reader = follow();
    PageEvent event = reader.next();
    while (!event.name().equals("points")) {
      daemon.advance(Duration.ofSeconds(5));
      event = reader.next();
    }
    assertThat(event.data().at("/time").isEmpty()).isFalse();
    assertThat(event.data().at("/gpus/" + TestDaemon.FIRST.uuid() + "/original/0").asDouble())
        .isEqualTo(700);
  }

  @Test
  void twoHundredStreamsKeepNobodyOut() throws Exception {
    for (int i = 0; i < 200; i++) {
      follow();
    }
    JsonNode page = json(ask("/v1/page"));
    assertThat(page.has("gpus")).isTrue();
    PageReader last = follow();
    assertThat(last.next("state").has("gpus")).isTrue();
  }

  @Test
  void clientsThatDoNotReadHoldUpNobody() throws Exception {
    for (int i = 0; i < 20; i++) {
      follow();
    }
    PageReader reader = follow();
    for (int i = 0; i < 3; i++) {
      daemon.advance(Duration.ofSeconds(1));
      assertThat(reader.next("state").has("at")).isTrue();
    }
  }

  @Test
  void aStoppingServerSendsTheReason() throws Exception {
    PageReader reader = follow();
    reader.next("state");
    context.runOnContext(now -> {
      routes.stop();
      server.close();
    });
    assertThat(reader.next("end").at("/reason").asText()).isEqualTo("Chase is stopping");
  }

  @Test
  void aHeadOfTheStreamEnds() throws Exception {
    HttpRequest head =
        HttpRequest.newBuilder(address("/v1/page/stream"))
            .method("HEAD", HttpRequest.BodyPublishers.noBody())
            .build();
    assertThat(client.send(head, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
  }

  private URI address(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  private HttpResponse<byte[]> ask(String path, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(address(path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  private static JsonNode json(HttpResponse<byte[]> answer) throws IOException {
    assertThat(answer.statusCode()).isEqualTo(200);
    return ApiJson.mapper().readTree(answer.body());
  }

  private PageReader follow() throws IOException {
    PageReader reader = new PageReader(port);
    readers.add(reader);
    return reader;
  }

  private record PageEvent(String name, JsonNode data) {}

  /** A client of the stream, which reads only when it is asked to. */
  private static final class PageReader implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader lines;

    PageReader(int port) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(20_000);
      socket
          .getOutputStream()
          .write(
              "GET /v1/page/stream HTTP/1.1\r\nHost: localhost\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      lines =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    /** The next event. */
    PageEvent next() {
      try {
        String line = lines.readLine();
        while (line != null && !line.startsWith("event: ")) {
          line = lines.readLine();
        }
        assertThat(line).as("an event before the end").isNotNull();
        return new PageEvent(
            line.substring("event: ".length()),
            ApiJson.mapper().readTree(lines.readLine().substring("data: ".length())));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** The data of the next such event. */
    JsonNode next(String name) {
      return Stream.generate(this::next)
          .filter(event -> event.name().equals(name))
          .findFirst()
          .orElseThrow()
          .data();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }
}
