package chase.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chase.daemon.config.ChaseConfig;
import chase.daemon.gpu.GpuBackend;
import chase.daemon.gpu.LockedJournals;
import chase.zeus.engine.Reason;
import chase.zeus.fixtures.FakeDriver;
import chase.zeus.writes.WriteBounds;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** GPUs that fail or hang while the daemon opens, drives and leaves them: no limit stays behind. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TroubledGpuTest {
  private static final InstantSource CLOCK = InstantSource.system();
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final List<Double> FOUND = List.of(400.0, 250.0);

  private FakeDriver driver;
  private Vertx vertx;
  private ChaseConfig config;

  @BeforeAll
  void build(@TempDir Path folder) {
    driver = FakeDriver.build(folder);
  }

  @BeforeEach
  void freshGpus(@TempDir Path directory) throws Exception {
    driver.reset("a100", "v100");
    vertx = Vertx.vertx();
    config =
        ChaseConfig.parse(
            "chase.yaml",
            """
            policy: fixed:160
            state-directory: state
            gpu:
              library: %s
              floor-ratio: 0.3
              telemetry-period: 100ms
              call-deadline: 2s
              minimum-dwell: 0s
              retry-after: 1s
            """
                .formatted(driver.library()),
            directory,
            Map.of("CHASE_SOCKET", directory.resolve("chase.sock").toString()));
  }

  @AfterEach
  void mend() throws Exception {
    driver.mend();
    vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private RunningDaemon start() throws Exception {
    return RunningDaemon.start(vertx, config, CLOCK);
  }

  private List<Double> requested() {
    return List.of(driver.requested(0).value(), driver.requested(1).value());
  }

  private void awaitLow() {
    await().atMost(PATIENCE).until(() -> requested().equals(List.of(160.0, 160.0)));
  }

  @ParameterizedTest
  @CsvSource({
    "nvmlDeviceGetHandle, 999",
    "nvmlDeviceGetUUID, 15",
    "nvmlDeviceGetName, 3",
    "nvmlDeviceGetName, 999",
    "nvmlDeviceGetPowerManagementLimit, 9",
    "nvmlDeviceGetPowerManagementLimitConstraints, 27",
    "nvmlDeviceGetMigMode, 18",
    "nvmlDeviceGetFieldValues, 1",
    "nvmlDeviceSetPowerManagementLimit, 999"
  })
  void oneErrorAtTheStartCostsNeitherTheGpuNorItsLimit(String call, int code) throws Exception {
    driver.fail(0, call, code, 1);
    RunningDaemon daemon = start();
    awaitLow();
    assertThat(daemon.stop()).isTrue();
    assertThat(requested()).isEqualTo(FOUND);
  }

  @ParameterizedTest
  @CsvSource({
    "nvmlDeviceGetTemperature, 1", "nvmlDeviceGetTemperature, 9", "nvmlDeviceGetTemperature, 18",
    "nvmlDeviceGetTemperature, 27", "nvmlDeviceGetClockInfo, 15", "nvmlDeviceGetFieldValues, 16",
    "nvmlDeviceGetPersistenceMode, 28"
  })
  void aStopWithinTheBackOffAfterOneErrorPutsEveryLimitBack(String call, int code)
      throws Exception {
    RunningDaemon daemon = start();
    awaitLow();
    driver.fail(0, call, code, 1);
    await()
        .atMost(PATIENCE)
        .until(() ->
            daemon.whyNoDriver().isPresent()
                || daemon.snapshot().gpus().stream()
                    .anyMatch(gpu -> gpu.reason() instanceof Reason.Lost));
    assertThat(daemon.stop()).isTrue();
    assertThat(requested()).isEqualTo(FOUND);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 9, 15, 18, 27, 999})
  void aStopWhileEverythingFailsReturnsThatAndRestoreCompletesIt(int code) throws Exception {
    RunningDaemon daemon = start();
    awaitLow();
    driver.fail(0, "nvml", code);
    assertThat(daemon.stop()).isFalse();
    assertThat(requested()).containsExactly(160.0, 250.0);
    driver.mend();
    assertThat(restore()).as(published).isTrue();
    assertThat(requested()).isEqualTo(FOUND);
  }

  private String published = "";

  private boolean restore() throws Exception {
    StringWriter out = new StringWriter();
    boolean complete =
        LockedJournals.restoreWithoutDaemon(
            LockedJournals.paths(config),
            GpuBackend.driver(config.gpu(), CLOCK),
            config.gpu().callDeadline(),
            WriteBounds.DEFAULT_RAISE_WATTS_PER_SECOND,
            CLOCK,
            new PrintWriter(out, true));
    published = out.toString();
    return complete;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nvmlDeviceGetPowerUsage",
        "nvmlDeviceGetTemperature",
        "nvmlDeviceGetFieldValues",
        "nvmlDeviceGetClockInfo"
      })
  void aGpuThatHangsAsItIsReadIsPutBackAllTheSame(String call) throws Exception {
    RunningDaemon daemon = start();
    awaitLow();
    driver.hang(0, call);
    await()
        .atMost(PATIENCE)
        .until(() ->
            daemon.snapshot().gpus().stream().anyMatch(gpu -> gpu.reason() instanceof Reason.Lost)
                || call.equals("nvmlDeviceGetPowerUsage"));
    daemon.stop();
    assertThat(requested()).isEqualTo(FOUND);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nvmlDeviceGetHandle",
        "nvmlDeviceGetUUID",
        "nvmlDeviceGetName",
        "nvmlDeviceGetPowerManagementLimit",
        "nvmlDeviceGetPowerUsage",
        "nvmlDeviceGetMigMode"
      })
  void aGpuThatHangsAsItIsOpenedHoldsUpNoOther(String call) throws Exception {
    driver.hang(0, call);
    RunningDaemon daemon = start();
    await().atMost(PATIENCE).until(() -> driver.requested(1).value() == 160);
    daemon.stop();
    assertThat(requested()).isEqualTo(FOUND);
    driver.mend();
  }

  @Test
  void aGpuThatAnsweredIsNotCalledSilentWhileTheDaemonStops() throws Exception {
    RunningDaemon daemon = start();
    awaitLow();
    driver.hang(0, "nvmlDeviceGetPowerManagementLimit");
    assertThat(daemon.stop()).isFalse();
    assertThat(daemon.snapshot().gpus())
        .filteredOn(gpu -> gpu.traits().index() == 1)
        .singleElement()
        .matches(gpu -> gpu.contact().answers(), "answers, as far as anybody asked");
    driver.mend();
  }

  @Test
  void aGpuThatComesLateIsDrivenThen() throws Exception {
    driver.fail(0, "nvmlDeviceGetName", 999);
    RunningDaemon daemon = start();
    await().atMost(PATIENCE).until(() -> driver.requested(1).value() == 160);
    assertThat(driver.requested(0).value()).isEqualTo(400);
    driver.mend();
    awaitLow();
    assertThat(daemon.stop()).isTrue();
    assertThat(requested()).isEqualTo(FOUND);
  }

  /** It is found out by opening the driver once more than needed. */
  @ParameterizedTest
  @CsvSource({
    "nvmlDeviceGetHandle, 9",
    "nvmlDeviceGetPowerManagementLimitConstraints, 27",
    "nvmlDeviceGetMigMode, 1"
  })
  void aGpuThatReportsADriversTroubleFromTheStartHoldsUpNoOther(String call, int code)
      throws Exception {
    driver.fail(0, call, code);
    RunningDaemon daemon = start();
    await().atMost(PATIENCE).until(() -> driver.requested(1).value() == 160);
    driver.mend();
    awaitLow();
    assertThat(daemon.stop()).isTrue();
    assertThat(requested()).isEqualTo(FOUND);
  }

  @Test
  void aGpuThatAloneReportsADriversTroubleLeavesTheOthersInPeace() throws Exception {
    RunningDaemon daemon = start();
    awaitLow();
    driver.fail(0, "nvmlDeviceGetTemperature", 9);
    await()
        .atMost(PATIENCE)
        .until(() ->
            daemon.whyNoDriver().isEmpty()
                && driver.requested(1).value() == 160
                && daemon.snapshot().gpus().stream()
                    .anyMatch(gpu ->
                        gpu.reason() instanceof Reason.Lost lost
                            && !lost.why().startsWith("the driver went away")));
    assertThat(daemon.stop()).isTrue();
    assertThat(requested()).isEqualTo(FOUND);
  }
}
