package chase.daemon.page;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.fixtures.TestDaemon;
import chase.daemon.grid.GridState;
import chase.zeus.engine.Engine;
import chase.zeus.engine.Event;
import chase.zeus.engine.PolicyScope;
import chase.zeus.engine.SafetyRules;
import chase.zeus.engine.Snapshot;
import chase.zeus.policy.PowerPolicy;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthTest {
  private static final Instant NOON = TestDaemon.NOON;

  private final Vertx vertx = Vertx.vertx();
  private final TestDaemon daemon = new TestDaemon(vertx);

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private static Health health(Snapshot snapshot, GridState grid, Instant now) {
    return new Health(snapshot, grid, Optional.empty(), now);
  }

  private List<String> unready(GridState grid) {
    return health(daemon.snapshot(), grid, NOON).unready();
  }

  @Test
  void aDaemonThatDoesItsWorkIsHealthyAndReady() {
    Health health = health(daemon.snapshot(), TestDaemon.gridAt(412), NOON);
    assertThat(health.unhealthy()).isEmpty();
    assertThat(health.unready()).isEmpty();
  }

  @Test
  void aLoopThatStandsStillIsUnhealthy() {
    Health health = health(daemon.snapshot(), TestDaemon.gridAt(412), NOON.plusSeconds(40));
    assertThat(health.unhealthy()).containsExactly("the control loop has not turned for 40s");
    assertThat(health.unready()).containsAll(health.unhealthy());
  }

  @Test
  void aClockThatIsSetBackIsNoFault() {
    Instant earlier = NOON.minus(Duration.ofHours(1));
    assertThat(health(daemon.snapshot(), TestDaemon.gridAt(412), earlier).unhealthy()).isEmpty();
  }

  @Test
  void aStoppingDaemonIsHealthyButNotReady() {
    daemon.handle(new Event.Stopping(NOON));
    Health health = health(daemon.snapshot(), TestDaemon.gridAt(412), NOON.plusSeconds(20));
    assertThat(health.unhealthy()).isEmpty();
    assertThat(health.unready()).contains("Chase is stopping");
  }

  @Test
  void aSignalThatIsNeededMustBeTrusted() {
    assertThat(unready(TestDaemon.gridWithoutSignal()))
        .singleElement()
        .asString()
        .startsWith("the signal cannot be trusted: ")
        .contains("401");
    daemon.command(new Event.PolicyChosen(PowerPolicy.max(), new PolicyScope.WholeHost(), NOON));
    assertThat(unready(TestDaemon.gridWithoutSignal())).isEmpty();
  }

  @Test
  void oneGpuThatAnswersIsEnough() {
    daemon.handle(new Event.GpuLost(TestDaemon.SECOND, "gone", NOON));
    assertThat(unready(TestDaemon.gridAt(412))).isEmpty();
  }

  @Test
  void withoutAnyThatAnswersEachSaysWhy() {
    daemon.handle(new Event.GpuLost(TestDaemon.FIRST, "it fell off the bus", NOON));
    daemon.handle(new Event.GpuLost(TestDaemon.SECOND, "gone", NOON));
    assertThat(unready(TestDaemon.gridAt(412)))
        .hasSize(2)
        .first()
        .asString()
        .isEqualTo("GPU 0: it no longer answers (it fell off the bus)");
  }

  @Test
  void aLimitMustBeSettableWhereChaseSetsLimits() {
    daemon.handle(new Event.GpuLost(TestDaemon.FIRST, "gone", NOON));
    assertThat(unready(TestDaemon.gridAt(412)))
        .containsExactly("GPU 1: Chase never writes this GPU (MIG is on)");
  }

  @Test
  void aHostWithoutGpusOrDriverIsNotReady() {
    Snapshot empty =
        new Engine(
                new SafetyRules(
                    SafetyRules.Mode.OBSERVE,
                    0.6,
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(10),
                    Duration.ofSeconds(5)),
                PowerPolicy.max(),
                NOON)
            .snapshot();
    assertThat(health(empty, TestDaemon.gridAt(412), NOON).unready())
        .containsExactly("no GPU is open");
    assertThat(
            new Health(empty, TestDaemon.gridAt(412), Optional.of("libnvidia-ml.so.1"), NOON)
                .unready())
        .containsExactly("there is no GPU driver: libnvidia-ml.so.1");
  }
}
