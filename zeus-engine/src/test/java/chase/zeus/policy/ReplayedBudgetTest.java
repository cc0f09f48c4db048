package chase.zeus.policy;

import static chase.zeus.policy.SlowdownBudgetTest.FULL;
import static chase.zeus.policy.SlowdownBudgetTest.NOW;
import static chase.zeus.policy.SlowdownBudgetTest.input;
import static chase.zeus.policy.SlowdownBudgetTest.limitOf;
import static chase.zeus.policy.SlowdownBudgetTest.outlook;
import static org.assertj.core.api.Assertions.assertThat;

import chase.zeus.policy.EnergyOutlook.Slot;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A budget while the grid is a recording that is played faster. */
class ReplayedBudgetTest {
  /** The same moment where the recording of the grid is played {@code speed} times as fast. */
  private static PolicyInput replayed(PolicyInput input, double speed) {
    JobProgress then = input.progress().orElseThrow();
    EnergyOutlook grid = input.outlook().orElseThrow();
    return new PolicyInput(
        input.allowed(),
        input.profile(),
        Optional.of(
            new EnergyOutlook(
                grid.slots().stream()
                    .map(slot ->
                        new Slot(
                            sooner(slot.from(), speed), sooner(slot.to(), speed), slot.weight()))
                    .toList(),
                grid.reference(),
                sooner(grid.trustedUntil(), speed),
                "",
                speed)),
        sooner(input.at(), speed),
        Optional.of(
            new JobProgress(
                sooner(then.since(), speed),
                sooner(then.asOf(), speed),
                then.done() / speed,
                then.remaining().map(work -> work / speed),
                Optional.empty(),
                Optional.empty())),
        input.currentLimit());
  }

  private static Instant sooner(Instant at, double speed) {
    return NOW.plusNanos(Math.round(Duration.between(NOW, at).toNanos() / speed));
  }

  @ParameterizedTest
  @ValueSource(doubles = {10, 60, 720})
  void aRecordingThatIsPlayedFasterIsFollowedLikeTheGridItself(double speed) {
    Random random = new Random(5);
    for (int i = 0; i < 200; i++) {
      double[] weights = random.doubles(30, 100, 700).toArray();
      double elapsed = random.nextDouble(36_000);
      JobProgress progress =
          new JobProgress(
              NOW.minusSeconds((long) elapsed),
              NOW,
              elapsed / random.nextDouble(1, 1.04),
              random.nextBoolean() ? Optional.of(random.nextDouble(90_000)) : Optional.empty(),
              Optional.empty(),
              Optional.empty());
      PolicyInput input = input(outlook(NOW, weights), progress, FULL);
      PowerPolicy budget = PowerPolicy.budget(0.05);
      assertThat(limitOf(budget.decide(replayed(input, speed))))
          .as("case %d at speed %s", i, speed)
          .isEqualTo(limitOf(budget.decide(input)));
    }
  }
}
