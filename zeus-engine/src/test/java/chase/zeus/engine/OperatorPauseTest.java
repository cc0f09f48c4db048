package chase.zeus.engine;

import static chase.zeus.fixtures.TestGpus.GPU;
import static chase.zeus.fixtures.TestGpus.RULES;
import static chase.zeus.fixtures.TestGpus.START;
import static chase.zeus.fixtures.TestGpus.at;
import static chase.zeus.fixtures.TestGpus.grid;
import static chase.zeus.fixtures.TestGpus.limits;
import static chase.zeus.fixtures.TestGpus.opened;
import static chase.zeus.fixtures.TestGpus.seen;
import static chase.zeus.fixtures.TestGpus.watts;
import static org.assertj.core.api.Assertions.assertThat;

import chase.zeus.engine.KeptState.OperatorPause;
import chase.zeus.gpu.GpuId;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.unit.Watts;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two GPUs whose original limit is 250 W; the policy's is 200 W. */
class OperatorPauseTest {
  private static final GpuId OTHER = new GpuId("GPU-other");

  private final Engine engine = new Engine(RULES, PowerPolicy.fixed(watts(200)), START);

  @BeforeEach
  void settle() {
    happen(opened(GPU, 250));
    happen(opened(OTHER, 250));
  }

  private void obey(List<Order> orders, Instant at) {
    for (Order order : orders) {
      Event done = new Event.LimitApplied(order.gpu(), limits(order.limit().value()), at);
      obey(engine.on(done).orders(), at);
    }
  }

  private void happen(Event event) {
    obey(engine.on(event).orders(), event.at());
  }

  private static Event.GpuPaused pause(Instant until, Instant at) {
    return new Event.GpuPaused(GPU, Optional.of(until), at);
  }

  private GpuView view(GpuId gpu) {
    return engine.snapshot().gpu(gpu).orElseThrow();
  }

  private Watts limit(GpuId gpu) {
    return view(gpu).limits().orElseThrow().requested();
  }

  private String refusal(Event.Command command) {
    return engine.on(command) instanceof Refusal refusal ? refusal.message() : "none";
  }

  @Test
  void onePausedGpuHasItsOriginalLimitAndTheOtherFollowsThePolicy() {
    happen(new Event.GpuPaused(GPU, Optional.empty(), at(1)));
    happen(grid(500, at(1_000)));
    assertThat(limit(GPU)).isEqualTo(watts(250));
    assertThat(limit(OTHER)).isEqualTo(watts(200));
    assertThat(view(GPU).reason()).isEqualTo(new Reason.PausedGpu(Optional.empty()));
    assertThat(engine.snapshot().paused()).isFalse();
    assertThat(engine.snapshot().pauses().of(GPU))
        .contains(new OperatorPause(at(1), Optional.empty()));
    assertThat(engine.snapshot().pauses().of(OTHER)).isEmpty();
  }

  @Test
  void aPauseEndsByTimeAndThePolicyDecidesAtOnce() {
    happen(pause(at(60), at(1)));
    happen(new Event.TimePassed(at(59)));
    assertThat(limit(GPU)).isEqualTo(watts(250));
    happen(new Event.TimePassed(at(60)));
    assertThat(limit(GPU)).isEqualTo(watts(200));
    assertThat(engine.snapshot().pauses()).isEqualTo(Snapshot.Pauses.NONE);
  }

  @Test
  void aPauseOfTheHostEndsByTimeToo() {
    happen(new Event.Paused(Optional.of(at(60)), at(1)));
    assertThat(view(GPU).reason()).isEqualTo(new Reason.ChasePaused(Optional.of(at(60))));
    happen(new Event.TimePassed(at(60)));
    assertThat(limit(GPU)).isEqualTo(watts(200));
    assertThat(engine.snapshot().paused()).isFalse();
  }

  @Test
  void theLastPauseCounts() {
    happen(pause(at(60), at(1)));
    happen(pause(at(120), at(2)));
    happen(new Event.TimePassed(at(61)));
    assertThat(limit(GPU)).isEqualTo(watts(250));
    happen(new Event.GpuPaused(GPU, Optional.empty(), at(62)));
    happen(new Event.TimePassed(at(10_000)));
    assertThat(limit(GPU)).isEqualTo(watts(250));
  }

  @Test
  void oneGpuIsResumedOrAllAre() {
    happen(pause(at(600), at(1)));
    happen(new Event.GpuResumed(GPU, at(2)));
    assertThat(limit(GPU)).isEqualTo(watts(200));
    happen(pause(at(600), at(3)));
    happen(new Event.Resumed(at(4)));
    assertThat(limit(GPU)).isEqualTo(watts(200));
  }

  @Test
  void aPauseOfTheHostOutlastsThatOfAGpuAndTheOtherWayRound() {
    happen(new Event.Paused(at(1)));
    happen(pause(at(60), at(2)));
    assertThat(refusal(new Event.GpuResumed(GPU, at(3)))).contains("Chase is paused");
    happen(new Event.TimePassed(at(60)));
    assertThat(limit(GPU)).isEqualTo(watts(250));
    happen(new Event.Resumed(at(61)));
    assertThat(limit(GPU)).isEqualTo(watts(200));
  }

  @Test
  void aLeaseOfAPausedGpuTakesEffectAfterwards() {
    Lease.Holder alice = new Lease.Holder("alice", Optional.of(4711L));
    happen(new Event.LeaseTaken(GPU, Optional.of(watts(220)), alice, at(3_600), at(1)));
    happen(pause(at(60), at(2)));
    assertThat(limit(GPU)).isEqualTo(watts(250));
    happen(new Event.LeaseTaken(GPU, Optional.of(watts(230)), alice, at(3_600), at(3)));
    assertThat(limit(GPU)).isEqualTo(watts(250));
    happen(new Event.TimePassed(at(60)));
    assertThat(limit(GPU)).isEqualTo(watts(230));
  }

  @Test
  void anOverrideWaitsForNoPauseAndIsKeptThroughOne() {
    happen(new Event.OverrideSet(GPU, watts(180), at(3_600), at(1)));
    happen(pause(at(60), at(2)));
    assertThat(limit(GPU)).isEqualTo(watts(250));
    assertThat(refusal(new Event.OverrideSet(GPU, watts(190), at(3_600), at(3))))
        .isEqualTo("GPU 0 (GPU-a) is paused; resume it first");
    happen(new Event.TimePassed(at(60)));
    assertThat(limit(GPU)).isEqualTo(watts(180));
  }

  @Test
  void anExternalLimitIsNotWrittenByAPause() {
    happen(seen(GPU, 150, at(1)));
    happen(pause(at(60), at(2)));
    assertThat(limit(GPU)).isEqualTo(watts(150));
    assertThat(view(GPU).reason()).isInstanceOf(Reason.PausedGpu.class);
  }

  @Test
  void aPauseThatEndsInThePastAndOneOfAnUnknownGpuAreRefused() {
    assertThat(refusal(pause(at(5), at(5))))
        .isEqualTo("a pause must end in the future, not at " + at(5));
    assertThat(refusal(new Event.Paused(Optional.of(at(4)), at(5)))).contains("in the future");
    assertThat(refusal(new Event.GpuPaused(new GpuId("GPU-x"), Optional.empty(), at(5))))
        .startsWith("no GPU GPU-x here");
  }
}
