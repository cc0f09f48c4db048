package chase.zeus.policy;

import static chase.zeus.fixtures.PolicyInputs.V100;
import static chase.zeus.fixtures.PolicyInputs.grid;
import static chase.zeus.fixtures.PolicyInputs.known;
import static chase.zeus.fixtures.PolicyInputs.point;
import static chase.zeus.fixtures.PolicyInputs.range;
import static chase.zeus.fixtures.PolicyInputs.unknown;
import static org.assertj.core.api.Assertions.assertThat;

import chase.zeus.gpu.PowerRange;
import chase.zeus.profile.PowerProfile;
import chase.zeus.unit.Watts;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PowerPolicyTest {
  private static final PowerRange WHOLE = range(100, 250);
  private static final PowerPolicy PAPER = PowerPolicy.chase(0.24, Optional.of(750.0));

  @Test
  void maxPowerIsTheHighestAllowedLimit() {
    assertThat(PowerPolicy.max().decide(unknown(range(100, 240)))).isEqualTo(limit(240));
  }

  @ParameterizedTest
  @CsvSource({"80, 100", "100, 100", "212.5, 212.5", "240, 240", "250, 240"})
  void aFixedLimitIsMovedIntoTheAllowedRange(double requested, double allowed) {
    assertThat(PowerPolicy.fixed(new Watts(requested)).decide(unknown(range(100, 240))))
        .isEqualTo(limit(allowed));
  }

  @ParameterizedTest
  @CsvSource({"0, 250", "0.24, 250", "0.3, 250", "0.5, 175", "0.7, 150", "1, 150"})
  void zeusFindsTheHandComputedOptimumOfTheV100(double eta, double best) {
    assertThat(PowerPolicy.zeus(eta).decide(known(V100, WHOLE))).isEqualTo(limit(best));
  }

  @ParameterizedTest
  @CsvSource({"100, 250", "750, 250", "900, 250", "1500, 200", "3000, 175"})
  void thePapersConstantsGiveTheHandComputedOptimumOfTheV100(double grams, double best) {
    assertThat(PAPER.decide(grid(V100, WHOLE, grams, 300))).isEqualTo(limit(best));
  }

  @ParameterizedTest
  @CsvSource({"30, 250", "150, 225", "210, 200", "270, 175", "300, 175"})
  void withoutAConstantTheOutlooksReferenceCounts(double weight, double best) {
    assertThat(PowerPolicy.chase(0.5, Optional.empty()).decide(grid(V100, WHOLE, weight, 300)))
        .isEqualTo(limit(best));
  }

  @Test
  void atTheReferenceChaseAndZeusAgree() {
    for (int percent = 0; percent <= 100; percent++) {
      double eta = percent / 100.0;
      assertThat(PowerPolicy.chase(eta, Optional.empty()).decide(grid(V100, WHOLE, 300, 300)))
          .isEqualTo(PowerPolicy.zeus(eta).decide(known(V100, WHOLE)));
    }
  }

  @Test
  void ofEqualCostsTheHigherLimitWins() {
    PowerProfile even = new PowerProfile(List.of(point(100, 100, 1), point(200, 200, 2)));
    assertThat(PowerPolicy.zeus(1).decide(known(even, WHOLE))).isEqualTo(limit(200));
  }

  @Test
  void energyThatWeighsNothingIsSpentForSpeed() {
    assertThat(PowerPolicy.chase(0.9, Optional.empty()).decide(grid(V100, WHOLE, 0, 300)))
        .isEqualTo(limit(250));
  }

  @Test
  void aHighestAllowedLimitBetweenTwoMeasuredOnesMayBeUsed() {
    assertThat(PowerPolicy.zeus(0).decide(known(V100, range(100, 240)))).isEqualTo(limit(240));
    assertThat(PowerPolicy.zeus(1).decide(known(V100, range(180, 190)))).isEqualTo(limit(180));
  }

  @ParameterizedTest
  @ValueSource(strings = {"zeus:0.5", "chase:0.5", "chase:0.5:750"})
  void aCostNeedsAProfileOfAllowedLimits(String spec) {
    PowerPolicy policy = PowerPolicy.parse(spec);
    assertThat(policy.decide(unknown(WHOLE))).isEqualTo(new PolicyDecision.NeedsProfile());
    assertThat(policy.decide(grid(V100, range(300, 400), 100, 300)))
        .isEqualTo(new PolicyDecision.NeedsProfile());
  }

  @Test
  void onlyChaseNeedsASignal() {
    assertThat(PAPER.decide(known(V100, WHOLE))).isEqualTo(new PolicyDecision.NeedsSignal());
    assertThat(PowerPolicy.zeus(0.5).decide(known(V100, WHOLE)))
        .isInstanceOf(PolicyDecision.Limit.class);
  }

  private static PolicyDecision limit(double watts) {
    return new PolicyDecision.Limit(new Watts(watts));
  }
}
