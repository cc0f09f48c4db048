package chase.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chase.zeus.gpu.nvml.FakeDriver;
import chase.zeus.unit.Watts;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real process on the fake driver: every kind of death that the kernel can deal it. */
class KilledDaemonTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path directory;
  private final List<Process> started = new ArrayList<>();
  private FakeDriver driver;
  private Path config;
  private Path log;

  @BeforeEach
  void build() throws IOException {
    driver = FakeDriver.build(directory);
    driver.reset("h100", "a100", "v100");
    log = directory.resolve("chase.log");
    config = directory.resolve("chase.yaml");
    Files.writeString(
        config,
        """
        policy: fixed:240
        state-directory: state
        control: {socket: chase.sock}
        metrics: {port: 0}
        gpu: {library: %s, floor-ratio: 0.3, telemetry-period: 100ms}
        """
            .formatted(driver.library()));
  }

  @AfterEach
  void leaveNoProcess() throws Exception {
    for (Process process : started) {
      process.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
    }
  }

  private Process chase(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "chase.daemon.Main"));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(log.toFile()))
            .start();
    started.add(process);
    return process;
  }

  private Process capping() throws IOException {
    Process daemon = chase("daemon", "--config", config.toString());
    await().atMost(PATIENCE).until(() -> requested().equals(List.of(240.0, 240.0, 240.0)));
    return daemon;
  }

  private int exitCode(Process process) throws InterruptedException {
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private List<Double> requested() {
    return List.of(
        driver.requested(0).value(), driver.requested(1).value(), driver.requested(2).value());
  }

  @Test
  void aTerminatedDaemonRestoresEveryLimit() throws Exception {
    Process daemon = capping();
    daemon.destroy();
    assertThat(exitCode(daemon)).isEqualTo(143);
    assertThat(requested()).containsExactly(700.0, 400.0, 250.0);
    assertThat(Files.readString(log)).contains("from 240 W to 700 W: Chase is stopping");
    assertThat(directory.resolve("chase.sock")).doesNotExist();
  }

  @Test
  void restoreBringsEveryLimitBackAfterAKill() throws Exception {
    Process daemon = capping();
    daemon.destroyForcibly();
    exitCode(daemon);
    assertThat(requested()).containsExactly(240.0, 240.0, 240.0);

    assertThat(exitCode(chase("restore", "--config", config.toString()))).isZero();
    assertThat(requested()).containsExactly(700.0, 400.0, 250.0);
    assertThat(exitCode(chase("restore", "--config", config.toString()))).isZero();
  }

  @Test
  void aPlainRestartAfterAKillStillKnowsTheLimitsFound() throws Exception {
    exitCode(capping().destroyForcibly());
    Process second = chase("daemon", "--config", config.toString());
    await().atMost(PATIENCE).until(() -> Files.exists(directory.resolve("chase.sock")));
    await().atMost(PATIENCE).until(() -> requested().equals(List.of(240.0, 240.0, 240.0)));
    second.destroy();
    exitCode(second);
    assertThat(requested()).containsExactly(700.0, 400.0, 250.0);
  }

  @Test
  void whatSomebodyElseSetAfterAKillIsLeftAlone() throws Exception {
    exitCode(capping().destroyForcibly());
    driver.foreignLimit(1, new Watts(333));

    assertThat(exitCode(chase("restore", "--config", config.toString()))).isZero();
    assertThat(requested()).containsExactly(700.0, 333.0, 250.0);
  }

  @Test
  void restoreIsRefusedWhileADaemonRuns() throws Exception {
    capping();
    assertThat(exitCode(chase("restore", "--config", config.toString()))).isEqualTo(1);
    assertThat(requested()).containsExactly(240.0, 240.0, 240.0);
  }

  @Test
  void aSecondDaemonOnTheSameStateIsRefusedAndChangesNothing() throws Exception {
    capping();
    assertThat(exitCode(chase("daemon", "--config", config.toString()))).isEqualTo(1);
    assertThat(requested()).containsExactly(240.0, 240.0, 240.0);
  }

  @Test
  void aDaemonWhoseSocketIsInUseTouchesNoCard() throws Exception {
    capping();
    int writes = driver.log().size();
    Files.writeString(
        directory.resolve("other.yaml"),
        Files.readString(config).replace("state-directory: state", "state-directory: other"));

    Process second = chase("daemon", "--config", directory.resolve("other.yaml").toString());

    assertThat(exitCode(second)).isEqualTo(1);
    assertThat(Files.readString(log)).contains("chase.sock is in use by a running daemon");
    assertThat(driver.log()).hasSize(writes);
  }
}
