package chase.daemon.control;

import static chase.daemon.control.ControlClient.await;
import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.control.ControlClient.Reply;
import chase.daemon.fixtures.TestDaemon;
import chase.daemon.host.HostProcess;
import chase.daemon.host.ProcessTable;
import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How jobs become known, over the socket. */
class JobRegistrationTest {
  private static final String JOBS = "/v1/jobs";
  private static final long SELF = ProcessHandle.current().pid();

  private final Vertx vertx = Vertx.vertx();
  private final TestDaemon daemon = new TestDaemon(vertx);
  private final Path socket;
  private final ControlClient api;
  private final ControlServer server;

  JobRegistrationTest(@TempDir Path directory) {
    socket = directory.resolve("chase.sock");
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

  private Reply post(String body) {
    return api.call(HttpMethod.POST, JOBS, body);
  }

  private Reply report(String id, String body) {
    return api.call(HttpMethod.POST, JOBS + "/" + id + "/steps", body);
  }

  private String start(String body) {
    Reply reply = post(body);
    assertThat(reply.status()).as(reply.toString()).isEqualTo(201);
    return reply.json().path("id").asText();
  }

  private static HostProcess process(long pid) {
    return new ProcessTable(ProcessTable.SYSTEM).find(pid).orElseThrow();
  }

  private void computes(long pid) {
    daemon.setProcesses(Map.of(TestDaemon.FIRST, List.of(process(pid))));
  }

  @Test
  void aJobHasTheLabelsItNamesAndTheUserThatTheKernelNames() {
    JsonNode job =
        post("{\"name\":\"a\",\"gpus\":[\"0\"],\"labels\":{\"team\":\"vision\",\"exp\":\"7\"}}")
            .json();
    assertThat(job.path("origin").asText()).isEqualTo("registered");
    assertThat(job.path("user").asText()).isEqualTo(process(SELF).user());
    assertThat(job.path("labels").toString()).isEqualTo("{\"exp\":\"7\",\"team\":\"vision\"}");
  }

  @Test
  void aJobThatNamesItsProcessHasTheGpusOnWhichThatComputes() {
    computes(SELF);
    JsonNode job = post("{\"name\":\"a\",\"pid\":" + SELF + "}").json();
    assertThat(job.at("/gpus/0").asText()).isEqualTo(TestDaemon.FIRST.uuid());
    assertThat(job.path("gpus").size()).isEqualTo(1);
    assertThat(job.path("user").asText()).isEqualTo(process(SELF).user());
  }

  @Test
  void whatAProcessStartedComputesForIt() throws Exception {
    Process child = new ProcessBuilder("sleep", "60").start();
    try {
      computes(child.pid());
      assertThat(start("{\"name\":\"a\",\"pid\":" + SELF + "}")).isNotEmpty();
    } finally {
      child.destroyForcibly().waitFor();
    }
  }

  @Test
  void aProcessComputesWithTheOneThatItComesFrom() throws Exception {
    Process child = new ProcessBuilder("sleep", "60").start();
    try {
      computes(SELF);
      assertThat(start("{\"name\":\"a\",\"pid\":" + child.pid() + "}")).isNotEmpty();
    } finally {
      child.destroyForcibly().waitFor();
    }
  }

  @Test
  void aProcessWithoutGpuIsRefused() {
    assertThat(post("{\"name\":\"a\",\"pid\":" + SELF + "}").error())
        .isEqualTo(
            "422 no_gpus: no GPU shows process "
                + SELF
                + ", or one that it started or comes from; it may not have begun to compute, or the"
                + " driver does not show it: name the GPUs in 'gpus'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "\"pid\":0 | 422 bad_value: field 'pid': there is no process 0 to be seen",
        "\"pid\":-4 | 422 bad_value: field 'pid': there is no process -4 to be seen",
        "\"pid\":1 | 422 bad_value: field 'pid': there is no process 1 to be seen",
        "\"pid\":99999999 | 422 bad_value: field 'pid': there is no process 99999999 to be seen",
        "\"pid\":\"7\" | 400 wrong_type: field 'pid' must be a whole number, not a string",
        "\"pid\":1.5 | 400 wrong_type: field 'pid' must be a whole number, not 1.5",
        "\"gpus\":[\"0\"],\"labels\":[] | 400 wrong_type: field 'labels' must be an object, not an"
            + " array",
        "\"gpus\":[\"0\"],\"labels\":null | 400 wrong_type: field 'labels' must be an object, not"
            + " null",
        "\"gpus\":[\"0\"],\"labels\":{\"team\":7} | 422 bad_value: label 'team' must be a string,"
            + " not a number",
        "\"gpus\":[\"0\"],\"labels\":{\"te am\":\"x\"} | 422 bad_value: label 'te am': a key has 1"
            + " to 63 letters",
        "\"gpus\":[\"0\"],\"labels\":{\"a\":\"x\",\"a\":\"y\"} | 400 bad_json: the body is not"
            + " JSON: line 1, column 47: Duplicate field 'a'",
        "\"gpus\":[\"0\"],\"key\":\"\" | 422 bad_value: a registration's key has 1 to 100 printable"
            + " characters",
        "\"gpus\":[\"0\"],\"key\":7 | 400 wrong_type: field 'key' must be a string, not a number",
      })
  void aBadRegistrationIsRefusedByNameAndChangesNothing(String fields, String error) {
    assertThat(post("{\"name\":\"a\"," + fields + "}").error()).startsWith(error);
    assertThat(api.get(JOBS).json().size()).isZero();
  }

  @Test
  void aJobMayNameItsGpusAndTheProcessWithWhichItEnds() throws Exception {
    Process process = new ProcessBuilder("sleep", "60").start();
    String id = start("{\"name\":\"a\",\"gpus\":[\"0\"],\"pid\":" + process.pid() + "}");
    process.destroyForcibly().waitFor();
    Awaitility.await().until(() -> api.get(JOBS).json().isEmpty());
    assertThat(report(id, "{\"steps\":1}").error()).startsWith("410 job_ended");
  }

  @Test
  void aJobThatNamedItsProcessNeedNotReport() {
    start("{\"name\":\"a\",\"gpus\":[\"0\"],\"pid\":" + SELF + "}");
    daemon.advance(Duration.ofDays(3));
    assertThat(api.get(JOBS).json().size()).isEqualTo(1);
  }

  @Test
  void aJobIsFoundByItsNameWhereNoOtherHasIt() {
    String id = start("{\"name\":\"resnet\",\"gpus\":[\"0\"]}");
    assertThat(api.get(JOBS + "/resnet").json().path("id").asText()).isEqualTo(id);
    assertThat(api.get(JOBS + "/resnat").error())
        .startsWith("404 unknown_job: no job 'resnat'")
        .endsWith("did you mean 'resnet'?");
    assertThat(api.call(HttpMethod.DELETE, JOBS + "/resnet", "").status()).isEqualTo(200);
  }

  @Test
  void aRepeatedRegistrationIsTheSameJob() {
    String body = "{\"name\":\"a\",\"gpus\":[\"0\"],\"total_steps\":9,\"key\":\"7d9c\"}";
    String id = start(body);
    Reply again = post(body);
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.json().path("id").asText()).isEqualTo(id);
    assertThat(api.get(JOBS).json().size()).isEqualTo(1);
  }

