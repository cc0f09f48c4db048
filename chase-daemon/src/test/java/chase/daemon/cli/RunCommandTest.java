package chase.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.fixtures.NoLocalActions;
import chase.daemon.fixtures.TestDaemon;
import chase.zeus.engine.JobView;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The steps of a run, as the script that waits for the command calls them. */
class RunCommandTest {
  private static final long SELF = ProcessHandle.current().pid();

  private final Vertx vertx = Vertx.vertx();
  private final TestDaemon daemon = new TestDaemon(vertx);
  private final Path socket;
  private final Path record;
  private final Map<String, String> environment = new HashMap<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private String deployment = "";

  RunCommandTest(@TempDir Path directory) {
    socket = directory.resolve("chase.sock");
    record = directory.resolve("record");
  }

  @BeforeEach
  void open() throws TimeoutException {
    deployment = vertx.deployVerticle(daemon.server(socket)).await(10, TimeUnit.SECONDS);
  }

  @AfterEach
  void close() throws TimeoutException {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  private int step(String step, String line) {
    environment.putAll(
        Map.of(
            "PATH",
            "/usr/bin:/bin",
            "CHASE_RUN_STEP",
            step,
            "CHASE_RUN_PROCESS",
            Long.toString(SELF),
            "CHASE_RUN_RECORD",
            record.toString()));
    List<String> args = new ArrayList<>(List.of("--socket", socket.toString(), "run"));
    args.addAll(List.of(line.split(" ")));
    return ChaseCommand.run(
        args.toArray(String[]::new),
        new NoLocalActions(environment),
        new PrintWriter(out),
        new PrintWriter(err));
  }

  private String recorded() throws IOException {
    return Files.exists(record) ? Files.readString(record) : "";
  }

  private JobView job() {
    return daemon.snapshot().jobs().getFirst();
  }

  @Test
  void aCommandIsRegisteredUnderItsProcessBeforeItBegins() throws IOException {
    assertThat(step("start", "--gpus 0 --bound 3% --label team=vision -- sh -c exit")).isZero();
    assertThat(job().spec().name()).isEqualTo("sh");
    assertThat(job().spec().slowdownBound()).contains(0.03);
    assertThat(job().spec().labels()).containsEntry("team", "vision");
    assertThat(recorded().lines())
        .containsExactlyInAnyOrder("socket " + socket, "words 10", "job " + job().id());
    assertThat(err.toString()).isEqualTo("chase: job %s (sh) on GPU 0%n".formatted(job().id()));
    assertThat(out.toString()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--gpus 0 true -- x -- y | words 5",
        "--gpus 0 -- true -- x -- y | words 6",
        "--gpus 0 true --gpus 1 | words 5",
        "--gpus=0 -- true --json | words 5",
      })
  void theOptionsEndWhereTheCommandBegins(String line, String words) throws IOException {
    assertThat(step("start", line)).isZero();
    assertThat(recorded().lines()).contains(words);
  }

  @Test
  void theGpusAreThoseThatCudaSees() {
    environment.put("CUDA_VISIBLE_DEVICES", TestDaemon.FIRST.uuid());
    assertThat(step("start", "true")).isZero();
    assertThat(job().spec().gpus()).containsExactly(TestDaemon.FIRST);
  }

  @Test
  void aCommandThatComputesNowhereYetIsRegisteredLater() throws IOException {
    assertThat(step("start", "true")).isZero();
    assertThat(recorded()).contains("later yes").doesNotContain("job ");
    assertThat(err.toString())
        .startsWith("chase: the command computes on no GPU yet")
        .hasLineCount(1);
    environment.put("CUDA_VISIBLE_DEVICES", "0");
    assertThat(step("again", "true")).isZero();
    assertThat(recorded()).contains("job " + job().id()).doesNotContain("later");
  }

  @Test
  void withoutADaemonTheCommandRunsAndThatIsSaidOnce() throws Exception {
    vertx.undeploy(deployment).await(10, TimeUnit.SECONDS);
    assertThat(step("start", "--gpus 0 true")).isZero();
    assertThat(recorded()).contains("words ").doesNotContain("later");
    assertThat(err.toString())
        .startsWith("chase: no daemon answers on ")
        .endsWith("the command runs all the same, as no job" + System.lineSeparator())
        .hasLineCount(1);
    assertThat(step("end", "--gpus 0 true")).isZero();
    assertThat(err.toString()).hasLineCount(1);
  }

  @Test
  void whatMustBeRegisteredDoesNotRunWithoutADaemon() throws Exception {
    vertx.undeploy(deployment).await(10, TimeUnit.SECONDS);
    assertThat(step("start", "--require --gpus 0 true")).isEqualTo(3);
    assertThat(recorded()).contains("refused yes").doesNotContain("words");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--gpus 9 true | 2 | chase: no GPU is called '9'",
        "--gpus 0 --total-steps 0 true | 2 | chase: total steps must be above 0: 0",
        "--bound 300% true | 2 | chase: --bound: a slowdown bound",
        "--deadline 8h true | 2 | chase: --deadline needs --total-steps",
        "--deferrable true | 2 | chase: --deferrable needs --deadline",
        "--total-steps 9 --deadline soon true | 2 | chase: --deadline: 'soon' is not a time such"
            + " as",
        "--gpus , true | 2 | chase: --gpus names no GPU",
        "--gpus 0 no-such-program | 127 | chase: no-such-program: command not found",
        "--gpus 0 /etc/passwd | 126 | chase: /etc/passwd: permission denied",
        "--gpus 0 ./none | 127 | chase: ./none: no such file",
      })
  void aMistakeInTheOptionsRunsNothing(String line, int exitCode, String error) throws IOException {
    assertThat(step("start", line)).isEqualTo(exitCode);
    assertThat(err.toString()).startsWith(error);
    assertThat(recorded()).doesNotContain("words");
    assertThat(daemon.snapshot().jobs()).isEmpty();
  }

