package chase.zeus.engine;

import static chase.zeus.fixtures.TestGpus.PROFILE;
import static chase.zeus.fixtures.TestGpus.START;
import static chase.zeus.fixtures.TestGpus.at;
import static chase.zeus.fixtures.TestGpus.limits;
import static chase.zeus.fixtures.TestGpus.traits;
import static chase.zeus.fixtures.TestGpus.watts;
import static chase.zeus.fixtures.TestHost.A;
import static chase.zeus.fixtures.TestHost.JOB;
import static chase.zeus.fixtures.TestHost.until;
import static org.assertj.core.api.Assertions.assertThat;

import chase.zeus.fixtures.TestHost;
import chase.zeus.policy.EnergyOutlook;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JobPauseTest {
  private final TestHost host = new TestHost();

  /** Twice the time that it needs, of which the first half is very dirty. */
  private void startDeferrable() {
    Instant noon = at(20_000);
    Instant end = START.plus(Duration.ofDays(1));
    host.handle(
        new Event.OutlookChanged(
            new EnergyOutlook(
                List.of(
                    new EnergyOutlook.Slot(START, noon, 900),
                    new EnergyOutlook.Slot(noon, end, 10)),
                500,
                end),
            START));
    host.start(until(at(40_000), 150_000, Optional.of(Watts.ZERO)));
    host.runFor(100);
  }

  @Test
  void aDeferrableJobIsAdvisedToPauseWhileTheGridIsDirty() {
    startDeferrable();
    assertThat(host.job().paused()).isTrue();
    assertThat(host.job().advice().flatMap(JobView.PauseAdvice::until)).isPresent();

    host.handle(new Event.TimePassed(at(19_000)));
    assertThat(host.engine().snapshot().jobs()).as("a pausing job may be silent").hasSize(1);
    host.handle(new Event.TimePassed(at(22_000)));
    assertThat(host.job().paused()).isFalse();
    assertThat(host.job().ignoresPauses()).isFalse();
  }

  @Test
  void aJobThatGoesOnDespiteAPauseIsPlannedAsRunning() {
    startDeferrable();
    for (long second = 110; second <= 300; second += 10) {
      host.report(10 * second, second);
    }
    assertThat(host.job().ignoresPauses()).isTrue();
    assertThat(host.job().paused()).isFalse();
  }

  @Test
  void aJobThatRestedIsSilentFromTheEndOfThePauseOn() {
    startDeferrable();
    host.handle(new Event.TimePassed(at(30_000)));
    host.handle(new Event.TimePassed(at(30_599)));
    assertThat(host.engine().snapshot().jobs()).hasSize(1);
    host.handle(new Event.TimePassed(at(30_600)));
    assertThat(host.engine().snapshot().jobs()).isEmpty();
  }

  @Test
  void observeModeAdvisesNoJobToPause() {
    Engine observer =
        new Engine(
            new SafetyRules(
                SafetyRules.Mode.OBSERVE,
                0.6,
                Duration.ZERO,
                Duration.ofMinutes(10),
                Duration.ofSeconds(5)),
            PowerPolicy.max(),
            START);
    observer.on(
        new Event.GpuOpened(
            traits(A, 0, Optional.empty()),
            Optional.of(limits(250)),
            Optional.of(PROFILE),
            Optional.of(OriginalLimit.onRecord(watts(250))),
            START));
    Instant end = START.plus(Duration.ofDays(1));
    observer.on(
        new Event.OutlookChanged(
            new EnergyOutlook(
                List.of(
                    new EnergyOutlook.Slot(START, at(20_000), 900),
                    new EnergyOutlook.Slot(at(20_000), end, 10)),
                500,
                end),
            START));
    observer.on(
        new Event.JobStarted(JOB, until(at(40_000), 150_000, Optional.of(Watts.ZERO)), START));
    for (long second = 0; second <= 100; second += 10) {
      observer.on(new Event.StepsReported(JOB, 10 * second, at(second)));
    }
    JobView seen = observer.snapshot().job(JOB).orElseThrow();
    assertThat(seen.advice().orElseThrow().pause()).isTrue();
    assertThat(seen.paused()).isFalse();
  }

  @Test
  void theNextDecisionCanBeEvaluated() {
    startDeferrable();
    JobView.NextDecision ahead = host.job().nextDecision().orElseThrow();
    assertThat(ahead.at()).isAfter(at(100));
    assertThat(ahead.evaluate(watts(250))).isNotNull();
  }
}
