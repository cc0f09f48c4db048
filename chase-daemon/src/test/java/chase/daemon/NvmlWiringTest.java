package chase.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chase.daemon.config.ChaseConfig;
import chase.daemon.events.Notification;
import chase.daemon.gpu.GpuBackend;
import chase.daemon.gpu.LockedJournals;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.Reason;
import chase.zeus.fixtures.FakeDriver;
import chase.zeus.unit.Watts;
import chase.zeus.writes.WriteBounds;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole way from a configuration to a driver and back, with a driver that is not real. */
class NvmlWiringTest {
  private static final InstantSource CLOCK = InstantSource.system();

  @TempDir Path directory;
  private final Vertx vertx = Vertx.vertx();
  private FakeDriver driver;
  private ChaseConfig config;

  @BeforeEach
  void build() throws Exception {
    driver = FakeDriver.build(directory);
    driver.reset("h100", "a100", "v100");
    config =
        ChaseConfig.parse(
            "chase.yaml",
            """
            policy: fixed:240
            state-directory: state
            gpu:
              library: %s
              floor-ratio: 0.3
              telemetry-period: 100ms
              call-deadline: 2s
              minimum-dwell: 0s
            """
                .formatted(driver.library()),
            directory,
            Map.of("CHASE_SOCKET", directory.resolve("chase.sock").toString()));
  }

  @AfterEach
  void stop() throws Exception {
    driver.hang(false);
    vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private RunningDaemon start() throws Exception {
    return RunningDaemon.start(vertx, config, CLOCK);
  }

  private List<Double> requested() {
    return List.of(
        driver.requested(0).value(), driver.requested(1).value(), driver.requested(2).value());
  }

  @Test
  void aGpuThatRefusesWritesIsLeftAloneAndTheOthersFollow() throws Exception {
    List<Double> found = requested();
    driver.refuseWrites(1, true);
    RunningDaemon daemon = start();
    await().until(() -> driver.requested(0).value() == 240 && driver.requested(2).value() == 240);
    await().until(() -> daemon.snapshot().gpus().get(1).reason() instanceof Reason.Refused);
    daemon.close();
    assertThat(requested()).isEqualTo(found);
  }

  @Test
  void aDriverThatIsLoadedAnewIsOpenedAnewAndSetAgain() throws Exception {
    RunningDaemon daemon = start();
    await().until(() -> driver.requested(0).value() == 240);
    List<Notification> published = new CopyOnWriteArrayList<>();
    daemon.notifications().subscribe(published::add);
    driver.reload();
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> published.stream().anyMatch(notice -> notice.text().contains(", limit ")));
    await().until(() -> driver.requested(0).value() == 240);
    daemon.close();
    assertThat(driver.requested(0)).isEqualTo(new Watts(700));
  }

  @Test
  void aLimitOfAnExternalProcessIsKeptEvenWhenTheDaemonStops() throws Exception {
    RunningDaemon daemon = start();
    await().until(() -> driver.requested(0).value() == 240);
    driver.foreignLimit(0, new Watts(555));
    await()
        .until(() ->
            daemon.snapshot().gpus().stream()
                .map(GpuView::reason)
                .anyMatch(Reason.HandsOff.class::isInstance));
    daemon.close();
    assertThat(driver.requested(0)).isEqualTo(new Watts(555));
  }

  @Test
  void whatADeadDaemonLeftIsPutBackByRestore() throws Exception {
    List<Double> found = requested();
    RunningDaemon daemon = start();
    await().until(() -> requested().stream().allMatch(watts -> watts == 240));
    String journal = Files.readString(directory.resolve("state/limits.json"));
    daemon.close();
    Files.writeString(directory.resolve("state/limits.json"), journal);
    for (int gpu = 0; gpu < 3; gpu++) {
      driver.foreignLimit(gpu, new Watts(240));
    }
    StringWriter out = new StringWriter();
    boolean complete =
        LockedJournals.restoreWithoutDaemon(
            LockedJournals.paths(config),
            GpuBackend.driver(config.gpu(), CLOCK),
            Duration.ofSeconds(2),
            WriteBounds.DEFAULT_RAISE_WATTS_PER_SECOND,
            CLOCK,
            new PrintWriter(out, true));
    assertThat(complete).as(out.toString()).isTrue();
    assertThat(requested()).isEqualTo(found);
  }
}
