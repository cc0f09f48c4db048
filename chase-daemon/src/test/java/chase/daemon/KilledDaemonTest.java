package chase.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chase.daemon.fixtures.TestCertificates;
import chase.zeus.fixtures.FakeDriver;
import chase.zeus.unit.Watts;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    // The killed daemon left its socket, its limits and its lines: only new lines say anything.
    Files.delete(log);
    Process second = chase("daemon", "--config", config.toString());
    await()
        .atMost(PATIENCE)
        .until(() -> Files.exists(log) && Files.readString(log).contains(" is ready: "));
    await().atMost(PATIENCE).until(() -> requested().equals(List.of(240.0, 240.0, 240.0)));
    second.destroy();
    exitCode(second);
    assertThat(requested()).containsExactly(700.0, 400.0, 250.0);
  }

  @Test
  void aLimitOfAnExternalProcessAfterAKillIsLeftAlone() throws Exception {
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
  void restoreWithAnotherStateDirectoryLeavesARunningDaemonAndItsRecordsAlone() throws Exception {
    capping();
    Path copy = directory.resolve("chase.sock.limits.json");
    await().atMost(PATIENCE).until(() -> Files.exists(directory.resolve("chase.sock")));
    String before = Files.readString(copy);
    Path other = directory.resolve("other.yaml");
    Files.writeString(
        other,
        Files.readString(config).replace("state-directory: state", "state-directory: other"));

    assertThat(exitCode(chase("restore", "--config", other.toString()))).isEqualTo(1);

    assertThat(Files.readString(log)).contains("a running Chase daemon answers on ");
    assertThat(requested()).containsExactly(240.0, 240.0, 240.0);
    assertThat(copy).content().isEqualTo(before);
  }

  @Test
  void aSecondDaemonOnTheSameStateIsRefusedAndChangesNothing() throws Exception {
    capping();
    assertThat(exitCode(chase("daemon", "--config", config.toString()))).isEqualTo(1);
    assertThat(requested()).containsExactly(240.0, 240.0, 240.0);
  }

  @Test
  void aDaemonWhoseSocketIsInUseTouchesNoGpu() throws Exception {
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

  private Process daemon(String... more) throws IOException {
    Files.writeString(config, Files.readString(config) + String.join("\n", more) + "\n");
    return chase("daemon", "--config", config.toString());
  }

  @Test
  void aPortInUseIsNoticedBeforeAnyGpuIsTouchedAndMayPass() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Files.writeString(
          config, Files.readString(config).replace("port: 0", "port: " + taken.getLocalPort()));
      assertThat(exitCode(daemon())).isEqualTo(1);
    }
    assertThat(Files.readString(log)).contains("chase: metrics cannot listen on 127.0.0.1:");
    assertThat(driver.calls()).isEmpty();
  }

  @Test
  void aHostThatDoesNotResolveIsNoticedBeforeAnyGpuIsTouched() throws Exception {
    TestCertificates.make(directory, "tls", "EC");
    Path token = Files.writeString(directory.resolve("token"), "a-token-of-some-length\n");
    Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
    Files.writeString(
        config,
        Files.readString(config)
            .replace(
                "port: 0",
                "port: 0, host: no-such-host.invalid, token-file: token,"
                    + " tls: {certificate: tls.crt, key: tls.key}"));
    assertThat(exitCode(daemon())).isEqualTo(1);
    assertThat(Files.readString(log))
        .contains("chase: metrics cannot listen on no-such-host.invalid:0: no such host is known");
    assertThat(driver.calls()).isEmpty();
  }

  @Test
  void aWrongConfigurationHasAnExitCodeOfItsOwn() throws Exception {
    assertThat(exitCode(daemon("no-such-key: 1"))).isEqualTo(2);
    assertThat(driver.calls()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {9, 18, 999, 15})
  void aDriverThatIsLoadedLateIsWaitedForAndThenDriven(int code) throws Exception {
    driver.refuseInit(code);
    Process daemon = daemon();
    await().atMost(PATIENCE).until(() -> Files.exists(directory.resolve("chase.sock")));
    assertThat(Files.readString(log)).containsOnlyOnce("the GPU driver is not there: NVML cannot");
    driver.refuseInit(0);
    await().atMost(PATIENCE).until(() -> requested().equals(List.of(240.0, 240.0, 240.0)));
    daemon.destroy();
    assertThat(exitCode(daemon)).isEqualTo(143);
    assertThat(requested()).containsExactly(700.0, 400.0, 250.0);
  }

  @Test
  void aStopIsHandledWhileTheDriverHangs() throws Exception {
    driver.hangEverywhere("nvmlInit");
    Process daemon = daemon();
    await().atMost(PATIENCE).until(() -> driver.calls().containsKey("nvmlInit_v2"));
    daemon.destroy();
    exitCode(daemon);
    assertThat(Files.readString(log)).contains("not waiting any longer for the GPU driver");
    driver.mend();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nvmlDeviceGetHandle",
        "nvmlDeviceGetUUID",
        "nvmlDeviceGetPowerManagementLimit",
        "nvmlDeviceSetPowerManagementLimit"
      })
  void aHungGpuKeepsNoOtherFromChaseRestoreWhichPrintsWhatIsLeft(String call) throws Exception {
    exitCode(capping().destroyForcibly());
    Files.writeString(
        config, Files.readString(config).replace("gpu: {", "gpu: {call-deadline: 1s, "));
    driver.hang(0, call);
    assertThat(exitCode(chase("restore", "--config", config.toString()))).isEqualTo(1);
    assertThat(requested()).containsExactly(240.0, 400.0, 250.0);
    assertThat(Files.readString(log)).contains("no answer within 2 s");
    driver.mend();
    assertThat(exitCode(chase("restore", "--config", config.toString()))).isZero();
    assertThat(requested()).containsExactly(700.0, 400.0, 250.0);
  }

  @Test
  void aStopThatLeavesALimitBehindHasAnExitCodeOfItsOwn() throws Exception {
    Process daemon = capping();
    driver.refuseWrites(1, true);
    daemon.destroy();
    assertThat(exitCode(daemon)).isEqualTo(1);
    assertThat(requested()).containsExactly(700.0, 240.0, 250.0);
    assertThat(Files.readString(log)).contains("not everything is restored (see above)");
  }

  @Test
  void doctorNamesTheGpuThatHangsAndShowsTheOthers() throws Exception {
    Files.writeString(
        config, Files.readString(config).replace("gpu: {", "gpu: {call-deadline: 4s, "));
    driver.hang(1, "nvmlDeviceGetName");
    exitCode(chase("doctor", "--config", config.toString()));
    assertThat(Files.readString(log))
        .contains("GPU 1: no answer within 4 s", "GPU 0, NVIDIA H100", "GPU 2, Tesla V100");
    driver.mend();
  }
}