  @Test
  void aMistakeInTheEnvironmentKeepsNoCommandFromRunning() throws IOException {
    environment.put("CUDA_VISIBLE_DEVICES", "9");
    assertThat(step("start", "true")).isZero();
    assertThat(recorded()).contains("words ");
    assertThat(err.toString()).startsWith("chase: no GPU is called '9'");
  }

  @Test
  void theEndOfTheCommandIsTheEndOfItsJob() {
    step("start", "--gpus 0 -q true");
    assertThat(step("end", "--gpus 0 -q true")).isZero();
    assertThat(daemon.snapshot().jobs()).isEmpty();
    assertThat(err.toString().strip()).startsWith("chase: the ledger has no receipt of job ");
  }

  @Test
  void aNewDaemonHasAJobOfItsOwn() throws Exception {
    step("start", "--gpus 0 true");
    String before = job().id().value();
    vertx.undeploy(deployment).await(10, TimeUnit.SECONDS);
    Vertx other = Vertx.vertx();
    TestDaemon next = new TestDaemon(other);
    other.deployVerticle(next.server(socket)).await(10, TimeUnit.SECONDS);
    assertThat(step("again", "--gpus 0 true")).isZero();
    assertThat(recorded())
        .contains("job " + next.snapshot().jobs().getFirst().id())
        .doesNotContain(before);
    other.close().await(10, TimeUnit.SECONDS);
  }

  @Test
  void withoutTheLauncherThatIsSaid() {
    int exitCode =
        ChaseCommand.run(
            new String[] {"run", "true"},
            new NoLocalActions(Map.of()),
            new PrintWriter(out),
            new PrintWriter(err));
    assertThat(exitCode).isEqualTo(1);
    assertThat(err.toString()).startsWith("chase: chase run needs the launcher 'chase'");
  }
}
