package chase.zeus.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import chase.zeus.gpu.PowerRange;
import chase.zeus.policy.EnergyOutlook.Slot;
import chase.zeus.policy.JobProgress.PauseState;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlannedLimitTest {
  private static final Instant NOW = Instant.parse("2026-11-23T10:30:00Z");
  private static final Instant HOUR = Instant.parse("2026-11-23T10:00:00Z");
  private static final PowerRange RANGE = new PowerRange(new Watts(100), new Watts(250));
  private static final PowerProfile PROFILE =
      new PowerProfile(
          List.of(
              point(100, 98, 52),
              point(150, 145, 85),
              point(175, 166, 91),
              point(200, 185, 95),
              point(225, 205, 98),
              point(250, 220, 100)));

  private static Point point(double limit, double power, double throughput) {
    return new Point(new Watts(limit), new Watts(power), throughput);
  }

  private static EnergyOutlook outlook(double... weights) {
    List<Slot> slots = new ArrayList<>();
    for (double weight : weights) {
      Instant at = HOUR.plusSeconds(3600L * slots.size());
      slots.add(new Slot(at, at.plusSeconds(3600), weight));
    }
    return new EnergyOutlook(slots, 700, HOUR.plus(Duration.ofDays(9)));
  }

  private static PolicyInput input(EnergyOutlook outlook, Optional<JobProgress> progress) {
    return new PolicyInput(
        RANGE, Optional.of(PROFILE), Optional.of(outlook), NOW, progress, Optional.empty());
  }

  private static Optional<JobProgress> endless(double elapsed, double done) {
    return Optional.of(
        new JobProgress(
            NOW.minusSeconds((long) elapsed),
            NOW,
            done,
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));
  }

  @Test
  void aPolicyThatWeighsTheMomentDecidesPeriodByPeriod() {
    PowerPolicy policy = PowerPolicy.chase(0.5, Optional.of(700.0));
    List<PlannedLimit> plan = policy.plan(input(outlook(600, 20, 600), Optional.empty()));
    assertThat(plan).extracting(PlannedLimit::from).first().isEqualTo(NOW);
    assertThat(plan).hasSize(3);
    assertThat(plan.get(1).from()).isEqualTo(HOUR.plusSeconds(3600));
    assertThat(plan.get(1).limit()).isGreaterThan(plan.get(0).limit());
    assertThat(plan.get(2).limit()).isEqualTo(plan.get(0).limit());
  }

  @Test
  void aConstantLimitStaysOne() {
    assertThat(PowerPolicy.fixed(new Watts(180)).plan(input(outlook(600, 20), Optional.empty())))
        .extracting(period -> period.limit().value())
        .containsExactly(180.0, 180.0);
  }

  @Test
  void aBudgetSpendsItsSlackInTheDirtyHours() {
    List<PlannedLimit> plan =
        PowerPolicy.budget(0.05)
            .plan(input(outlook(100, 700, 100, 700, 100), endless(40_000, 39_500)));
    assertThat(plan).extracting(PlannedLimit::to).last().isEqualTo(HOUR.plusSeconds(5 * 3600));
    assertThat(limitAt(plan, 90)).isLessThan(limitAt(plan, 30));
    assertThat(limitAt(plan, 210)).isLessThan(limitAt(plan, 150));
  }

  private static double limitAt(List<PlannedLimit> plan, int minutes) {
    Instant at = HOUR.plusSeconds(60L * minutes + 1);
    return plan.stream()
        .filter(period -> !period.from().isAfter(at) && period.to().isAfter(at))
        .findFirst()
        .orElseThrow()
        .limit()
        .value();
  }

  @Test
  void aJobOfKnownLengthIsPlannedToItsEnd() {
    JobProgress half = JobProgress.of(NOW.minusSeconds(3600), NOW, 3550, 3550);
    List<PlannedLimit> plan =
        PowerPolicy.budget(0.1).plan(input(outlook(700, 100, 700, 100, 700), Optional.of(half)));
    assertThat(plan.getLast().to()).isBefore(NOW.plusSeconds(2 * 3600));
    assertThat(limitAt(plan, 31)).isLessThan(limitAt(plan, 70));
  }

  @Test
  void aJobThatMayWaitPausesInTheDirtyHours() {
    JobProgress patient =
        new JobProgress(
            NOW,
            NOW,
            0,
            Optional.of(3600.0),
            Optional.of(NOW.plus(Duration.ofHours(4))),
            Optional.of(new PauseState(Watts.ZERO, false, Optional.empty())));
    List<PlannedLimit> plan =
        PowerPolicy.budget(0.1).plan(input(outlook(900, 900, 10, 10, 900), Optional.of(patient)));
    assertThat(plan.getFirst().pausedShare()).isEqualTo(1);
    assertThat(plan).anySatisfy(period -> assertThat(period.pausedShare()).isZero());
  }

  @Test
  void aLateJobIsPlannedAtFullPower() {
    assertThat(PowerPolicy.budget(0.01).plan(input(outlook(900, 10, 10), endless(10_000, 5_000))))
        .extracting(period -> period.limit().value())
        .containsOnly(250.0);
  }

  @Test
  void whoCannotDecidePlansNothing() {
    PolicyInput silent = new PolicyInput(RANGE, Optional.of(PROFILE), Optional.empty(), NOW);
    PolicyInput unknown = new PolicyInput(RANGE, Optional.empty(), Optional.of(outlook(1, 2)), NOW);
    for (PowerPolicy policy :
        List.of(PowerPolicy.budget(0.03), PowerPolicy.chase(0.5, Optional.empty()))) {
      assertThat(policy.plan(silent)).isEmpty();
      assertThat(policy.plan(unknown)).isEmpty();
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void aPlanHasNoGapsAndKeepsTheBoundWheneverTheJobMayEnd(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 50; i++) {
      double[] weights = random.doubles(2 + random.nextInt(60), 10, 900).toArray();
      double bound = 0.2 * random.nextDouble();
      double done = 100_000 * random.nextDouble();
      double elapsed = done * (1 + bound * random.nextDouble());
      EnergyOutlook outlook = outlook(weights);
      List<PlannedLimit> plan =
          PowerPolicy.budget(bound).plan(input(outlook, endless(Math.floor(elapsed), done)));
      Instant at = NOW;
      double work = done;
      for (PlannedLimit period : plan) {
        assertThat(period.from()).as("seed %d, case %d", seed, i).isEqualTo(at);
        double seconds = JobProgress.seconds(period.from(), period.to());
        work += seconds * PROFILE.at(period.limit()).orElseThrow().throughput() / 100;
        at = period.to();
        double needed = (Math.floor(elapsed) + JobProgress.seconds(NOW, at)) / (1 + bound);
        assertThat(work).as("seed %d, case %d", seed, i).isGreaterThanOrEqualTo(needed * 0.995);
      }
      assertThat(JobProgress.seconds(at, outlook.slots().getLast().to()))
          .as("seed %d, case %d", seed, i)
          .isCloseTo(0, within(1e-2));
    }
  }
}
