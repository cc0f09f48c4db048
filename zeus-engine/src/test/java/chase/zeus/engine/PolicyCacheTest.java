package chase.zeus.engine;

import static chase.zeus.fixtures.TestGpus.PROFILE;
import static chase.zeus.fixtures.TestGpus.START;
import static chase.zeus.fixtures.TestGpus.at;
import static chase.zeus.fixtures.TestGpus.outlook;
import static chase.zeus.fixtures.TestGpus.watts;
import static org.assertj.core.api.Assertions.assertThat;

import chase.zeus.gpu.PowerRange;
import chase.zeus.policy.EnergyOutlook;
import chase.zeus.policy.JobProgress;
import chase.zeus.policy.PolicyDecision;
import chase.zeus.policy.PolicyInput;
import chase.zeus.policy.PowerPolicy;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Every decision is a new object, so that the same one again shows that it was cached. */
class PolicyCacheTest {
  private static final EnergyOutlook GRID = outlook(400, START);
  private static final PowerPolicy BUDGET = PowerPolicy.budget(0.05);

  private final PolicyCache cache = new PolicyCache();

  private static PolicyInput input(Instant now, EnergyOutlook grid, double done) {
    return new PolicyInput(
        new PowerRange(watts(150), watts(250)),
        Optional.of(PROFILE),
        Optional.of(grid),
        now,
        Optional.of(
            new JobProgress(
                START, now, done, Optional.empty(), Optional.empty(), Optional.empty())),
        Optional.of(new PolicyInput.CurrentLimit(watts(250), Optional.empty())));
  }

  private PolicyDecision decide(Instant now, EnergyOutlook grid, double done) {
    return cache.decide(BUDGET, input(now, grid, done));
  }

  @Test
  void anUnchangedInputIsNotDecidedAgain() {
    PolicyDecision first = decide(at(1000), GRID, 1000);
    assertThat(decide(at(1001), GRID, 1001)).isSameAs(first);
    assertThat(decide(at(1009), GRID, 1009)).isSameAs(first);
  }

  @Test
  void workThatWentOnIsDecidedOnAfterTenSeconds() {
    PolicyDecision first = decide(at(1000), GRID, 1000);
    assertThat(decide(at(1010), GRID, 1010)).isNotSameAs(first);
  }

  @Test
  void inARecordingThatIsPlayedFasterTenSecondsPassSooner() {
    EnergyOutlook fast =
        new EnergyOutlook(GRID.slots(), GRID.reference(), GRID.trustedUntil(), "", 10);
    PolicyDecision first = decide(at(1000), fast, 1000);
    assertThat(decide(at(1001), fast, 1001)).isNotSameAs(first);
  }

  @Test
  void anotherOutlookOrPolicyIsDecidedOnAtOnce() {
    PolicyDecision first = decide(at(1000), GRID, 1000);
    PolicyDecision dirtier = decide(at(1001), outlook(500, START), 1001);
    assertThat(dirtier).isNotSameAs(first);
    assertThat(cache.decide(PowerPolicy.max(), input(at(1001), GRID, 1001)))
        .isEqualTo(PowerPolicy.max().decide(input(at(1001), GRID, 1001)));
  }

  @Test
  void aDecisionForATimeIsMadeAgainAfterIt() {
    PolicyDecision.Limit first = (PolicyDecision.Limit) decide(at(1000), GRID, 1000);
    Instant until = first.until().orElseThrow();
    PolicyInput then = input(until, GRID, 1000);
    assertThat(cache.decide(BUDGET, then)).isEqualTo(BUDGET.decide(then)).isNotSameAs(first);
  }

  @Test
  void aClockThatGoesBackIsNoReasonToKeepADecision() {
    PolicyDecision first = decide(at(1000), GRID, 1000);
    assertThat(decide(at(900), GRID, 900)).isNotSameAs(first);
  }
}
