package chase.daemon.governor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import chase.carbon.Region;
import chase.daemon.events.Notification;
import chase.daemon.events.Topic;
import chase.daemon.fixtures.FakeGpu;
import chase.daemon.fixtures.FakeGpus;
import chase.daemon.gpu.GpuPool;
import chase.daemon.gpu.GpuTiming;
import chase.daemon.gpu.journal.GpuJournals;
import chase.daemon.grid.GridState;
import chase.daemon.host.ProcessTable;
import chase.daemon.restart.RestartKeeper;
import chase.zeus.engine.Engine;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.SafetyRules;
import chase.zeus.gpu.GpuException;
import chase.zeus.policy.EnergyOutlook;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Zeus's clients read of a GPU of 400 W that draws 90 W. */
class GovernorReadingsTest {
  private static final InstantSource CLOCK = InstantSource.system();
  private static final double SHOWN = 3e9;

  /** What a GPU of 400 W cannot use during a few requests of a test. */
  private static final double MUCH = 10_000;

  @TempDir Path proc;
  private final Vertx vertx = Vertx.vertx();
  private final FakeGpu gpu = new FakeGpu(0);
  private GovernorVerticle governor;

  @BeforeEach
  void start() throws Exception {
    gpu.count(new Joules(SHOWN));
    FakeGpus driver = new FakeGpus(List.of(gpu));
    GpuTiming timing =
        new GpuTiming(Duration.ofMillis(20), Duration.ofSeconds(5), Duration.ofMillis(10));
    Optional<GpuJournals> journals = Optional.empty();
    SafetyRules rules =
        new SafetyRules(
            SafetyRules.Mode.OBSERVE,
            0.5,
            Duration.ZERO,
            Duration.ofMinutes(10),
            Duration.ofMillis(200));
    governor =
        new GovernorVerticle(
            new Engine(rules, PowerPolicy.max(), CLOCK.instant()),
            events -> new GpuPool(vertx, () -> driver, journals, timing, CLOCK, events),
            new ProcessTable(proc),
            Duration.ofSeconds(1),
            new Topic<>(vertx, EnergyOutlook.class),
            new NotificationPublisher(
                new Topic<>(vertx, Notification.class),
                () -> GridState.withoutProvider(new Region("none"), Duration.ofHours(2))),
            RestartKeeper.none(),
            CLOCK);
    get(vertx.deployVerticle(governor));
    await().until(() -> view().meteredEnergy().isPresent());
  }

  @AfterEach
  void stop() throws Exception {
    get(vertx.close());
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private GpuView view() {
    return governor.snapshot().gpu(gpu.traits().id()).orElseThrow();
  }

  private double returned() throws Exception {
    return get(governor.energy(gpu.traits().id())).value();
  }

  private void readTwice() {
    int before = gpu.reads();
    await().until(() -> gpu.reads() >= before + 2);
  }

  @Test
  void theEnergyIsThatOfTheGpusCounter() throws Exception {
    assertThat(returned()).isEqualTo(SHOWN);
    gpu.count(new Joules(SHOWN + 50));
    assertThat(returned()).isEqualTo(SHOWN + 50);
  }

  @Test
  void aCounterThatJumpsGoesBackOrShowsZeroGivesNoImpossibleEnergy() throws Exception {
    double last = returned();
    for (double shown : new double[] {0, SHOWN - 5_000, SHOWN + 1e6, 1e300, SHOWN + 20, 40}) {
      gpu.count(new Joules(shown));
      for (int i = 0; i < 3; i++) {
        double now = returned();
        assertThat(now).as("with %s on the counter", shown).isBetween(last, SHOWN + MUCH);
        last = now;
        readTwice();
      }
    }
  }

  @Test
  void aDrawThatTheGpuCannotHaveIsAFailure() {
    gpu.draw(new Watts(65_535));
    assertThatThrownBy(() -> get(governor.powerDraw(gpu.traits().id())))
        .hasCauseInstanceOf(GpuException.class)
        .hasMessageContaining("more than it can draw");
  }
}
