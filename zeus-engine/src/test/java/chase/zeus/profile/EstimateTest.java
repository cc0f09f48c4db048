package chase.zeus.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import chase.zeus.profile.Estimate.RunningMean;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EstimateTest {
  private static Estimate of(double... samples) {
    RunningMean mean = RunningMean.EMPTY;
    for (double sample : samples) {
      mean = mean.plus(sample, 2);
    }
    return mean.estimate();
  }

  @Test
  void meanSpreadAndNumberOfSamplesAreCounted() {
    Estimate estimate = of(2, 4, 4, 4, 5, 5, 7, 9);
    assertThat(estimate.samples()).isCloseTo(8, within(1e-9));
    assertThat(estimate.mean()).isCloseTo(5, within(1e-9));
    assertThat(estimate.deviation()).isCloseTo(2, within(1e-9));
  }

  @Test
  void aLongSampleWeighsMoreThanAShortOne() {
    Estimate estimate = RunningMean.EMPTY.plus(10, 3).plus(20, 1).estimate();
    assertThat(estimate.mean()).isCloseTo(12.5, within(1e-9));
    assertThat(estimate.samples()).isCloseTo(1.6, within(1e-9)); // Kish: (3 + 1)^2 / (9 + 1)
  }

  @Test
  void twoWindowsTogetherAreAsIfAllHadBeenOne() {
    long seed = 7;
    Random random = new Random(seed);
    double[] all = random.doubles(40, 90, 110).toArray();
    Estimate whole = of(all);
    Estimate parts = of(Arrays.copyOf(all, 13)).and(of(Arrays.copyOfRange(all, 13, 40)));
    assertThat(parts.samples()).as("seed %d", seed).isCloseTo(whole.samples(), within(1e-9));
    assertThat(parts.mean()).as("seed %d", seed).isCloseTo(whole.mean(), within(1e-9));
    assertThat(parts.deviation()).as("seed %d", seed).isCloseTo(whole.deviation(), within(1e-9));
  }

  @Test
  void theStandardErrorShrinksWithTheSamples() {
    Estimate few = new Estimate(25, 100, 5);
    assertThat(few.error()).isCloseTo(1, within(0.05));
    assertThat(new Estimate(100, 100, 5).error()).isCloseTo(0.5, within(0.01));
    assertThat(few.relativeError()).isCloseTo(0.01, within(0.001));
  }

  @Test
  void aFewEqualSamplesAreNotTakenForCertainty() {
    assertThat(Estimate.of(100).relativeError()).isCloseTo(0.05, within(1e-9));
    assertThat(new Estimate(3, 100, 0).relativeError()).isGreaterThan(0.015);
  }

  @Test
  void whatLiesWithinNoiseIsNotAbove() {
    Estimate hundred = new Estimate(25, 100, 5);
    assertThat(new Estimate(25, 102, 5).isAbove(hundred)).isFalse();
    assertThat(new Estimate(25, 104, 5).isAbove(hundred)).isTrue();
    assertThat(hundred.isAbove(new Estimate(25, 104, 5))).isFalse();
  }

  @Test
  void oldSamplesFadeSoThatTheMeanFollowsASlowChange() {
    Estimate estimate = new Estimate(1_000_000, 100, 5);
    for (int window = 0; window < 100; window++) {
      estimate = estimate.and(new Estimate(50, 110, 5));
    }
    assertThat(estimate.mean()).isCloseTo(110, within(0.5));
    assertThat(estimate.samples()).isEqualTo(1000);
  }

  @ParameterizedTest
  @CsvSource({
    "0.5, 1, 0",
    "NaN, 1, 0",
    "Infinity, 1, 0",
    "1, 0, 0",
    "1, -1, 0",
    "1, NaN, 0",
    "1, Infinity, 0",
    "1, 1, -1",
    "1, 1, NaN",
    "1, 1, Infinity"
  })
  void whatCannotBeIsRefused(double samples, double mean, double deviation) {
    assertThatIllegalArgumentException().isThrownBy(() -> new Estimate(samples, mean, deviation));
  }
}
