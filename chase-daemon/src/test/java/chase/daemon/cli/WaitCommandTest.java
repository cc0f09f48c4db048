package chase.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import chase.carbon.CarbonIntensity;
import chase.daemon.fixtures.NoLocalActions;
import chase.daemon.fixtures.TestDaemon;
import chase.daemon.fixtures.TestTerminal;
import chase.daemon.grid.GridPast;
import chase.daemon.grid.GridState;
import chase.daemon.grid.SignalArchive;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The steps of a wait at 412 gCO2/kWh and noon, as the script calls them; none has to wait. */
@Timeout(60)
class WaitCommandTest {
  private final Vertx vertx = Vertx.vertx();
  private final TestDaemon daemon = new TestDaemon(vertx);
  private final Path socket;
  private final Path record;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  WaitCommandTest(@TempDir Path directory) {
    socket = directory.resolve("chase.sock");
    record = directory.resolve("record");
  }

  @BeforeEach
  void open() throws TimeoutException {
    vertx.deployVerticle(daemon.server(socket)).await(10, TimeUnit.SECONDS);
  }

  @AfterEach
  void close() throws TimeoutException {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  private int chase(Map<String, String> environment, String line) {
    return chase("wait", environment, line);
  }

  private int chase(String subcommand, Map<String, String> environment, String line) {
    err.getBuffer().setLength(0);
    List<String> args = new ArrayList<>(List.of("--socket", socket.toString(), subcommand));
    args.addAll(List.of(line.split(" ")));
    return ChaseCommand.run(
        args.toArray(String[]::new),
        new NoLocalActions(environment),
        TestTerminal.PIPE,
        new PrintWriter(out),
        new PrintWriter(err));
  }

  private int step(String step, String line) {
    return chase(
        Map.of(
            "PATH",
            "/usr/bin:/bin",
            "CHASE_RUN_STEP",
            step,
            "CHASE_RUN_PROCESS",
            Long.toString(ProcessHandle.current().pid()),
            "CHASE_RUN_RECORD",
            record.toString()),
        line);
  }

  private String recorded() throws IOException {
    return Files.exists(record) ? Files.readString(record) : "";
  }

  @Test
  void whatIsWaitedForAndWhyIsSaidBeforeTheCommandIsARegisteredJob() throws IOException {
    String line = "--until below:500 --deadline 6h --gpus 0 --label team=x -- sh -c exit";
    assertThat(step("wait", line)).isZero();
    assertThat(err.toString().lines())
        .containsExactly(
            "chase: waits for a grid below 500 gCO2/kWh, until 18:00:00 UTC at the latest, by trace"
                + " CISO, no forecast",
            "chase: starts: it is at 412 gCO2/kWh");
    assertThat(recorded())
        .isEqualTo(
            "waited 2026-11-23T12:00:00Z|2026-11-23T12:00:00Z|met|trace|CISO|412.0|412.0|a grid"
                + " below 500 gCO2/kWh\n");
    assertThat(daemon.snapshot().jobs()).isEmpty();
    assertThat(step("start", line)).isZero();
    assertThat(daemon.snapshot().jobs().getFirst().spec().labels()).containsEntry("team", "x");
    assertThat(recorded()).contains("waited ", "words 12", "job ");
    assertThat(step("end", line)).isZero();
    assertThat(daemon.snapshot().jobs()).isEmpty();
    assertThat(err.toString().replace('\n', ' '))
        .contains("waited from 12:00:00 UTC to 12:00:00 UTC for a grid below 500 gCO2/kWh; the")
        .contains("Started at once it would have run at 412 gCO2/kWh: 0.0 % less CO2");
  }

  @Test
  void theReceiptForProgramsHasTheWait() throws IOException {
    String line = "--until policy --if-unknown run --json -- true";
    assertThat(step("wait", line)).isZero();
    assertThat(err.toString()).isEmpty();
    assertThat(step("end", line)).isZero();
    JsonNode receipt = new ObjectMapper().readTree(err.toString());
    assertThat(receipt.at("/wait/outcome").asText()).isEqualTo("met");
    assertThat(receipt.at("/wait/basis").asText()).isEqualTo("estimated");
  }

  /** What other hosts pass on is kept as theirs, whoever the provider was that they asked. */
  @Test
  void theReceiptReadsTheSeriesOfTheProviderThatIsPolled() throws IOException {
    CarbonIntensity relayed =
        TestDaemon.gridAt(412)
            .current()
            .orElseThrow()
            .passedOnBy(new CarbonIntensity.Relay("gpu-07", "0707070707070707"));
    daemon.archive =
        new SignalArchive(
            record.resolveSibling("state"), List.of(), new GridPast(List.of(relayed), List.of()));
    String line = "--until below:500 -- true";
    assertThat(step("wait", line)).isZero();
    assertThat(step("end", line)).isZero();
    assertThat(err.toString().replace('\n', ' '))
        .contains(
            "no means: the signal's history is missing (no history of provider trace, region");
    daemon.setGrid(
        new GridState(
            "chase",
            relayed.region(),
            Optional.of(relayed),
            Optional.empty(),
            Duration.ofHours(2),
            Optional.empty(),
            1,
            0));
    assertThat(step("wait", line)).isZero();
    assertThat(step("end", line)).isZero();
    assertThat(err.toString().replace('\n', ' '))
        .contains("estimated by chase CISO.")
        .doesNotContain("missing");
  }

  @Test
  void thePolicyIsThatOfTheNamedGpus() {
    assertThat(chase("policy", Map.of(), "fixed:600 --gpu 0")).isZero();
    daemon.setGrid(TestDaemon.gridWithoutSignal());
    String wait = "--until policy --if-unknown run --gpus ";
    assertThat(chase(Map.of(), wait + "0")).isZero();
    assertThat(err.toString()).contains("done: policy fixed:600 does not look at the grid");
    assertThat(chase(Map.of(), wait + "0,1")).isEqualTo(1);
    assertThat(err.toString()).contains("done: policy chase:0.24 needs a signal");
    assertThat(chase(Map.of("CUDA_VISIBLE_DEVICES", "0"), "--until policy --if-unknown run"))
        .isZero();
  }

  @Test
  void withoutACommandTheExitCodeSaysWhetherTheGridIsClean() throws Exception {
    assertThat(chase(Map.of(), "--until below:500")).isZero();
    assertThat(err.toString())
        .endsWith("chase: done: it is at 412 gCO2/kWh" + System.lineSeparator());
    daemon.setGrid(TestDaemon.gridWithoutSignal());
    assertThat(chase(Map.of(), "--until below:500 --if-unknown run")).isEqualTo(1);
    assertThat(err.toString())
        .contains("chase: done: the grid is not known (electricitymaps DE, no forecast)");
    assertThat(recorded()).isEmpty();
  }

  @Test
  void withoutADaemonThatIsSaidAndTheCommandIsStartedAllTheSame() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
    assertThat(step("wait", "--until policy --if-unknown run -- true")).isZero();
    assertThat(err.toString().lines())
        .satisfiesExactly(
            lost ->
                assertThat(lost)
                    .startsWith("chase: no daemon answers on ")
                    .endsWith("; the wait goes on, and the deadline holds"),
            goal -> assertThat(goal).startsWith("chase: waits for a grid at which the policy"),
            start -> assertThat(start).isEqualTo("chase: starts: no daemon answers"));
    assertThat(recorded()).contains("|unknown|-|-|-|-|");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--until green -- true | 2 | chase: --until: 'green' is not below:GRAMS",
        "--until cleanest:2h --deadline 1h -- true | 2 | chase: --until: cleanest:2h does not fit"
            + " before the deadline in 1h",
        "--until policy --deadline soon -- true | 2 | chase: --deadline: 'soon' is not a time",
        "--until policy --deadline 0s -- true | 2 | chase: --deadline: '0s' is over",
        "--until policy --if-unknown maybe -- true | 2 | chase: --if-unknown: 'maybe' is not one"
            + " of",
        "--until policy --gpus 9 -- true | 2 | chase: no GPU is called '9'",
        "--until policy --gpus , -- true | 2 | chase: --gpus names no GPU",
        "--until policy -- no-such-program | 127 | chase: no-such-program: command not found",
        "-- true | 2 | chase: chase wait needs --until GOAL",
      })
  void aMistakeIsFoundBeforeAnythingIsWaitedFor(String line, int exitCode, String error)
      throws IOException {
    assertThat(step("wait", line)).isEqualTo(exitCode);
    assertThat(err.toString()).startsWith(error);
    assertThat(recorded()).isEmpty();
  }

  @Test
  void withoutTheLauncherNoCommandIsRun() {
    assertThat(chase(Map.of(), "--until policy -- true")).isEqualTo(1);
    assertThat(err.toString()).startsWith("chase: chase wait with a command needs the launcher");
  }
}
