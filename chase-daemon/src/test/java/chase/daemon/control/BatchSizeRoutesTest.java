package chase.daemon.control;

import static chase.daemon.control.ControlClient.await;
import static org.assertj.core.api.Assertions.assertThat;

import chase.carbon.Region;
import chase.daemon.batchsize.BatchSizeService;
import chase.daemon.batchsize.JouleWeight;
import chase.daemon.batchsize.StudyDatabase;
import chase.daemon.control.ControlClient.Reply;
import chase.daemon.fixtures.TestDaemon;
import chase.daemon.grid.GridState;
import chase.daemon.profiles.JobFingerprint;
import chase.zeus.profile.PowerProfile;
import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.unit.Watts;
import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchSizeRoutesTest {
  private static final String ALL = "/v1/batch-sizes";
  private static final String BERT = ALL + "/bert";
  private static final String REST =
      ",\"default_batch_size\":32,\"target_metric\":0.9,\"max_epochs\":10,\"gpus\":[\"0\"]}";
  private static final String JOB = "{\"name\":\"bert\",\"batch_sizes\":[16,32,64]" + REST;

  private final Vertx vertx = Vertx.vertx();
  private final TestDaemon daemon = new TestDaemon(vertx);
  private final AtomicReference<GridState> grid = new AtomicReference<>(daemon.grid());
  private final Map<JobFingerprint, PowerProfile> profiles = new HashMap<>();
  private final Path state;
  private final ControlClient api;
  private final BatchSizeService desk;
  private final ControlServer server;

  BatchSizeRoutesTest(@TempDir Path directory) {
    Path socket = directory.resolve("chase.sock");
    state = directory.resolve("state");
    api = new ControlClient(vertx, socket);
    var clock = daemon.clock();
    desk =
        new BatchSizeService(
            vertx,
            StudyDatabase.sqlite(state.resolve("batch-sizes.db")),
            new JouleWeight(grid::get, clock),
            clock,
            Duration.ofHours(1),
            "here");
    BatchSizeRoutes routes = new BatchSizeRoutes(desk, daemon::snapshot, this::known);
    server = daemon.server(routes::mount, socket);
  }

  private Future<Map<JobFingerprint, PowerProfile>> known(List<JobFingerprint> wanted) {
    Map<JobFingerprint, PowerProfile> found = new HashMap<>(profiles);
    found.keySet().retainAll(wanted);
    return Future.succeededFuture(found);
  }

  @BeforeEach
  void open() {
    await(vertx.deployVerticle(server));
  }

  @AfterEach
  void close() {
    await(desk.close());
    await(vertx.close());
  }

  private Reply post(String path, String body) {
    return api.call(HttpMethod.POST, path, body);
  }

  private JsonNode trial() {
    Reply reply = post(BERT + "/trials", "");
    assertThat(reply.status()).as(reply.toString()).isEqualTo(201);
    return reply.json();
  }

  private Reply report(int trial, int epoch, double joules, double metric) {
    return post(
        BERT + "/trials/" + trial + "/report",
        String.format(
            Locale.ROOT,
            "{\"epoch\":%d,\"joules\":%s,\"seconds\":%s,\"metric\":%s}",
            epoch,
            joules,
            joules / 100,
            metric));
  }

  @Test
  void aJobIsRegisteredOnceAndShowsWhatItIs() {
    assertThat(api.get(ALL).json().size()).isZero();
    Reply created = post(ALL, JOB);
    assertThat(created.status()).as(created.toString()).isEqualTo(201);
    assertThat(post(ALL, JOB).status()).isEqualTo(200);
    JsonNode job = api.get(ALL).json().path(0);
    assertThat(job).isEqualTo(created.json());
    assertThat(job.path("max_power_watts").asDouble()).isEqualTo(700);
    assertThat(job.path("gpu_model").asText()).isEqualTo("NVIDIA H100 80GB HBM3");
    assertThat(job.path("method").asText()).isEqualTo("chase");
    assertThat(job.path("cost").asText()).isEqualTo("energy");
    assertThat(job.path("beta").asDouble()).isEqualTo(2);
    assertThat(job.path("trials").asInt(-1)).isZero();
    assertThat(post(ALL, JOB.replace("[16,32,64]", "[16,32]")).error())
        .isEqualTo(
            "409 conflict: a recurring job 'bert' is registered already, and is described"
                + " otherwise");
  }

  @Test
  void aClientWithoutGpusHereDescribesThem() {
    String elsewhere =
        JOB.replace(
            "\"gpus\":[\"0\"]",
            "\"max_power_watts\":1400,\"gpu_count\":2,\"gpu_model\":\"A\",\"beta\":null");
    Reply created = post(ALL, elsewhere);
    assertThat(created.status()).as(created.toString()).isEqualTo(201);
    assertThat(created.json().path("gpu_count").asInt()).isEqualTo(2);
    assertThat(created.json().has("beta")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "\"name\":\"bert\"; \"name\":\" \"; 422 bad_value: a name has 1 to 200 characters",
        "\"name\":\"bert\"; \"name\":7; 400 wrong_type: field 'name' must be a string",
        "[16,32,64]; []; 422 bad_value: a study needs at least one batch size",
        "[16,32,64]; [16,64]; 422 bad_value: the default batch size 32 is not one of",
        "[16,32,64]; [32,-1]; 422 bad_value: a batch size must be > 0: -1",
        "[16,32,64]; [1.5]; 400 wrong_type: field 'batch_sizes' must be an array of whole",
        "\"max_epochs\":10; \"max_epochs\":0; 422 bad_value: the maximum number of epochs must be >"
            + " 0",
        "\"max_epochs\":10; \"eta\":1.5; 422 bad_value: eta must lie in 0 to 1: 1.5",
        "\"max_epochs\":10; \"beta\":0; 422 bad_value: beta must be > 0",
        "\"max_epochs\":10; \"window\":-1; 422 bad_value: a window must be >= 0",
        "\"max_epochs\":10; \"method\":\"best\"; 422 bad_value: field 'method' must be one of",
        "\"max_epochs\":10; \"cost\":\"time\"; 422 bad_value: field 'cost' must be one of energy",
        "\"max_epochs\":10; \"etta\":1; 400 unknown_field: unknown field 'etta'; did you mean",
        "\"target_metric\":0.9; \"target_metric\":NaN; 400 bad_json: the body is not JSON",
        "\"target_metric\":0.9; \"eta\":1; 400 missing_field: field 'target_metric' is missing",
        "[\"0\"]; [\"7\"]; 404 unknown_gpu: no GPU is called '7'",
        "[\"0\"]; []; 422 bad_value: \"gpus\" must name at least one GPU",
        "\"gpus\":[\"0\"]; \"eta\":1; 422 bad_value: either \"gpus\" names this host's",
      })
  void whatMakesNoSenseIsRefusedByName(String field, String instead, String error) {
    assertThat(post(ALL, JOB.replace(field, instead)).error()).startsWith(error);
    assertThat(api.get(ALL).json().size()).isZero();
  }

  @Test
  void aTrialIsGivenABatchSizeAndStoppedAtTheTarget() {
    post(ALL, JOB);
    JsonNode first = trial();
    assertThat(first.path("trial").asInt()).isEqualTo(1);
    assertThat(first.path("batch_size").asInt()).isEqualTo(32);
    assertThat(first.path("kind").asText()).isEqualTo("exploration");
    assertThat(first.path("stop").asBoolean(true)).isFalse();
    assertThat(first.path("max_epochs").asInt()).isEqualTo(10);
    assertThat(first.has("most_cost_joules")).isFalse();
    assertThat(first.has("expected_limit_watts")).isFalse();
    JsonNode goesOn = report(1, 1, 1000, 0.5).json();
    assertThat(goesOn.path("stop").asBoolean(true)).isFalse();
    assertThat(goesOn.path("cost_joules").asDouble()).isEqualTo(0.5 * 1000 + 0.5 * 700 * 10);
    JsonNode done = report(1, 2, 2000, 0.95).json();
    assertThat(done.path("stop").asBoolean()).isTrue();
    assertThat(done.path("reached").asBoolean()).isTrue();
    assertThat(done.path("status").asText()).isEqualTo("reached");
    assertThat(report(1, 3, 3000, 0.1).json().path("reached").asBoolean()).isTrue();
    assertThat(trial().path("most_cost_joules").asDouble()).isEqualTo(2 * 8000);
  }

  @Test
  void theDetailsHoldArmsTrialsAndReasons() {
    post(ALL, JOB);
    trial();
    report(1, 2, 2000, 0.95);
    trial();
    post(BERT + "/trials/2/fail", "");
    trial();
    JsonNode story = api.get(BERT).json();
    assertThat(story.at("/job/trials").asInt()).isEqualTo(3);
    assertThat(story.at("/job/reached").asInt()).isEqualTo(1);
    assertThat(story.at("/job/running").asInt()).isEqualTo(1);
    assertThat(story.at("/job/best_batch_size").asInt()).isEqualTo(32);
    assertThat(story.path("stage").asText()).contains("32 is");
    assertThat(story.path("arms").findValuesAsText("batch_size")).containsExactly("16", "32", "64");
    assertThat(story.at("/arms/1/reached").asInt()).isEqualTo(1);
    assertThat(story.at("/arms/1/cost_joules").asDouble()).isGreaterThan(0);
    assertThat(story.path("trials").findValuesAsText("status"))
        .containsExactly("reached", "failed", "running");
    assertThat(story.at("/trials/0/host").asText()).isEqualTo("here");
    assertThat(story.at("/trials/0/joules").asDouble()).isEqualTo(2000);
  }

  @Test
  void aReportThatIsRepeatedLateOrLessIsHarmlessAndNonsenseIsRefused() {
    post(ALL, JOB);
    trial();
    report(1, 2, 1000, 0.5);
    assertThat(report(1, 2, 1000, 0.5).json().path("epochs").asInt()).isEqualTo(2);
    assertThat(report(1, 1, 900, 0.5).json().path("epochs").asInt()).isEqualTo(2);
    assertThat(report(1, 3, 999, 0.5).json().path("epochs").asInt()).isEqualTo(3);
    assertThat(report(1, 4, 1e300, 0.5).error()).startsWith("422 bad_value: joules must be");
    assertThat(report(1, 3, -5, 0.5).error()).startsWith("422 bad_value: joules must be");
    assertThat(report(1, 3, Double.NaN, 0.5).error()).startsWith("400 bad_json");
    assertThat(report(1, 3, 2000, Double.NaN).error()).startsWith("400 bad_json");
    assertThat(report(1, 0, 2000, 0.5).error()).startsWith("422 bad_value: an epoch must be");
    String other = "{\"batch_size\":64,\"epoch\":3,\"joules\":2000,\"seconds\":20}";
    assertThat(post(BERT + "/trials/1/report", other).error())
        .isEqualTo("409 conflict: trial 1 trains with batch size 32, not 64");
    assertThat(api.get(BERT).json().at("/trials/0/joules").asDouble()).isEqualTo(1000);
  }

  @Test
  void theListIsHandedOutPageByPage() {
    for (String name : List.of("a", "b", "c")) {
      post(ALL, JOB.replace("bert", name));
    }
    assertThat(api.get(ALL).json().findValuesAsText("name")).containsExactly("a", "b", "c");
    assertThat(api.get(ALL + "?limit=2").json().findValuesAsText("name")).containsExactly("a", "b");
    assertThat(api.get(ALL + "?limit=2&after=b").json().findValuesAsText("name"))
        .containsExactly("c");
    for (String limit : List.of("0", "101", "many", "99999999999")) {
      assertThat(api.get(ALL + "?limit=" + limit).error())
          .startsWith("422 bad_value: 'limit' must lie in 1 to 100");
    }
    assertThat(api.get(ALL + "?after=%").error()).startsWith("400 bad_request");
  }

  @Test
  void whatIsUnknownIs404() {
    String unknown = "404 unknown_batch_size_job: no recurring job is called 'bert'";
    assertThat(api.get(BERT).error()).isEqualTo(unknown);
    assertThat(api.call(HttpMethod.DELETE, BERT, "").error()).isEqualTo(unknown);
    assertThat(post(BERT + "/trials", "").error()).isEqualTo(unknown);
    assertThat(report(1, 1, 1, 1).error()).isEqualTo(unknown);
    post(ALL, JOB);
    assertThat(report(1, 1, 1, 1).error()).isEqualTo("404 unknown_trial: 'bert' has no trial 1");
    assertThat(post(BERT + "/trials/one/fail", "").error())
        .isEqualTo("404 unknown_trial: 'one' is no trial's number");
    assertThat(post(BERT + "/trials/2/fail", "").error())
        .isEqualTo("404 unknown_trial: 'bert' has no trial 2");
  }

  @Test
  void aDeletedJobIsGone() {
    post(ALL, JOB);
    trial();
    assertThat(api.call(HttpMethod.DELETE, BERT, "").json().path("trials").asInt()).isEqualTo(1);
    assertThat(api.get(BERT).status()).isEqualTo(404);
  }

  @Test
  void aJouleOfCarbonWeighsWhatTheGridEmitsForIt() {
    String carbon = JOB.replace("\"max_epochs\":10", "\"max_epochs\":10,\"cost\":\"carbon\"");
    double grams = grid.get().current().orElseThrow().value().value();
    double reference = grid.get().reference().orElseThrow();
    assertThat(post(ALL, carbon).json().path("reference").asDouble()).isEqualTo(reference);
    trial();
    report(1, 1, 1000, 0.5);
    grid.set(GridState.withoutProvider(new Region("nowhere"), Duration.ofHours(2)));
    report(1, 2, 1500, 0.5);
    JsonNode trial = api.get(BERT).json().at("/trials/0");
    assertThat(trial.path("joules").asDouble()).isEqualTo(1500);
    assertThat(trial.path("weighted_joules").asDouble())
        .as("unknown since then, so like before")
        .isCloseTo(1500 * grams / reference, org.assertj.core.api.Assertions.within(1e-6));
    assertThat(post(ALL, carbon.replace("bert", "gpt")).error())
        .startsWith("409 no_signal: carbon is to count for 'gpt'");
    assertThat(post(ALL, carbon).status()).isEqualTo(200);
  }

  @Test
  void aMeasuredProfileGivesTheExpectedLimit() {
    post(ALL, JOB);
    profiles.put(
        new JobFingerprint("bert", "NVIDIA H100 80GB HBM3", 1, Optional.of(64)),
        new PowerProfile(
            List.of(
                new Point(new Watts(300), new Watts(300), 0.5),
                new Point(new Watts(500), new Watts(490), 0.95),
                new Point(new Watts(700), new Watts(690), 1))));
    JsonNode first = trial();
    assertThat(first.path("expected_limit_watts").asDouble()).isEqualTo(500);
    assertThat(first.path("limit_from_batch_size").asInt()).isEqualTo(64);
    JsonNode arms = api.get(BERT).json().path("arms");
    assertThat(arms.at("/2/expected_limit_watts").asDouble()).isEqualTo(500);
    assertThat(arms.path(2).has("limit_from_batch_size")).isFalse();
  }

  @Test
  void everyCurlLineOfThePageWorks() throws Exception {
    Pattern curl =
        Pattern.compile("curl .*?(?:-X (\\w+) )?(?:-d '([^']*)' )?http://chase(/v1/\\S+)");
    List<MatchResult> lines =
        curl.matcher(Files.readString(Path.of("../docs/batch-sizes.md"))).results().toList();
    assertThat(lines).hasSize(7);
    for (MatchResult line : lines) {
      String body = line.group(2) == null ? "" : line.group(2);
      String method = line.group(1) == null ? (body.isEmpty() ? "GET" : "POST") : line.group(1);
      Reply reply = api.call(HttpMethod.valueOf(method), line.group(3), body);
      assertThat(reply.status()).as(line.group() + " " + reply).isBetween(200, 201);
    }
  }

  @Test
  void aLostDatabaseIs503AndComesBackByItself() throws Exception {
    Files.writeString(state, "a file in the place of the directory");
    assertThat(post(ALL, JOB).error()).startsWith("503 database_lost: the database of batch sizes");
    assertThat(api.get("/v1/status").status()).isEqualTo(200);
    Files.delete(state);
    assertThat(post(ALL, JOB).error()).startsWith("503 database_lost");
    daemon.advance(Duration.ofSeconds(3));
    assertThat(post(ALL, JOB).status()).isEqualTo(201);
    assertThat(desk.counts().failures()).isEqualTo(2);
    assertThat(desk.counts().up()).contains(true);
  }
}
