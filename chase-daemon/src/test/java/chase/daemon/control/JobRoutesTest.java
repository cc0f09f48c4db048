package chase.daemon.control;

import static chase.daemon.control.ControlClient.await;
import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.control.ControlClient.Reply;
import chase.daemon.fixtures.TestDaemon;
import chase.zeus.engine.Event;
import chase.zeus.policy.EnergyOutlook;
import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobRoutesTest {
  private static final String JOBS = "/v1/jobs";
  private static final Instant NOON = TestDaemon.NOON;
  private final Vertx vertx = Vertx.vertx();
  private final TestDaemon daemon = new TestDaemon(vertx);
  private final ControlClient api;
  private final ControlServer server;

  JobRoutesTest(@TempDir Path directory) {
    Path socket = directory.resolve("chase.sock");
    api = new ControlClient(vertx, socket);
    server = daemon.server(socket);
  }

  @BeforeEach
  void open() {
    await(vertx.deployVerticle(server));
  }

  @AfterEach
  void close() {
    await(vertx.close());
  }

  private Reply post(String path, String body) {
    return api.call(HttpMethod.POST, path, body);
  }

  private String start(String body) {
    Reply reply = post(JOBS, body);
    assertThat(reply.status()).as(reply.toString()).isEqualTo(201);
    return reply.json().path("id").asText();
  }

  private Reply steps(String id, long steps) {
    return post(JOBS + "/" + id + "/steps", "{\"steps\":" + steps + "}");
  }

  /** Ten steps a second for the next minute. */
  private void measured(String id) {
    for (long reports = 0; reports <= 6; reports++) {
      assertThat(steps(id, 100 * reports).status()).isEqualTo(200);
      daemon.advance(reports < 6 ? Duration.ofSeconds(10) : Duration.ZERO);
    }
  }

  @Test
  void aJobRegistersReportsAndEnds() {
    Reply created =
        post(
            JOBS,
            "{\"name\":\"resnet\",\"gpus\":[\"0\"],\"batch_size\":256,\"slowdown_bound\":0.05}");
    assertThat(created.status()).isEqualTo(201);
    JsonNode job = created.json();
    String id = job.path("id").asText();
    assertThat(job.path("name").asText()).isEqualTo("resnet");
    assertThat(job.at("/gpus/0").asText()).isEqualTo(TestDaemon.FIRST.uuid());
    assertThat(job.path("policy").asText()).isEqualTo("budget:0.05");
    assertThat(job.path("throughput_source").asText()).isEmpty();
    assertThat(job.has("steps")).isFalse();

    Reply reported = steps(id, 100);
    assertThat(reported.status()).isEqualTo(200);
    assertThat(reported.json().path("steps").asLong()).isEqualTo(100);
    assertThat(reported.json().path("pause").asBoolean()).isFalse();
    assertThat(reported.json().path("limit_watts").asDouble()).isEqualTo(700);

    JsonNode running = api.get(JOBS + "/" + id).json();
    assertThat(running.path("steps").asLong()).isEqualTo(100);
    assertThat(running.path("throughput_source").asText()).isEqualTo("reported");
    assertThat(api.get(JOBS).json().size()).isEqualTo(1);
    assertThat(api.get("/v1/gpus/0").json().path("job").asText()).isEqualTo(id);

    Reply ended = api.call(HttpMethod.DELETE, JOBS + "/" + id, "");
    assertThat(ended.json().path("steps").asLong()).isEqualTo(100);
    assertThat(api.get(JOBS).json().size()).isZero();
    assertThat(steps(id, 200).error())
        .isEqualTo("410 job_ended: job " + id + " (resnet) was reported to have ended at " + NOON);
  }

  @Test
  void aJobWhoseSpeedIsKnownHasAnAccountOfItsBudget() {
    String id = start("{\"name\":\"a\",\"gpus\":[\"0\"],\"slowdown_bound\":0.05}");
    assertThat(api.get("/v1/gpus/0").json().path("reason").asText()).isEqualTo("measuring");
    measured(id);

    JsonNode job = api.get(JOBS + "/" + id).json();
    assertThat(job.path("full_power_steps_per_second").asDouble()).isEqualTo(10);
    assertThat(job.path("slowdown_ratio").asDouble(-1)).isZero();
    assertThat(job.path("slack_seconds").asDouble()).isEqualTo(3);
    assertThat(job.path("slack_ratio").asDouble()).isEqualTo(1);
    assertThat(api.get("/v1/gpus/0/explain").json().path("text").asText())
        .contains(
            "policy budget:0.05 plans this limit while CISO is at 412 gCO2/kWh (replayed)",
            "Job " + id + " (a) reports 600 steps and is 0.0 % slower than at full power.",
            "Of its budget, 3s (100.0 %) is left.",
            "Next, at ");
  }

  @Test
  void aDeadlineThatCannotBeMetIsShown() {
    String id =
        start(
            "{\"name\":\"a\",\"gpus\":[\"0\"],\"total_steps\":1000000,"
                + "\"deadline\":\"2026-11-23T13:00:00Z\"}");
    measured(id);
    JsonNode explained = api.get("/v1/gpus/0/explain").json();
    assertThat(explained.path("text").asText())
        .contains(
            "Its deadline until 2026-11-23T13:00:00Z cannot be met: at full power it comes"
                + " 1d2h46m40s late.");
    assertThat(explained.at("/power_limit/target_watts").asDouble()).isEqualTo(700);
    assertThat(explained.at("/job/slack_seconds").asDouble()).isNegative();
  }

  @Test
  void aDeferrableJobIsAskedToPauseInTheAnswerToItsReport() {
    Instant end = NOON.plus(Duration.ofHours(24));
    Instant clean = NOON.plus(Duration.ofHours(4));
    String id =
        start(
            "{\"name\":\"a\",\"gpus\":[\"0\"],\"total_steps\":100000,\"deferrable\":true,"
                + "\"releases_gpu\":true,\"deadline\":\"2026-11-23T20:00:00Z\"}");
    daemon.handle(
        new Event.OutlookChanged(
            new EnergyOutlook(
                List.of(
                    new EnergyOutlook.Slot(NOON.minusSeconds(3600), clean, 900),
                    new EnergyOutlook.Slot(clean, end, 10)),
                500,
                end),
            NOON));
    measured(id);

    JsonNode answer = steps(id, 600).json();
    assertThat(answer.path("pause").asBoolean()).isTrue();
    assertThat(Instant.parse(answer.path("until").asText())).isAfter(NOON);
    assertThat(api.get("/v1/gpus/0/explain").json().path("text").asText())
        .contains("It is asked to pause until ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"name\":\"a\" | 400 bad_json: the body is not JSON",
        "[] | 400 wrong_type: the body must be a JSON object, not an array",
        "{\"gpus\":[\"0\"]} | 400 missing_field: field 'name' is missing",
        "{\"name\":\"a\"} | 400 missing_field: field 'gpus' or 'pid' is missing: a job",
        "{\"name\":\"a\",\"gpus\":\"0\"} | 400 wrong_type: field 'gpus' must be an array of"
            + " strings, not a string",
        "{\"name\":\"a\",\"gpus\":[0]} | 400 wrong_type: field 'gpus' must be an array of strings,"
            + " not an array",
        "{\"name\":\"a\",\"gpus\":[]} | 422 bad_value: a job needs at least one GPU",
        "{\"name\":\"a\",\"gpus\":[\"7\"]} | 404 unknown_gpu: no GPU is called '7'",
        "{\"name\":\"a\",\"gpus\":[\"GPU-ffff\"]} | 404 unknown_gpu: no GPU is called 'GPU-ffff'",
        "{\"name\":\"a\",\"gpus\":[\"0\",\"GPU-6e8a0\"]} | 422 bad_value: GPU"
            + " GPU-6e8a0f6c-0000-4000-8000-000000000000 is named twice",
        "{\"name\":\" \",\"gpus\":[\"0\"]} | 422 bad_value: a job's name has 1 to 100 printable"
            + " characters",
        "{\"name\":\"a\",\"gpus\":[\"0\"],\"total_step\":9} | 400 unknown_field: unknown field"
            + " 'total_step'; did you mean 'total_steps'?",
        "{\"name\":\"a\",\"gpus\":[\"0\"],\"total_steps\":1.5} | 400 wrong_type: field"
            + " 'total_steps' must be a whole number, not 1.5",
        "{\"name\":\"a\",\"gpus\":[\"0\"],\"total_steps\":0} | 422 bad_value: total steps must be"
            + " above 0: 0",
        "{\"name\":\"a\",\"gpus\":[\"0\"],\"batch_size\":-1} | 422 bad_value: a batch size must be"
            + " above 0: -1",
        "{\"name\":\"a\",\"gpus\":[\"0\"],\"slowdown_bound\":-0.1} | 422 bad_value: a slowdown"
            + " bound must lie in 0 to 1 (100 %): -0.1",
        "{\"name\":\"a\",\"gpus\":[\"0\"],\"slowdown_bound\":1e999} | 422 bad_value: a slowdown"
            + " bound must lie in 0 to 1 (100 %): Infinity",
        "{\"name\":\"a\",\"gpus\":[\"0\"],\"slowdown_bound\":3} | 422 bad_value: a slowdown bound"
            + " must lie in 0 to 1 (100 %): 3; did you mean 3%?",
        "{\"name\":\"a\",\"gpus\":[\"0\"],\"slowdown_bound\":\"3\"} | 422 bad_value: a slowdown"
            + " bound must lie in 0 to 1 (100 %): 3; did you mean 3%?",
        "{\"name\":\"a\",\"gpus\":[\"0\"],\"slowdown_bound\":\"fast\"} | 422 bad_value: 'fast' is"
            + " not a number",
        "{\"name\":\"a\",\"gpus\":[\"0\"],\"slowdown_bound\":true} | 400 wrong_type: field"
            + " 'slowdown_bound' must be a number such as 0.03, or a string such as \"3%\", not a"
            + " boolean",
        "{\"name\":\"a\",\"gpus\":[\"0\"],\"deadline\":\"2026-11-24T00:00:00Z\"} | 422 bad_value: a"
            + " deadline can only be kept when the total of steps is known",
        "{\"name\":\"a\",\"gpus\":[\"0\"],\"total_steps\":9,\"deadline\":\"soon\"} | 422 bad_value:"
            + " field 'deadline': 'soon' is not a time such as 2026-11-23T18:00:00Z",
        "{\"name\":\"a\",\"gpus\":[\"0\"],\"total_steps\":9,\"deadline\":\"2026-11-23T12:00:00Z\"}"
            + " | 422 out_of_range: the deadline is over: 2026-11-23T12:00:00Z, now"
            + " 2026-11-23T12:00:00Z",
        "{\"name\":\"a\",\"gpus\":[\"0\"],\"deferrable\":1} | 400 wrong_type: field 'deferrable'"
            + " must be true or false, not a number",
        "{\"name\":\"a\",\"gpus\":[\"0\"],\"deferrable\":true} | 422 bad_value: a deferrable job"
            + " says what its GPUs draw while it rests",
        "{\"name\":\"a\",\"gpus\":[\"0\"],\"idle_watts\":70} | 422 bad_value: a deferrable job says"
            + " what its GPUs draw while it rests",
        "{\"name\":\"a\",\"gpus\":[\"0\"],\"deferrable\":true,\"idle_watts\":70,\"releases_gpu\":true}"
            + " | 422 bad_value: a job that releases its GPU has no \"idle_watts\"",
        "{\"name\":\"a\",\"gpus\":[\"0\"],\"deferrable\":true,\"idle_watts\":-1} | 422 bad_value: ",
        "{\"name\":\"a\",\"gpus\":[\"0\"],\"deferrable\":true,\"idle_watts\":70} | 422 bad_value: a"
            + " deferrable job needs a deadline",
      })
  void aBadJobIsRefusedByNameAndChangesNothing(String body, String error) {
    assertThat(post(JOBS, body).error()).startsWith(error);
    assertThat(api.get(JOBS).json().size()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{} | 400 missing_field: field 'steps' is missing",
        "{\"steps\":\"10\"} | 400 wrong_type: field 'steps' must be a whole number, not a string",
        "{\"steps\":1e30} | 400 wrong_type: field 'steps' must be a whole number, not 1.0E30",
        "{\"steps\":-1} | 422 out_of_range: a count of steps is never below 0: -1",
        "{\"steps\":99} | 409 conflict: job ",
      })
  void aBadReportIsRefusedAndChangesNothing(String body, String error) {
    String id = start("{\"name\":\"a\",\"gpus\":[\"0\"]}");
    steps(id, 100);
    assertThat(post(JOBS + "/" + id + "/steps", body).error()).startsWith(error);
    assertThat(api.get(JOBS + "/" + id).json().path("steps").asLong()).isEqualTo(100);
  }

  @Test
  void theSameCountAgainIsFine() {
    String id = start("{\"name\":\"a\",\"gpus\":[\"0\"]}");
    steps(id, 100);
    assertThat(steps(id, 100).status()).isEqualTo(200);
  }

  @Test
  void aGpuIsInOneJobOnly() {
    String id = start("{\"name\":\"a\",\"gpus\":[\"0\"]}");
    assertThat(post(JOBS, "{\"name\":\"b\",\"gpus\":[\"1\",\"0\"]}").error())
        .startsWith("409 conflict: GPU 0 (")
        .endsWith(" is in job " + id + " already; end that first");
  }

  @Test
  void aJobThatIsNotThereIsNamed() {
    String error =
        "404 unknown_job: no job 'x' runs here; it may have ended long ago or under an earlier"
            + " daemon";
    assertThat(api.get(JOBS + "/x").error()).startsWith(error);
    assertThat(steps("x", 1).error()).startsWith(error);
    assertThat(api.call(HttpMethod.DELETE, JOBS + "/x", "").error()).startsWith(error);
  }

  @Test
  void policiesAreChosenAndClearedForGpusAndJobs() {
    String id = start("{\"name\":\"a\",\"gpus\":[\"0\"]}");
    put("{\"policy\":\"fixed:600\",\"gpu\":\"0\"}");
    assertThat(target()).isEqualTo(600);
    put("{\"policy\":\"fixed:500\",\"job\":\"" + id + "\"}");
    assertThat(target()).isEqualTo(500);

    JsonNode all = api.get("/v1/policy").json();
    assertThat(all.path("policy").asText()).isEqualTo("chase:0.24");
    assertThat(all.path("gpus").path(TestDaemon.FIRST.uuid()).asText()).isEqualTo("fixed:600");
    assertThat(all.path("jobs").path(id).asText()).isEqualTo("fixed:500");

    api.call(HttpMethod.DELETE, "/v1/policy?job=" + id, "");
    assertThat(target()).isEqualTo(600);
    api.call(HttpMethod.DELETE, "/v1/policy?gpu=0", "");
    assertThat(api.get("/v1/gpus/0").json().path("policy").asText()).isEqualTo("chase:0.24");
  }

  private void put(String body) {
    Reply reply = api.call(HttpMethod.PUT, "/v1/policy", body);
    assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
  }

  private double target() {
    return api.get("/v1/gpus/0").json().at("/power_limit/target_watts").asDouble();
  }

  @Test
  void policiesForNothingAreRefused() {
    assertThat(policyError("{\"policy\":\"max\",\"gpu\":\"7\"}")).startsWith("404 unknown_gpu");
    assertThat(policyError("{\"policy\":\"max\",\"job\":\"x\"}")).startsWith("404 unknown_job");
    assertThat(policyError("{\"policy\":\"max\",\"gpu\":\"0\",\"job\":\"x\"}"))
        .isEqualTo("422 bad_value: a policy is for a GPU or for a job, not for both");
  }

  private String policyError(String body) {
    return api.call(HttpMethod.PUT, "/v1/policy", body).error();
  }
}
