package chase.zeus.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import chase.zeus.policy.EnergyOutlook.Slot;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.profile.PowerProfile;
import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReplayTest {
  private static final Instant START = Instant.parse("2026-11-02T00:00:00Z");
  private static final PowerProfile KNEE =
      new PowerProfile(
          List.of(
              point(100, 98, 42),
              point(150, 148, 80),
              point(200, 196, 93),
              point(250, 243, 97),
              point(300, 286, 100)));

  private static Point point(double limit, double power, double throughput) {
    return new Point(new Watts(limit), new Watts(power), throughput);
  }

  private static WeightTrace hourly(double... weights) {
    List<Slot> slots = new ArrayList<>();
    for (double weight : weights) {
      Instant from = START.plusSeconds(3600L * slots.size());
      slots.add(new Slot(from, from.plusSeconds(3600), weight));
    }
    return new WeightTrace(slots);
  }

  /** Two weeks with a daily swing, weather and noise. */
  private static WeightTrace weeks(long seed, double mean) {
    Random random = new Random(seed);
    double[] weights = new double[14 * 24];
    double weather = 0;
    for (int i = 0; i < weights.length; i++) {
      weather = 0.95 * weather + 0.08 * random.nextGaussian();
      weights[i] =
          mean * Math.exp(0.35 * Math.sin(i * Math.PI / 12) + weather)
              + mean * 0.05 * random.nextDouble();
    }
    return hourly(weights);
  }

  private static ReplayJob job(int startHour, double hours) {
    return new ReplayJob(
        START.plusSeconds(3600L * startHour).plusSeconds(1234),
        Duration.ofSeconds((long) (hours * 3600)),
        Optional.empty());
  }

  @Test
  void fullPowerCostsWhatTheSignalSays() {
    Replay replay = new Replay(hourly(100, 300, 500), KNEE, Watts.ZERO);
    ReplayJob job = new ReplayJob(START, Duration.ofMinutes(90), Optional.empty());
    JobOutcome outcome = replay.run(PowerPolicy.max(), job, ForecastView.PERFECT);
    assertThat(outcome.seconds()).isCloseTo(5400, within(1e-6));
    assertThat(outcome.energy().value()).isCloseTo(286 * 5400, within(1e-3));
    assertThat(outcome.cost()).isCloseTo(0.286 * (100 + 0.5 * 300), within(1e-9));
    assertThat(outcome.limitChanges()).isZero();
  }

  @Test
  void theHostsDrawIsPartOfTheCost() {
    ReplayJob job = new ReplayJob(START, Duration.ofHours(1), Optional.empty());
    JobOutcome outcome =
        new Replay(hourly(100, 100), KNEE, new Watts(114))
            .run(PowerPolicy.max(), job, ForecastView.PERFECT);
    assertThat(outcome.cost()).isCloseTo(40, within(1e-9));
  }

  @Test
  void withAPerfectForecastABudgetIsTheOptimum() {
    for (long seed = 1; seed <= 6; seed++) {
      Replay replay = new Replay(weeks(seed, 300), KNEE, Watts.ZERO);
      for (double bound : new double[] {0.01, 0.025, 0.05, 0.1, 0.6}) {
        ReplayJob job = job(30 + (int) seed, 20);
        double max = replay.run(PowerPolicy.max(), job, ForecastView.PERFECT).cost();
        JobOutcome budget = replay.run(PowerPolicy.budget(bound), job, ForecastView.PERFECT);
        double optimum = replay.optimum(bound, job).cost();
        assertThat((max - budget.cost()) / (max - optimum))
            .as("seed %d, bound %s", seed, bound)
            .isBetween(0.99, 1 + 1e-9);
      }
    }
  }

  @Test
  void noForecastEverBreaksTheBound() {
    for (long seed = 1; seed <= 10; seed++) {
      Replay replay = new Replay(weeks(seed, 300), KNEE, Watts.ZERO);
      for (ForecastView forecast :
          List.of(ForecastView.PERFECT, ForecastView.PERSISTENCE, ForecastView.YESTERDAY)) {
        for (double hours : new double[] {0.3, 3, 20, 150}) {
          JobOutcome outcome =
              replay.run(PowerPolicy.budget(0.025), job(25 + (int) seed, hours), forecast);
          assertThat(outcome.slowdown())
              .as("seed %d, %s, %s h", seed, forecast, hours)
              .isLessThan(0.025 + 1e-6);
          assertThat(outcome.limitChanges()).isLessThan((int) (2 + outcome.seconds() / 300));
        }
      }
    }
  }

  @Test
  void aCleanGridSavesAsLargeAShareAsADirtyOne() {
    assertThat(saving(weeks(3, 6))).isCloseTo(saving(weeks(3, 600)), within(1e-9));
  }

  private static double saving(WeightTrace recording) {
    Replay replay = new Replay(recording, KNEE, Watts.ZERO);
    double max = replay.run(PowerPolicy.max(), job(40, 20), ForecastView.YESTERDAY).cost();
    return 1
        - replay.run(PowerPolicy.budget(0.05), job(40, 20), ForecastView.YESTERDAY).cost() / max;
  }

  @Test
  void aJobThatMayPauseComesCloseToTheOptimumWithPausing() {
    for (double idle : new double[] {0, 40}) {
      Replay replay = new Replay(weeks(4, 300), KNEE, Watts.ZERO);
      ReplayJob plain = job(40, 20);
      ReplayJob patient =
          new ReplayJob(plain.start(), plain.atFullPower(), Optional.of(new Watts(idle)));
      double max = replay.run(PowerPolicy.max(), plain, ForecastView.PERFECT).cost();
      JobOutcome budget = replay.run(PowerPolicy.budget(1), patient, ForecastView.PERFECT);
      assertThat(budget.spans()).anyMatch(span -> span.limit().isEmpty());
      assertThat(budget.slowdown()).isLessThan(1 + 1e-6);
      assertThat((max - budget.cost()) / (max - replay.optimum(1, patient).cost()))
          .isGreaterThan(0.99);
    }
  }

  @Test
  void theOptimumBeatsTheBlindMixAndNothingBeatsTheOptimum() {
    Replay replay = new Replay(weeks(5, 300), KNEE, Watts.ZERO);
    ReplayJob job = job(50, 20);
    double optimum = replay.optimum(0.05, job).cost();
    assertThat(optimum).isLessThan(replay.blindCost(0.05, job));
    for (double watts : new double[] {205, 240, 270}) {
      JobOutcome fixed =
          replay.run(PowerPolicy.fixed(new Watts(watts)), job, ForecastView.YESTERDAY);
      assertThat(fixed.cost()).isGreaterThan(replay.optimum(fixed.slowdown(), job).cost());
    }
  }

  @Test
  void aSignalThatDoesNotCoverTheJobIsRefused() {
    Replay replay = new Replay(hourly(100, 200), KNEE, Watts.ZERO);
    assertThatThrownBy(() -> replay.run(PowerPolicy.max(), job(0, 20), ForecastView.YESTERDAY))
        .hasMessageContaining("ends at 2026-11-02T02:00:00Z");
    ReplayJob early = new ReplayJob(START.minusSeconds(1), Duration.ofHours(1), Optional.empty());
    assertThatThrownBy(() -> replay.optimum(0.1, early)).hasMessageContaining("begins at");
    assertThatThrownBy(() -> replay.optimum(0.1, job(0, 2))).hasMessageContaining("ends at");
  }

  @Test
  void aRecordingWithAGapIsRefused() {
    Slot first = new Slot(START, START.plusSeconds(60), 1);
    Slot later = new Slot(START.plusSeconds(120), START.plusSeconds(180), 1);
    assertThatThrownBy(() -> new WeightTrace(List.of(first, later)))
        .hasMessageContaining("gap at 2026-11-02T00:01:00Z");
  }

  @Test
  void eachForecastIsWhatItsNameSays() {
    double[] weights = new double[72];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = i;
    }
    WeightTrace recording = hourly(weights);
    Instant now = START.plusSeconds(3600 * 30 + 60);
    assertThat(ahead(ForecastView.PERFECT, recording, now)).startsWith(30, 31, 32);
    assertThat(ahead(ForecastView.PERSISTENCE, recording, now)).startsWith(30, 30, 30);
    assertThat(ahead(ForecastView.YESTERDAY, recording, now))
        .startsWith(30, 7, 8)
        .contains(29, 6, 7);
    assertThat(ahead(ForecastView.YESTERDAY, recording, START)).startsWith(0, 0, 0);
  }

  private static double[] ahead(ForecastView forecast, WeightTrace recording, Instant now) {
    return forecast.outlook(recording, now, recording.to()).slots().stream()
        .mapToDouble(Slot::weight)
        .toArray();
  }

  @Test
  void anIntegralIsExactAcrossSlots() {
    WeightTrace recording = hourly(100, 300);
    assertThat(recording.integral(START.plusSeconds(1800), START.plusSeconds(5400)))
        .isCloseTo(1800 * 100 + 1800 * 300, within(1e-6));
  }
}
