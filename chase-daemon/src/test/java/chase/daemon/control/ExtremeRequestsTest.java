package chase.daemon.control;

import static chase.daemon.control.ControlClient.await;
import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.control.ControlClient.Reply;
import chase.daemon.fixtures.TestDaemon;
import chase.daemon.fixtures.UnixHttp;
import chase.daemon.ledger.LedgerKeeper;
import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every field of a request takes every value that JSON can write, and none ends the daemon. */
class ExtremeRequestsTest {
  private static final List<String> VALUES =
      List.of(
          "0",
          "-0.0",
          "-1",
          "1e-320",
          "4.9e-324",
          "1e300",
          "-1e308",
          "1e400",
          "2147483647",
          "-2147483648",
          "9223372036854775807",
          "-9223372036854775808",
          "9223372036854775808",
          "1e18",
          "NaN",
          "null",
          "true",
          "[]",
          "{}",
          "\"\"",
          "\"1e-320\"",
          "\"999999999d\"",
          "\"P106751991167300DT24H\"",
          "\"+1000000000-12-31T23:59:59.999999999Z\"",
          "\"-1000000000-01-01T00:00:00Z\"",
          "\"9999-12-31T23:59:59Z\"",
          "\"fixed:1e-320\"",
          "\"fixed:1e300\"",
          "\"chase:0.5:1e-320\"",
          "\"chase:1e-320\"",
          "\"budget:1e-320\"",
          "\"budget:0.9999999999999999\"",
          "\"zeus:1e-320\"",
          "{\"loss\": 1e-320, \"x\": -1e308}");

  private final Vertx vertx = Vertx.vertx();
  private final TestDaemon daemon = new TestDaemon(vertx);
  private final LedgerKeeper ledger;
  private final ControlClient api;
  private final ControlServer server;
  private final Path socket;

  ExtremeRequestsTest(@TempDir Path directory) {
    socket = directory.resolve("chase.sock");
    api = new ControlClient(vertx, socket);
    ledger = daemon.ledger(directory);
    server = daemon.server(ledger, socket);
  }

  @BeforeEach
  void open() {
    await(vertx.deployVerticle(ledger));
    await(vertx.deployVerticle(server));
  }

  @AfterEach
  void close() {
    await(vertx.close());
  }

  @Test
  void aBodyThatCannotBeDecodedIsABadRequestAndNoCommand() throws Exception {
    String pause =
        "POST /v1/pause HTTP/1.1\r\nHost: chase\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nx\r\n";
    assertThat(UnixHttp.firstLine(socket, pause)).isEqualTo("HTTP/1.1 400 Bad Request");
    assertThat(daemon.snapshot().paused()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PUT /v1/policy {\"policy\": VALUE}",
        "PUT /v1/policy {\"policy\": \"max\", \"gpu\": VALUE}",
        "PUT /v1/policy {\"policy\": \"max\", \"job\": VALUE}",
        "PUT /v1/gpus/0/override {\"limit_watts\": VALUE, \"for\": \"30m\"}",
        "PUT /v1/gpus/0/override {\"limit_watts\": 500, \"for\": VALUE}",
        "POST /v1/jobs {\"gpus\": [\"0\"], \"name\": VALUE}",
        "POST /v1/jobs {\"gpus\": [VALUE], \"name\": \"a\"}",
        "POST /v1/jobs {\"pid\": VALUE, \"name\": \"a\"}",
        "POST /v1/jobs {\"gpus\": [\"0\"], \"name\": \"a\", \"batch_size\": VALUE}",
        "POST /v1/jobs {\"gpus\": [\"0\"], \"name\": \"a\", \"total_steps\": VALUE}",
        "POST /v1/jobs {\"gpus\": [\"0\"], \"name\": \"a\", \"slowdown_bound\": VALUE}",
        "POST /v1/jobs {\"gpus\": [\"0\"], \"name\": \"a\", \"labels\": VALUE}",
        "POST /v1/jobs {\"gpus\": [\"0\"], \"name\": \"a\", \"key\": VALUE}",
        "POST /v1/jobs {\"gpus\": [\"0\"], \"name\": \"a\", \"total_steps\": 100000,"
            + " \"deadline\": VALUE}",
        "POST /v1/jobs {\"gpus\": [\"0\"], \"name\": \"a\", \"total_steps\": VALUE,"
            + " \"deadline\": \"2026-11-24T12:00:00Z\"}",
        "POST /v1/jobs {\"gpus\": [\"0\"], \"name\": \"a\", \"total_steps\": 100000, \"deadline\":"
            + " \"2026-11-24T12:00:00Z\", \"deferrable\": true, \"idle_watts\": VALUE}",
        "POST /v1/jobs/JOB/steps {\"steps\": VALUE}",
        "POST /v1/jobs/JOB/steps {\"steps\": 50, \"metrics\": VALUE}",
        "GET /v1/report?from=VALUE",
        "GET /v1/report?from=2026-11-23T00:00:00Z&to=VALUE",
        "GET /v1/report?by=VALUE",
      })
  void noValueIsMoreThanRefused(String request) {
    String[] parts = request.split(" ", 3);
    for (String value : VALUES) {
      String job = job();
      String path = parts[1].replace("JOB", job).replace("VALUE", encoded(value));
      String body = parts.length > 2 ? parts[2].replace("VALUE", value) : "";
      Reply reply = api.call(HttpMethod.valueOf(parts[0]), path, body);
      assertThat(reply.status()).as("%s with %s: %s", request, value, reply).isLessThan(500);
      // What was taken must also be bearable later, at the next decisions and looks.
      work();
      for (String look : List.of("/v1/status", "/v1/gpus", "/v1/jobs", "/v1/gpus/0/explain")) {
        Reply after = api.get(look);
        assertThat(after.status()).as("%s after %s with %s", look, request, value).isEqualTo(200);
      }
      api.get("/v1/jobs")
          .json()
          .forEach(one -> api.call(HttpMethod.DELETE, "/v1/jobs/" + one.path("id").asText(), ""));
    }
  }

  /** Every job goes on for a minute, and one more passes without a word. */
  private void work() {
    JsonNode jobs = api.get("/v1/jobs").json();
    for (int reports = 1; reports <= 6; reports++) {
      daemon.advanceUsing(4_000, Duration.ofSeconds(10));
      for (JsonNode job : jobs) {
        long steps = 60 + 100L * reports;
        Reply counted =
            api.call(
                HttpMethod.POST,
                "/v1/jobs/" + job.path("id").asText() + "/steps",
                "{\"steps\": " + steps + "}");
        assertThat(counted.status()).as(counted.toString()).isLessThan(500);
      }
    }
    daemon.advance(Duration.ofMinutes(1));
  }

  /** A job on the second GPU that has reported once. */
  private String job() {
    Reply created = api.call(HttpMethod.POST, "/v1/jobs", "{\"name\": \"old\", \"gpus\": [\"1\"]}");
    assertThat(created.status()).as(created.toString()).isEqualTo(201);
    String id = created.json().path("id").asText();
    api.call(HttpMethod.POST, "/v1/jobs/" + id + "/steps", "{\"steps\": 10}");
    return id;
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }
}
