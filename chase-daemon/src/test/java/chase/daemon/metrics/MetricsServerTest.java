package chase.daemon.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MetricsServerTest {
  private final Vertx vertx = Vertx.vertx();
  private final MetricsServer server = server();
  private final HttpClient client = HttpClient.newHttpClient();
  private int port;

  private MetricsServer server() {
    return new MetricsServer(
        vertx, TestScrapes::scrape, new DriverCallMetrics(), TestScrapes.requests());
  }

  @BeforeEach
  void listen() throws Exception {
    port = await(server.listen("127.0.0.1", 0));
  }

  @AfterEach
  void close() throws Exception {
    client.close();
    await(server.close());
    await(vertx.close());
  }

  @Test
  void aScrapeShowsTheSnapshot() throws Exception {
    HttpResponse<String> answer = ask("GET", "/metrics?whatever");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain");
    assertThat(answer.body()).contains("chase_gpu_power_watts{uuid=\"GPU-aaaa\"} 398.25\n");
  }

  @Test
  void theRootShowsWhatThisIsAndWhereTheMetricsAre() throws Exception {
    HttpResponse<String> answer = ask("GET", "/");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("Chase").contains("/metrics");
  }

  @Test
  void otherPathsAreNotFound() throws Exception {
    assertThat(ask("GET", "/v1/policy").statusCode()).isEqualTo(404);
  }

  @Test
  void aHeadHasTheLengthAndNoBody() throws Exception {
    HttpResponse<String> answer = ask("HEAD", "/metrics");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValueAsLong("Content-Length").orElseThrow()).isPositive();
    assertThat(answer.body()).isEmpty();
  }

  @Test
  void nothingCanBeWritten() throws Exception {
    HttpResponse<String> answer = ask("POST", "/metrics");
    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).contains("GET, HEAD");
  }

  @Test
  void anAddressInUseIsNamed() {
    Future<Integer> second = server().listen("127.0.0.1", port);
    assertThat(second.toCompletionStage().toCompletableFuture())
        .failsWithin(10, TimeUnit.SECONDS)
        .withThrowableOfType(Exception.class)
        .havingCause()
        .isInstanceOf(IOException.class)
        .withMessageStartingWith("metrics cannot listen on 127.0.0.1:" + port + ": ");
  }

  private HttpResponse<String> ask(String method, String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .method(method, BodyPublishers.noBody())
            .build();
    return client.send(request, BodyHandlers.ofString());
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }
}
