package chase.zeus.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ConcaveFitTest {
  private static final double[] X = {1, 2, 3, 4};
  private static final Offset<Double> CLOSE = within(1e-5);

  private static ConcaveFit fit(double[] y, double error) {
    double[] errors = new double[y.length];
    Arrays.fill(errors, error);
    return ConcaveFit.of(Arrays.copyOf(X, y.length), y, errors);
  }

  @Test
  void aConcaveCurveIsItsOwnFit() {
    double[] y = {10, 18, 24, 26};
    ConcaveFit fit = fit(y, 5);
    for (int i = 0; i < y.length; i++) {
      assertThat(fit.value(i)).isCloseTo(y[i], CLOSE);
      assertThat(fit.at(X[i])).isCloseTo(y[i], CLOSE);
    }
  }

  @Test
  void aDipWithinNoiseIsBentToTheNearestConcaveCurve() {
    ConcaveFit line = fit(new double[] {10, 17, 30}, 10);
    assertThat(line.value(0)).isCloseTo(9, CLOSE); // least squares line through all three
    assertThat(line.value(1)).isCloseTo(19, CLOSE);
    assertThat(line.value(2)).isCloseTo(29, CLOSE);
  }

  @Test
  void aFallAtTheTopWithinNoiseIsFlat() {
    ConcaveFit flat = fit(new double[] {10, 20, 19}, 2);
    assertThat(flat.value(1)).isCloseTo(19.5, CLOSE);
    assertThat(flat.value(2)).isCloseTo(19.5, CLOSE);
  }

  @Test
  void aDipBeyondNoiseStaysAsMeasured() {
    assertThat(fit(new double[] {10, 20, 12, 21}, 0.1).value(2)).isEqualTo(12);
  }

  @Test
  void betweenTwoPointsTheCurveLiesAboveTheChord() {
    ConcaveFit fit = fit(new double[] {10, 18, 24, 26}, 0.1);
    assertThat(fit.at(1.5)).isBetween(14.0, 15.0);
    assertThat(fit.at(2.5)).isBetween(21.0, 22.0);
    assertThat(fit.at(3.5)).isBetween(25.0, 26.0);
  }

  @Test
  void beyondTheEndsNothingIsDrawnOn() {
    ConcaveFit fit = fit(new double[] {10, 18}, 0.1);
    assertThat(fit.at(0.5)).isEqualTo(fit.value(0));
    assertThat(fit.at(9)).isEqualTo(fit.value(1));
    assertThat(fit(new double[] {10}, 0.1).at(3)).isEqualTo(10);
  }

  @Test
  void noFitLeavesTheNoiseOfItsPointsOrItsNeighbours() {
    for (long seed = 1; seed <= 200; seed++) {
      Random random = new Random(seed);
      int points = 1 + random.nextInt(20);
      double[] x = new double[points];
      double[] y = new double[points];
      double[] error = new double[points];
      for (int i = 0; i < points; i++) {
        x[i] = (i == 0 ? 100 : x[i - 1]) + random.nextDouble(1, 50);
        y[i] = Math.sqrt(x[i]) * random.nextDouble(0.8, 1.2);
        error[i] = random.nextDouble(0.01, 2);
      }
      ConcaveFit fit = ConcaveFit.of(x, y, error);
      for (int i = 0; i < points; i++) {
        assertThat(Math.abs(fit.value(i) - y[i]))
            .as("seed %d", seed)
            .isLessThanOrEqualTo(2 * error[i]);
        if (i > 0) {
          double low = Math.min(fit.value(i - 1), fit.value(i));
          double high = Math.max(fit.value(i - 1), fit.value(i));
          assertThat(fit.at((x[i - 1] + x[i]) / 2)).as("seed %d", seed).isBetween(low, high);
        }
      }
    }
  }
}