  @Test
  void aProcessThatRepeatsItsRegistrationIsTheSameJobWhereverItComputesByThen() {
    computes(SELF);
    String body = "{\"name\":\"a\",\"pid\":" + SELF + ",\"key\":\"7d9c\"}";
    String id = start(body);
    daemon.setProcesses(Map.of());
    Reply again = post(body);
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.json().path("id").asText()).isEqualTo(id);
  }

  @Test
  void aKeyThatIsAnotherJobsIsRefusedWithWhatDiffers() {
    String id = start("{\"name\":\"a\",\"gpus\":[\"0\"],\"total_steps\":9,\"key\":\"7d9c\"}");
    assertThat(post("{\"name\":\"b\",\"gpus\":[\"0\"],\"total_steps\":8,\"key\":\"7d9c\"}").error())
        .isEqualTo(
            "409 conflict: key '7d9c' is that of job "
                + id
                + ", which registered with another name, total_steps");
  }

  @Test
  void theKeyOfAJobThatHasEndedIsFree() {
    String body = "{\"name\":\"a\",\"gpus\":[\"0\"],\"key\":\"7d9c\"}";
    String id = start(body);
    api.call(HttpMethod.DELETE, JOBS + "/" + id, "");
    assertThat(start(body)).isNotEqualTo(id);
  }

  @Test
  void withoutAKeyTheSameAgainIsAnotherJobAndTheGpuIsTaken() {
    String id = start("{\"name\":\"a\",\"gpus\":[\"0\"]}");
    assertThat(post("{\"name\":\"a\",\"gpus\":[\"0\"]}").error())
        .startsWith("409 conflict: GPU 0 ")
        .contains("is in job " + id + " already");
  }

  /** The client gave up before it was answered, and will never say the job's end. */
  @Test
  void aJobWhoseClientIsGoneBeforeTheAnswerIsEnded() throws IOException {
    Promise<Void> release = daemon.holdCommands();
    String body = "{\"name\":\"a\",\"gpus\":[\"0\"]}";
    try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      client.connect(UnixDomainSocketAddress.of(socket));
      client.write(
          ByteBuffer.wrap(
              ("POST /v1/jobs HTTP/1.1\r\nHost: chase\r\nContent-Length: "
                      + body.length()
                      + "\r\n\r\n"
                      + body)
                  .getBytes(StandardCharsets.US_ASCII)));
      Awaitility.await().until(daemon::isHolding);
    }
    release.complete();
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> daemon.snapshot().ended().size() == 1);
    assertThat(api.get(JOBS).json().size()).isZero();
  }

  @Test
  void theLastValueOfEachMetricIsKept() {
    String id = start("{\"name\":\"a\",\"gpus\":[\"0\"]}");
    report(id, "{\"steps\":1,\"metrics\":{\"loss\":2.5,\"val/accuracy\":0.1}}");
    daemon.advance(Duration.ofSeconds(5));
    assertThat(report(id, "{\"steps\":2,\"metrics\":{\"loss\":2}}").status()).isEqualTo(200);
    assertThat(report(id, "{\"steps\":3}").status()).isEqualTo(200);
    assertThat(api.get(JOBS + "/" + id).json().path("metrics").toString())
        .isEqualTo(
            "{\"loss\":{\"value\":2.0,\"steps\":2,\"at\":\"2026-11-23T12:00:05Z\"},"
                + "\"val/accuracy\":{\"value\":0.1,\"steps\":1,\"at\":\"2026-11-23T12:00:00Z\"}}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"steps\":1,\"metrics\":{\"ok\":1,\"loss\":NaN}} | 422 bad_value: metric 'loss' must be a"
            + " finite number, not NaN",
        "{\"steps\":1,\"metrics\":{\"loss\":-Infinity}} | 422 bad_value: metric 'loss' must be a"
            + " finite number, not -Infinity",
        "{\"steps\":1,\"metrics\":{\"loss\":1e999}} | 422 bad_value: metric 'loss' must be a finite"
            + " number, not Infinity",
        "{\"steps\":1,\"metrics\":{\"loss\":\"2\"}} | 422 bad_value: metric 'loss' must be a finite"
            + " number, not a string",
        "{\"steps\":1,\"metrics\":{\"loss\":null}} | 422 bad_value: metric 'loss' must be a finite"
            + " number, not null",
        "{\"steps\":1,\"metrics\":{\"\":2}} | 422 bad_value: metric '': a name has 1 to 64"
            + " printable characters",
        "{\"steps\":1,\"metrics\":[2]} | 400 wrong_type: field 'metrics' must be an object, not an"
            + " array",
        "{\"steps\":NaN} | 400 wrong_type: field 'steps' must be a whole number, not NaN",
        "{\"metrics\":{\"loss\":2}} | 400 missing_field: field 'steps' is missing",
      })
  void aBadMetricIsRefusedByNameAndNothingOfItsReportCounts(String body, String error) {
    String id = start("{\"name\":\"a\",\"gpus\":[\"0\"]}");
    assertThat(report(id, body).error()).startsWith(error);
    JsonNode job = api.get(JOBS + "/" + id).json();
    assertThat(job.has("steps")).isFalse();
    assertThat(job.path("metrics").size()).isZero();
  }

  @Test
  void aJobHasAtMostThirtyTwoMetrics() {
    String id = start("{\"name\":\"a\",\"gpus\":[\"0\"]}");
    for (int metric = 0; metric < 32; metric++) {
      String body = "{\"steps\":1,\"metrics\":{\"m" + metric + "\":1}}";
      assertThat(report(id, body).status()).isEqualTo(200);
    }
    assertThat(report(id, "{\"steps\":2,\"metrics\":{\"more\":1}}").error())
        .startsWith(
            "422 out_of_range: job " + id + " would have more than 32 metrics; it has m0, ");
    assertThat(report(id, "{\"steps\":2,\"metrics\":{\"m0\":1}}").status()).isEqualTo(200);
  }

  @Test
  void aJobThatReportedNothingForTooLongHasEndedAndAnotherIsUnknown() {
    String id = start("{\"name\":\"a\",\"gpus\":[\"0\"]}");
    daemon.advance(Duration.ofMinutes(10));
    String over =
        "410 job_ended: job "
            + id
            + " (a) said nothing for too long and so ended at 2026-11-23T12:10:00Z";
    assertThat(report(id, "{\"steps\":1}").error()).isEqualTo(over);
    assertThat(api.call(HttpMethod.DELETE, JOBS + "/" + id, "").error()).isEqualTo(over);
    assertThat(api.get(JOBS + "/" + id).error()).isEqualTo(over);
    assertThat(report("never", "{\"steps\":1}").error())
        .startsWith("404 unknown_job: no job 'never' runs here");
  }

  @Test
  void anAnonymousJobIsShownAndTakesNoReports() {
    computes(SELF);
    assertThat(api.get(JOBS).json().size()).as("the daemon itself is nobody's job").isZero();
    long other = ProcessHandle.current().parent().orElseThrow().pid();
    computes(other);
    JsonNode job = api.get(JOBS).json().path(0);
    String id = job.path("id").asText();
    assertThat(id).startsWith("pid-" + other + "-");
    assertThat(job.path("origin").asText()).isEqualTo("anonymous");
    assertThat(job.path("user").asText()).isEqualTo(process(other).user());
    assertThat(job.at("/gpus/0").asText()).isEqualTo(TestDaemon.FIRST.uuid());
    assertThat(job.has("text")).isFalse();
    assertThat(api.get(JOBS + "/" + id).json().path("text").asText()).startsWith("GPU 0 (");

    JsonNode gpu = api.get("/v1/gpus/0").json();
    assertThat(gpu.path("job").asText()).isEqualTo(id);
    assertThat(gpu.path("job_name").asText()).isEqualTo(process(other).command());
    assertThat(gpu.path("job_origin").asText()).isEqualTo("anonymous");
    assertThat(report(id, "{\"steps\":1}").error()).startsWith("404 unknown_job");
  }
}
