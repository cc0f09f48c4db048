package chase.daemon.outlook;

import static org.assertj.core.api.Assertions.assertThat;

import chase.carbon.CarbonIntensity;
import chase.carbon.Region;
import chase.carbon.relay.AwaitedHosts;
import chase.daemon.api.ApiJson;
import chase.daemon.fixtures.TestDaemon;
import chase.daemon.grid.GridState;
import chase.daemon.http.FailureCounter;
import chase.daemon.http.HostNames;
import chase.daemon.http.HttpLimits;
import chase.daemon.http.ReadOnlyServer;
import chase.daemon.http.ServerCredentials;
import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OutlookRoutesTest {
  private static final Instant NOON = TestDaemon.NOON;

  private final Vertx vertx = Vertx.vertx();
  private final AtomicReference<GridState> grid =
      new AtomicReference<>(
          new GridState(
              "energy-charts",
              new Region("DE"),
              Optional.empty(),
              Optional.empty(),
              Duration.ofHours(2),
              Optional.empty(),
              0,
              0));
  private volatile AwaitedHosts awaited = AwaitedHosts.NONE;
  private volatile List<String> attribution = List.of("Energy-Charts, CC BY 4.0");
  private final OutlookRoutes routes =
      new OutlookRoutes(
          vertx,
          grid::get,
          () -> attribution,
          () -> awaited,
          new CarbonIntensity.Relay("gpu-07", "0707070707070707"),
          () -> NOON);
  private final ReadOnlyServer server =
      new ReadOnlyServer(
          vertx,
          "metrics",
          new HostNames("gpu-07", List.of()),
          HttpLimits.MANY_HOSTS,
          () -> ServerCredentials.NONE,
          FailureCounter.NONE,
          routes.paths(false));
  private final Context context = vertx.getOrCreateContext();
  private final HttpClient client = HttpClient.newHttpClient();
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
    client.close();
    await(server.close());
    await(vertx.close());
  }

  @Test
  void withoutAnOutlookTheReasonIsGivenAndWhenToComeAgain() throws Exception {
    Follower follower = new Follower();
    assertThat(follower.next("unavailable").at("/detail").asText())
        .isEqualTo("no outlook yet: energy-charts has not answered yet");
    HttpResponse<byte[]> none = ask();
    assertThat(none.statusCode()).isEqualTo(503);
    assertThat(new String(none.body(), StandardCharsets.UTF_8))
        .isEqualTo("no outlook yet: energy-charts has not answered yet\n");
    assertThat(none.headers().firstValue("Retry-After")).contains("5");
    assertThat(none.headers().firstValue(AwaitedHosts.HEADER)).contains("gpu-07/0707070707070707");
    grid.set(TestDaemon.gridWithoutSignal());
    assertThat(follower.next("unavailable").at("/detail").asText()).endsWith("DE: 401");
    follower.close();
  }

  @Test
  void theOutlookIsWhatTheHostKnowsWithWhereItComesFrom() throws Exception {
    JsonNode outlook = follow(TestDaemon.gridAt(412));
    assertThat(outlook.at("/host/host").asText()).isEqualTo("gpu-07");
    assertThat(outlook.at("/hosts/0").asText()).isEqualTo("gpu-07");
    assertThat(outlook.at("/level").asText()).isEqualTo("live");
    assertThat(outlook.at("/current/grams_per_kwh").asDouble()).isEqualTo(412);
    assertThat(outlook.at("/current/origin").asText()).isEqualTo("replayed");
    assertThat(outlook.at("/attribution/0").asText()).isEqualTo("Energy-Charts, CC BY 4.0");
    HttpResponse<byte[]> answer = ask();
    assertThat(ApiJson.mapper().readTree(answer.body())).isEqualTo(outlook);
    assertThat(answer.headers().allValues("Vary")).containsExactly("Accept", "Accept-Encoding");
  }

  /** The running period of the test's grid ends half an hour after noon. */
  @Test
  void itIsGoodUntilTheNextNumberIsExpected() throws Exception {
    follow(TestDaemon.gridAt(412));
    assertThat(ask().headers().firstValue("Cache-Control")).contains("max-age=1800");
  }

  @Test
  void anOutlookThatIsKnownIsNotSentAgain() throws Exception {
    follow(TestDaemon.gridAt(412));
    String tag = ask().headers().firstValue("ETag").orElseThrow();
    HttpResponse<byte[]> again = ask("If-None-Match", tag);
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
    assertThat(again.headers().firstValue("Cache-Control")).contains("max-age=1800");
    assertThat(ask("If-None-Match", "\"other\",\t" + tag + "\t, *").statusCode()).isEqualTo(304);
    follow(TestDaemon.gridAt(413));
    assertThat(ask("If-None-Match", tag).statusCode()).isEqualTo(200);
  }

  @Test
  void itIsCompressedForThoseWhoAcceptIt() throws Exception {
    follow(TestDaemon.gridAt(412));
    HttpResponse<byte[]> zipped = ask("Accept-Encoding", "gzip");
    assertThat(zipped.headers().firstValue("Content-Encoding")).contains("gzip");
    try (var gzip = new GZIPInputStream(new java.io.ByteArrayInputStream(zipped.body()))) {
      assertThat(gzip.readAllBytes()).isEqualTo(ask().body());
    }
  }

  @Test
  void thoseWhoFollowGetEveryChangeAndNothingBetween() throws Exception {
    grid.set(TestDaemon.gridAt(412));
    try (Follower follower = new Follower()) {
      while (follower.next("outlook").at("/current/grams_per_kwh").asDouble() != 412) {}
      grid.set(TestDaemon.gridAt(412));
      grid.set(TestDaemon.gridAt(399));
      assertThat(follower.next("outlook").at("/current/grams_per_kwh").asDouble()).isEqualTo(399);
      context.runOnContext(now -> routes.stop());
      assertThat(follower.next("end").at("/reason").asText()).isEqualTo("Chase is stopping");
    }
  }

  /** An outlook that is longer than all that the kernel keeps for a socket. */
  @Test
  void whoReadsSlowlyGetsTheNewestAndNotWhatCameBetween() throws Exception {
    attribution = List.of("x".repeat(8_000_000));
    follow(TestDaemon.gridAt(412));
    try (Follower slow = new Follower()) {
      assertThat(slow.lines.readLine()).startsWith("HTTP/1.1 200");
      follow(TestDaemon.gridAt(401));
      follow(TestDaemon.gridAt(402));
      assertThat(slow.next("outlook").at("/current/grams_per_kwh").asDouble()).isEqualTo(412);
      assertThat(slow.next("outlook").at("/current/grams_per_kwh").asDouble()).isEqualTo(402);
    }
  }

  @Test
  void aHeadOfTheStreamEnds() throws Exception {
    HttpRequest head =
        HttpRequest.newBuilder(address())
            .header("Accept", "text/event-stream")
            .method("HEAD", HttpRequest.BodyPublishers.noBody())
            .build();
    assertThat(client.send(head, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
  }

  /** The outlook of that state, once it is served. */
  private JsonNode follow(GridState state) throws IOException {
    grid.set(state);
    double grams = state.current().orElseThrow().value().value();
    try (Follower follower = new Follower()) {
      JsonNode outlook = follower.next("outlook");
      while (outlook.at("/current/grams_per_kwh").asDouble() != grams) {
        outlook = follower.next("outlook");
      }
      return outlook;
    }
  }

  private URI address() {
    return URI.create("http://127.0.0.1:" + port + OutlookRoutes.PATH);
  }

  private HttpResponse<byte[]> ask(String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(address());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  /** A client of the stream. */
  private final class Follower implements AutoCloseable {
    private final Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    private final BufferedReader lines;

    Follower() throws IOException {
      socket.setSoTimeout(20_000);
      String request =
          "GET /v1/outlook HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      lines =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    /** The data of the next such event. */
    JsonNode next(String event) throws IOException {
      String line = lines.readLine();
      while (line != null && !line.equals("event: " + event)) {
        line = lines.readLine();
      }
      assertThat(line).as("an event before the end").isNotNull();
      return ApiJson.mapper().readTree(lines.readLine().substring("data: ".length()));
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
