package chase.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.fixtures.NoLocalActions;
import chase.daemon.fixtures.TestDaemon;
import chase.daemon.fixtures.TestTerminal;
import chase.daemon.host.HostProcess;
import chase.zeus.engine.Event;
import chase.zeus.engine.JobId;
import chase.zeus.engine.JobSpec;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobCommandsTest {
  private static final JobId JOB = new JobId("a1");
  private final Vertx vertx = Vertx.vertx();
  private final TestDaemon daemon = new TestDaemon(vertx);
  private final Path socket;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  JobCommandsTest(@TempDir Path directory) {
    socket = directory.resolve("chase.sock");
  }

  @BeforeEach
  void open() throws TimeoutException {
    vertx.deployVerticle(daemon.server(socket)).await(10, TimeUnit.SECONDS);
  }

  @AfterEach
  void close() throws TimeoutException {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  private int chase(String... line) {
    String[] all = new String[line.length + 2];
    all[0] = "--socket";
    all[1] = socket.toString();
    System.arraycopy(line, 0, all, 2, line.length);
    return ChaseCommand.run(
        all, new NoLocalActions(), TestTerminal.PIPE, new PrintWriter(out), new PrintWriter(err));
  }

  private void startJob() {
    JobSpec spec =
        new JobSpec(
            "resnet",
            List.of(TestDaemon.FIRST),
            Optional.empty(),
            Optional.of(90_000L),
            Optional.empty(),
            Optional.empty(),
            Optional.of(0.05));
    daemon.handle(new Event.JobStarted(JOB, spec, TestDaemon.NOON));
    for (long reports = 0; reports <= 6; reports++) {
      daemon.handle(
          new Event.StepsReported(JOB, 100 * reports, TestDaemon.NOON.plusSeconds(10 * reports)));
    }
    daemon.advance(Duration.ofSeconds(60));
  }

  private List<String> lines() {
    return out.toString().lines().map(String::stripTrailing).toList();
  }

  @Test
  void jobsShowsHowFarTheyAreAndWhatSlackIsLeft() {
    startJob();
    assertThat(chase("jobs")).isZero();
    assertThat(lines().getFirst().split(" +", -1))
        .containsSequence("JOB", "NAME", "SLACK", "SLOWER");
    assertThat(lines().getLast())
        .startsWith("a1   resnet  7m30s   0.0 %      700   1 %")
        .endsWith("runs");
  }

  @Test
  void aJobIsEndedByItsIdOrItsName() {
    startJob();
    assertThat(chase("jobs", "end", "resnet")).isZero();
    assertThat(lines())
        .containsExactly("job a1 (resnet) is ended; the ledger has no receipt of it");
    assertThat(chase("jobs", "end", "a1")).isEqualTo(1);
    assertThat(err.toString()).startsWith("chase: job a1").hasLineCount(1);
  }

  @Test
  void withoutJobsThatIsPrinted() {
    assertThat(chase("jobs")).isZero();
    assertThat(lines()).containsExactly("no job is registered, and no process computes on a GPU");
  }

  @Test
  void oneJobIsShownByItsId() {
    startJob();
    assertThat(chase("jobs", "a1", "--json")).isZero();
    assertThat(out.toString()).contains("\"full_power_steps_per_second\" : 10.0");
  }

  @Test
  void oneJobIsShownInFull() {
    startJob();
    daemon.handle(
        new Event.StepsReported(
            JOB, 700, Map.of("loss", 2.25, "accuracy", 0.5), TestDaemon.NOON.plusSeconds(70)));
    assertThat(chase("jobs", "a1")).isZero();
    assertThat(lines())
        .contains(
            "job         a1",
            "name        resnet",
            "origin      registered",
            "policy      budget:0.05",
            "metrics     accuracy 0.5 at step 700, 12:01 UTC",
            "            loss 2.25 at step 700, 12:01 UTC")
        .anyMatch(line -> line.contains("Job a1 (resnet) reports 700 of 90000 steps"));
  }

  @Test
  void anAnonymousJobIsCalledSo() {
    daemon.setProcesses(
        Map.of(
            TestDaemon.FIRST,
            List.of(
                new HostProcess(
                    4711, "ann", "python train.py", Duration.ofSeconds(60), TestDaemon.NOON))));
    assertThat(chase("jobs")).isZero();
    assertThat(lines().getLast())
        .startsWith("pid-4711-6000  python trai…")
        .contains("ann")
        .endsWith("anonymous");
    assertThat(chase("jobs", "pid-4711-6000")).isZero();
    assertThat(lines()).contains("origin      anonymous: no job registered", "user        ann");
    assertThat(chase("status")).isZero();
    assertThat(out.toString()).contains("python train.py (anonymous)");
  }

  @Test
  void aJobThatIsNotThereIsNamed() {
    assertThat(chase("jobs", "x")).isEqualTo(1);
    assertThat(err.toString()).startsWith("chase: no job 'x' runs here");
  }

  @Test
  void policiesOfGpusAndJobsAreChosenShownAndCleared() {
    startJob();
    assertThat(chase("policy", "fixed:600", "--gpu", "0")).isZero();
    assertThat(chase("policy", "fixed:500", "--job", "a1")).isZero();
    assertThat(chase("policy", "--gpu", "0")).isZero();
    assertThat(chase("policy", "--job", "a1")).isZero();
    assertThat(chase("policy", "--job", "a1", "--clear")).isZero();

    String gpu = "GPU " + TestDaemon.FIRST + ": fixed:600";
    assertThat(lines())
        .containsExactly(
            "chase:0.24",
            gpu,
            "job a1: budget:0.05",
            "chase:0.24",
            gpu,
            "job a1: fixed:500",
            "fixed:500",
            "fixed:500",
            "chase:0.24",
            gpu,
            "job a1: budget:0.05");
  }

  @Test
  void wrongUsesOfPolicyAreReported() {
    assertThat(chase("policy", "--confirm", "30s")).isEqualTo(2);
    assertThat(chase("policy", "max", "--clear", "--gpu", "0")).isEqualTo(2);
    assertThat(chase("policy", "max", "--gpu", "0", "--job", "a1")).isEqualTo(2);
    assertThat(err.toString())
        .contains("chase: --confirm needs the SPEC that is tried")
        .contains("chase: --clear takes no SPEC");
  }
}
