package chase.carbon.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FadingHistogramTest {
  private static final double FOR_EVER = 1;

  @Test
  void theyAreThoseOfTheValuesToATenth() {
    Random random = new Random(11);
    IntervalEstimator.FadingHistogram quantiles = new IntervalEstimator.FadingHistogram(FOR_EVER);
    double[] values = random.doubles(5000, -0.4, 0.2).toArray();
    Arrays.stream(values).forEach(quantiles::add);
    Arrays.sort(values);
    for (double share : new double[] {0.1, 0.3, 0.5, 0.9}) {
      double exact = values[(int) (share * values.length)];
      assertThat(quantiles.at(share))
          .as("seed 11, share %s", share)
          .isCloseTo(exact, within(0.1 * Math.abs(exact) + 1e-3));
    }
  }

  @Test
  void whatIsLongAgoFades() {
    IntervalEstimator.FadingHistogram quantiles = new IntervalEstimator.FadingHistogram(0.98);
    for (int i = 0; i < 500; i++) {
      quantiles.add(0.5);
    }
    for (int i = 0; i < 500; i++) {
      quantiles.add(0.01);
    }
    assertThat(quantiles.at(0.9)).isCloseTo(0.01, within(0.002));
    assertThat(quantiles.weight()).isCloseTo(50, within(0.5));
  }

  @Test
  void nothingSeenIsNoSpread() {
    assertThat(new IntervalEstimator.FadingHistogram(FOR_EVER).at(0.9)).isZero();
  }

  @Test
  void theLargestValuesDoNotEscape() {
    IntervalEstimator.FadingHistogram quantiles = new IntervalEstimator.FadingHistogram(FOR_EVER);
    quantiles.add(1e9);
    quantiles.add(-1e9);
    assertThat(quantiles.at(0.9)).isBetween(1.0, 10.0);
    assertThat(quantiles.at(0.1)).isBetween(-10.0, -1.0);
  }
}
