package chase.zeus.policy;

import static chase.zeus.fixtures.PolicyInputs.grid;
import static chase.zeus.fixtures.PolicyInputs.overlapping;
import static chase.zeus.fixtures.PolicyInputs.rising;
import static org.assertj.core.api.Assertions.assertThat;

import chase.zeus.gpu.PowerRange;
import chase.zeus.profile.PowerProfile;
import chase.zeus.unit.Watts;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every rising profile, range and grid; a failure names its seed. */
class PolicyPropertiesTest {
  private static final int CASES = 500;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void scalingTheSignalAndItsReferenceChangesNoDecision(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < CASES; i++) {
      PowerProfile profile = rising(random);
      PowerRange allowed = overlapping(profile, random);
      PowerPolicy policy = chase(random);
      double weight = 1000 * random.nextDouble();
      double reference = 1 + 1000 * random.nextDouble();
      double scale = Math.exp(20 * random.nextDouble() - 10);
      assertThat(policy.decide(grid(profile, allowed, scale * weight, scale * reference)))
          .as("seed %d, case %d", seed, i)
          .isEqualTo(policy.decide(grid(profile, allowed, weight, reference)));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void aCleanerGridNeverLowersTheLimit(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < CASES; i++) {
      PowerProfile profile = rising(random);
      PowerRange allowed = overlapping(profile, random);
      PowerPolicy policy = chase(random);
      double dirty = 1000 * random.nextDouble();
      double clean = dirty * random.nextDouble();
      assertThat(limit(policy.decide(grid(profile, allowed, clean, 500))))
          .as("seed %d, case %d", seed, i)
          .isGreaterThanOrEqualTo(limit(policy.decide(grid(profile, allowed, dirty, 500))));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void aDecisionIsAlwaysAllowed(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < CASES; i++) {
      PowerProfile profile = rising(random);
      PowerRange allowed = overlapping(profile, random);
      PolicyInput input = grid(profile, allowed, 1000 * random.nextDouble(), 500);
      for (PowerPolicy policy : everyKind(random)) {
        assertThat(allowed.contains(limit(policy.decide(input))))
            .as("seed %d, case %d, %s in %s", seed, i, policy.spec(), allowed)
            .isTrue();
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void withoutRegardForEnergyTheFastestLimitWins(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < CASES; i++) {
      PowerProfile profile = rising(random);
      PowerRange allowed = overlapping(profile, random);
      Watts fastest = profile.within(allowed).orElseThrow().highestLimit();
      PolicyInput input = grid(profile, allowed, 1000 * random.nextDouble(), 500);
      assertThat(limit(PowerPolicy.zeus(0).decide(input)))
          .as("seed %d, case %d", seed, i)
          .isEqualTo(limit(PowerPolicy.chase(0, Optional.empty()).decide(input)))
          .isEqualTo(fastest);
    }
  }

  private static List<PowerPolicy> everyKind(Random random) {
    return List.of(
        PowerPolicy.max(),
        PowerPolicy.fixed(new Watts(1 + 800 * random.nextDouble())),
        PowerPolicy.zeus(random.nextDouble()),
        PowerPolicy.chase(random.nextDouble(), Optional.of(750.0)),
        chase(random));
  }

  private static PowerPolicy chase(Random random) {
    return PowerPolicy.chase(random.nextDouble(), Optional.empty());
  }

  private static Watts limit(PolicyDecision decision) {
    return ((PolicyDecision.Limit) decision).limit();
  }
}
