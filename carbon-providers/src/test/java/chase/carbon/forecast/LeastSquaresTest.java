package chase.carbon.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LeastSquaresTest {
  private static final double FOR_EVER = 1e12;

  private final Random random = new Random(7);

  private static double[] learned(LeastSquares squares, float[][] inputs, double[] truths) {
    double[] weights = new double[inputs[0].length];
    float[] gain = new float[weights.length];
    for (int row = 0; row < truths.length; row++) {
      double error = truths[row];
      for (int i = 0; i < weights.length; i++) {
        error -= weights[i] * inputs[row][i];
      }
      squares.update(inputs[row], gain);
      for (int i = 0; i < weights.length; i++) {
        weights[i] += gain[i] * error;
      }
    }
    return weights;
  }

  private float[][] inputs(int rows) {
    float[][] inputs = new float[rows][2];
    for (float[] row : inputs) {
      row[0] = (float) random.nextGaussian();
      row[1] = (float) (0.5 * row[0] + random.nextGaussian());
    }
    return inputs;
  }

  /** Two unknowns are solved on paper: (X'X + penalty I) w = X'y. */
  @Test
  void oneByOneItFindsWhatAllAtOnceGives() {
    double penalty = 3;
    float[][] x = inputs(60);
    double[] y = random.doubles(60, -1, 1).toArray();
    double a = penalty;
    double b = 0;
    double c = penalty;
    double first = 0;
    double second = 0;
    for (int row = 0; row < y.length; row++) {
      a += x[row][0] * x[row][0];
      b += x[row][0] * x[row][1];
      c += x[row][1] * x[row][1];
      first += x[row][0] * y[row];
      second += x[row][1] * y[row];
    }
    double[] weights = learned(new LeastSquares(2, FOR_EVER, penalty), x, y);
    double determinant = a * c - b * b;
    assertThat(weights[0]).isCloseTo((c * first - b * second) / determinant, within(1e-5));
    assertThat(weights[1]).isCloseTo((a * second - b * first) / determinant, within(1e-5));
  }

  @Test
  void whatIsLongAgoIsForgotten() {
    float[][] x = inputs(400);
    double[] y = new double[400];
    for (int row = 0; row < y.length; row++) {
      y[row] = row < 200 ? 2 * x[row][0] : -x[row][0];
    }
    double[] weights = learned(new LeastSquares(2, 20, 1), x, y);
    assertThat(weights[0]).isCloseTo(-1, within(0.02));
  }

  @Test
  void yearsWithoutAnyInputDoNotOverflow() {
    LeastSquares squares = new LeastSquares(2, 10, 1);
    float[] gain = new float[2];
    for (int i = 0; i < 100_000; i++) {
      squares.update(new float[2], gain);
    }
    squares.update(new float[] {1, 1}, gain);
    assertThat(gain[0]).isBetween(0f, 1f);
  }
}
