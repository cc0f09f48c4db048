package chase.daemon.batchsize;

import static chase.daemon.batchsize.ZeusClient.job;
import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.batchsize.ZeusClient.Reply;
import chase.daemon.batchsize.ZeusClient.Trained;
import chase.zeus.batchsize.Trial;
import chase.zeus.unit.Joules;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Zeus's batch-size API over TCP, whichever database is behind it. */
abstract class ZeusRoutesContract {
  private TestBatchSizes host;
  private ZeusClient zeus;

  /** An empty database, the same one for each call of one test. */
  abstract StudyDatabase storage();

  @BeforeEach
  void open() {
    host = new TestBatchSizes(storage());
    zeus = host.zeus;
  }

  @AfterEach
  void close() {
    host.close();
  }

  @Test
  void aNewJobIs201AndTheSameJobAgainIs200() {
    Reply created = zeus.register(job("bert"));
    assertThat(created.status()).isEqualTo(201);
    assertThat(created.json()).isEqualTo(job("bert"));
    Reply again = zeus.register(job("bert"));
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.json()).isEqualTo(created.json());
  }

  @Test
  void aJobWithoutAnIdIsNamedAfterItsPrefixAndDefaultsAreZeus() {
    String least =
        """
        {"job_id_prefix":"bert","batch_sizes":[64,16,32],"default_batch_size":32,
         "max_power":300,"number_of_gpus":1,"gpu_model":"A40","some_future_field":[1]}
        """;
    Reply created = zeus.call("POST", "/jobs", least);
    assertThat(created.status()).isEqualTo(201);
    JsonNode body = created.json();
    assertThat(body.path("job_id").asText()).matches("bert-[0-9a-f]{8}");
    assertThat(body.path("batch_sizes").toString()).isEqualTo("[16,32,64]");
    assertThat(body.path("eta_knob").asDouble()).isEqualTo(0.5);
    assertThat(body.path("beta_knob").asDouble()).isEqualTo(2);
    assertThat(body.path("target_metric").asDouble()).isEqualTo(0.5);
    assertThat(body.path("higher_is_better_metric").asBoolean()).isTrue();
    assertThat(body.path("max_epochs").asInt()).isEqualTo(100);
    assertThat(body.path("num_pruning_rounds").asInt()).isEqualTo(2);
    assertThat(body.path("mab_num_explorations").asInt()).isEqualTo(2);
    assertThat(body.path("mab_seed").isNull()).isTrue();
    Reply other = zeus.call("POST", "/jobs", least);
    assertThat(other.status()).isEqualTo(201);
    assertThat(other.json().path("job_id")).isNotEqualTo(body.path("job_id"));
  }

  @ParameterizedTest
  @CsvSource({
    "target_metric, 0.8",
    "eta_knob, 0.6",
    "beta_knob, 3",
    "max_epochs, 11",
    "mab_seed, 8",
    "max_power, 250",
    "number_of_gpus, 2"
  })
  void aJobThatDiffersIs409AndTheFirstStays(String field, double value) {
    zeus.register(job("bert"));
    ObjectNode other = job("bert");
    if (value == Math.rint(value)) {
      other.put(field, (int) value);
    } else {
      other.put(field, value);
    }
    assertThat(zeus.register(other).message())
        .isEqualTo("409: a recurring job 'bert' is registered already, and is described otherwise");
    assertThat(zeus.register(job("bert")).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "job_id; \"other-1\"; value_error",
        "job_id_prefix; null; type_error.none.not_allowed",
        "batch_sizes; []; value_error",
        "batch_sizes; [32,0]; value_error",
        "batch_sizes; [32,\"a\"]; type_error.list",
        "default_batch_size; 48; value_error",
        "default_batch_size; \"many\"; type_error.integer",
        "eta_knob; 1.5; value_error.number.not_le",
        "eta_knob; NaN; value_error",
        "beta_knob; 0; value_error.number.not_gt",
        "target_metric; {}; type_error.float",
        "higher_is_better_metric; 7; type_error.bool",
        "max_epochs; 0; value_error.number.not_gt",
        "num_pruning_rounds; -1; value_error.number.not_ge",
        "max_power; 1e300; value_error.number.not_le",
        "mab_num_explorations; -1; value_error.number.not_ge",
        "mab_seed; \"1.5\"; type_error.integer",
        "max_power; 0; value_error.number.not_gt",
        "number_of_gpus; 0; value_error.number.not_gt",
        "gpu_model; \"\"; value_error"
      })
  void anInvalidFieldIsNamedIn422(String field, String value, String type) {
    String text =
        job("bert")
            .toString()
            .replaceFirst(
                "\"%s\":(\\[[^]]*]|\"[^\"]*\"|[^,}]*)".formatted(field),
                "\"%s\":%s".formatted(field, value));
    Reply refused = zeus.call("POST", "/jobs", text);
    assertThat(refused.status()).as(refused.toString()).isEqualTo(422);
    JsonNode first = refused.json().at("/detail/0");
    assertThat(first.path("loc").toString()).isEqualTo("[\"body\",\"%s\"]".formatted(field));
    assertThat(first.path("type").asText()).isEqualTo(type);
    assertThat(first.path("msg").asText()).isNotEmpty();
    assertThat(zeus.call("GET", "/jobs/batch_size?job_id=bert", "").status()).isEqualTo(400);
  }

  @Test
  void everyMissingFieldIsReported() {
    Reply refused = zeus.call("POST", "/report", "{\"job_id\":\"bert\"}");
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.json().path("detail").findValuesAsText("msg"))
        .hasSize(6)
        .containsOnly("field required");
    assertThat(zeus.call("POST", "/jobs", "").json().at("/detail/0").toString())
        .isEqualTo(
            "{\"loc\":[\"body\"],\"msg\":\"field required\",\"type\":\"value_error.missing\"}");
    assertThat(zeus.call("POST", "/jobs", "{").json().at("/detail/0/type").asText())
        .isEqualTo("value_error.jsondecode");
    assertThat(zeus.call("POST", "/jobs", "[]").json().at("/detail/0/type").asText())
        .isEqualTo("type_error.dict");
    assertThat(zeus.call("GET", "/jobs/batch_size", "").json().at("/detail/0/loc").toString())
        .isEqualTo("[\"query\",\"job_id\"]");
  }

  @Test
  void unknownPathsAndMethodsAreReportedAsByFastApi() {
    assertThat(zeus.call("GET", "/nothing", "")).isEqualTo(detail(404, "Not Found"));
    assertThat(zeus.call("PUT", "/jobs", "{}")).isEqualTo(detail(405, "Method Not Allowed"));
    Reply large = zeus.call("POST", "/jobs", " ".repeat(64 * 1024 + 1));
    assertThat(large.message()).startsWith("413: a body has at most");
  }

  @Test
  void textThatADatabaseCannotHoldIsNoDatabaseFailure() {
    ObjectNode job = job("bert");
    job.put("job_id", "bert\u0000");
    assertThat(zeus.register(job).json().at("/detail/0/loc/1").asText()).isEqualTo("job_id");
    assertThat(zeus.call("GET", "/jobs/batch_size?job_id=%00", "").status()).isEqualTo(400);
    assertThat(zeus.call("DELETE", "/jobs?job_id=%00", "").status()).isEqualTo(404);
    String odd =
        job("bert").put("gpu_model", "A40 \u00e9").toString().replace("A40", "\\ud800\\u0000");
    assertThat(zeus.call("POST", "/jobs", odd).status()).isEqualTo(201);
    assertThat(zeus.call("POST", "/jobs", odd).status()).isEqualTo(200);
    assertThat(host.service.counts().failures()).isZero();
  }

  @Test
  void aWebPageMayNotUseIt() {
    Reply refused =
        zeus.call("POST", "/jobs", job("bert").toString(), "Origin", "https://example.com");
    assertThat(refused.message()).isEqualTo("403: web pages may not use this API");
    zeus.register(job("bert"));
    // An image in a page: no Origin, and a trial would begin.
    assertThat(
            zeus.call("GET", "/jobs/batch_size?job_id=bert", "", "Sec-Fetch-Site", "cross-site")
                .status())
        .isEqualTo(403);
    assertThat(zeus.call("DELETE", "/jobs?job_id=bert", "").status()).isEqualTo(200);
    assertThat(zeus.call("DELETE", "/jobs?job_id=bert", "").status()).isEqualTo(404);
  }

  private static Reply detail(int status, String detail) {
    return new Reply(status, JsonNodeFactory.instance.objectNode().put("detail", detail));
  }

  @Test
  void unknownJobsAndTrialsHaveZeussStatuses() {
    Trained unknown = new Trained("bert", 32, 1);
    assertThat(zeus.call("GET", "/jobs/batch_size?job_id=bert", "").message())
        .isEqualTo("400: no recurring job is called 'bert'");
    assertThat(zeus.call("DELETE", "/jobs?job_id=bert", "").status()).isEqualTo(404);
    assertThat(zeus.report(unknown, 1, 100, 0.5).status()).isEqualTo(400);
    assertThat(zeus.end(unknown).status()).isEqualTo(404);
    zeus.register(job("bert"));
    assertThat(zeus.report(unknown, 1, 100, 0.5).message()).isEqualTo("400: 'bert' has no trial 1");
    assertThat(zeus.end(unknown).message()).isEqualTo("404: 'bert' has no trial 1");
    Trained trial = zeus.next("bert");
    Trained other = new Trained("bert", 64, trial.number());
    assertThat(zeus.report(other, 1, 100, 0.5).status()).isEqualTo(400);
    assertThat(zeus.end(other).status()).isEqualTo(404);
  }

  @Test
  void aDeletedJobIsGoneWithItsTrials() {
    zeus.register(job("bert"));
    zeus.next("bert");
    Reply gone = zeus.call("DELETE", "/jobs?job_id=bert", "");
    assertThat(gone.status()).isEqualTo(200);
    assertThat(gone.json().isNull()).isTrue();
    assertThat(zeus.register(job("bert")).status()).isEqualTo(201);
    assertThat(zeus.next("bert").number()).isEqualTo(1);
  }

  @Test
  void aTrialGoesOnUntilItReachesTheTarget() {
    zeus.register(job("bert"));
    Trained trial = zeus.next("bert");
    assertThat(trial).isEqualTo(new Trained("bert", 32, 1));
    assertVerdict(zeus.report(trial, 1, 1000, 0.5), false, false);
    Reply done = zeus.report(trial, 2, 2000, 0.95);
    assertVerdict(done, true, true);
    assertThat(done.json().path("message").asText()).isEqualTo("the target is reached.");
    assertVerdict(zeus.report(trial, 3, 3000, 0.1), true, true);
  }

  static void assertVerdict(Reply reply, boolean stop, boolean converged) {
    assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
    assertThat(reply.json().path("stop_train").booleanValue()).isEqualTo(stop);
    assertThat(reply.json().path("converged").booleanValue()).isEqualTo(converged);
    assertThat(reply.json().fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("stop_train", "converged", "message");
  }

  @Test
  void aTrialEndsAfterItsLastEpochOrWhenItCostsTooMuch() {
    zeus.register(job("bert"));
    Trained first = zeus.next("bert");
    assertVerdict(zeus.report(first, 10, 9000, 0.5), true, false);
    zeus.register(job("gpt"));
    zeus.report(zeus.next("gpt"), 1, 1000, 0.95);
    Trained second = zeus.next("gpt");
    assertVerdict(zeus.report(second, 1, 1500, 0.5), true, false);
  }

  @Test
  void theSameReportAgainChangesNothing() {
    zeus.register(job("bert"));
    Trained trial = zeus.next("bert");
    assertVerdict(zeus.report(trial, 1, 1000, 0.5), false, false);
    assertVerdict(zeus.report(trial, 1, 1000, 0.5), false, false);
    assertThat(trial(1).usage().energy()).isEqualTo(new Joules(1000));
    assertVerdict(zeus.report(trial, 2, 2000, 0.95), true, true);
    assertVerdict(zeus.report(trial, 2, 2000, 0.95), true, true);
    assertThat(trial(1).usage().energy()).isEqualTo(new Joules(2000));
  }

  private Trial trial(int number) {
    return TestBatchSizes.await(host.service.find("bert")).trial(number);
  }

  @Test
  void aProcessThatReportsLateOrLessEndsNoTraining() {
    zeus.register(job("bert"));
    Trained trial = zeus.next("bert");
    assertVerdict(zeus.report(trial, 2, 1000, 0.5), false, false);
    assertVerdict(zeus.report(trial, 1, 490, 0.5), false, false);
    assertVerdict(zeus.report(trial, 3, 999, 0.5), false, false);
    assertThat(trial(1).epochs()).isEqualTo(3);
    assertThat(trial(1).usage().energy()).isEqualTo(new Joules(1000));
    assertVerdict(zeus.report(trial, 2, 980, 0.95), true, true);
    assertVerdict(zeus.report(trial, 3, 1500, 0.5), true, true);
  }

  @ParameterizedTest
  @CsvSource({
    "10, 1000, NaN",
    "10, 1000, -Infinity",
    "NaN, 1000, 0.5",
    "10, NaN, 0.5",
    "10, Infinity, 0.5",
    "-1, 1000, 0.5",
    "10, -5, 0.5",
    "1e300, 1000, 0.5",
    "10, 1e300, 0.5",
    "0, 0, 0.5"
  })
  void implausibleFiguresEndNoTraining(String seconds, String joules, String metric) {
    zeus.register(job("bert"));
    Trained trial = zeus.next("bert");
    zeus.report(trial, 1, 1000, 0.5);
    assertVerdict(zeus.report(trial, 2, seconds, joules, metric), false, false);
    assertThat(trial(1).isRunning()).isTrue();
    assertVerdict(zeus.report(trial, 3, 3000, 0.95), true, true);
    assertThat(trial(1).usage().energy()).isEqualTo(new Joules(3000));
  }

  @Test
  void aTrialThatIsNeverMeasuredEndsAtItsTargetAndChangesNoPrediction() {
    zeus.register(job("bert"));
    Trained trial = zeus.next("bert");
    assertVerdict(zeus.report(trial, 1, "1", "NaN", "0.5"), false, false);
    assertVerdict(zeus.report(trial, 2, "2", "NaN", "0.95"), true, true);
    assertThat(trial(1).status()).isEqualTo(Trial.Status.FAILED);
    Trained second = zeus.next("bert");
    assertVerdict(zeus.report(second, 10, "2", "NaN", "0.5"), true, false);
    assertThat(zeus.report(new Trained("bert", 32, 9), 1, "1", "NaN", "0.5").status())
        .isEqualTo(400);
  }

  @Test
  void aTrialWhoseClientEndsItHasFailedAndEndingItAgainChangesNothing() {
    zeus.register(job("bert"));
    Trained trial = zeus.next("bert");
    assertThat(zeus.end(trial).json().isNull()).isTrue();
    assertThat(zeus.end(trial).status()).isEqualTo(200);
    assertVerdict(zeus.report(trial, 1, 1000, 0.95), true, false);
    Trained done = zeus.next("bert");
    zeus.report(done, 1, 1000, 0.95);
    assertThat(zeus.end(done).status()).isEqualTo(200);
    assertThat(trial(2).status()).isEqualTo(Trial.Status.REACHED);
  }

  @Test
  void aSilentTrialCountsAsFailedUntilItReports() {
    zeus.register(job("bert"));
    Trained trial = zeus.next("bert");
    host.advance(TestBatchSizes.SILENCE.plus(Duration.ofSeconds(1)));
    assertThat(trial(1).status()).isEqualTo(Trial.Status.FAILED);
    assertVerdict(zeus.report(trial, 1, 1000, 0.5), false, false);
    assertThat(trial(1).isRunning()).isTrue();
  }
}
