package chase.carbon.forecast;

import java.util.Arrays;

/**
 * Recursive least squares with forgetting: the inverse of what was seen of some inputs, from which
 * follows how much each coefficient must move for one unit of error.
 */
final class LeastSquares {
  /** An inverse that grew beyond this saw nothing for long, and only knows noise. */
  private static final double MOST = 1e7;

  private final int inputs;
  private final double kept;
  private final double firstVariance;
  private final double[] inverse;
  private final double[] moved;

  /**
   * Nothing seen.
   *
   * @param inputs how many inputs there are
   * @param halfLife after how many updates one counts half
   * @param penalty what holds coefficients where they are as long as little was seen
   */
  LeastSquares(int inputs, double halfLife, double penalty) {
    this.inputs = inputs;
    kept = Math.pow(0.5, 1 / halfLife);
    firstVariance = 1 / penalty;
    inverse = new double[inputs * inputs];
    moved = new double[inputs];
    reset();
  }

  private void reset() {
    Arrays.fill(inverse, 0);
    for (int i = 0; i < inputs; i++) {
      inverse[i * inputs + i] = firstVariance;
    }
  }

  /** Adds {@code x} and writes into {@code gain} how far each coefficient moves with it. */
  void update(float[] x, float[] gain) {
    double scale = kept;
    for (int i = 0; i < inputs; i++) {
      double sum = 0;
      for (int j = 0; j < inputs; j++) {
        sum += inverse[i * inputs + j] * x[j];
      }
      moved[i] = sum;
      scale += x[i] * sum;
    }
    double trace = 0;
    for (int i = 0; i < inputs; i++) {
      double one = moved[i] / scale;
      gain[i] = (float) one;
      for (int j = 0; j < inputs; j++) {
        inverse[i * inputs + j] = (inverse[i * inputs + j] - one * moved[j]) / kept;
      }
      trace += inverse[i * inputs + i];
    }
    if (trace > MOST) {
      reset();
    }
  }

  /** Cuts what is far outside the usual, so that one wrong value cannot bend what was learned. */
  static final class ErrorClip {
    private static final double WIDTH = 2.5;
    private static final double COUNTED = 4;
    private static final double NEW = 0.02;
    private static final double FIRST = 0.1;

    private double square = FIRST * FIRST;

    /** The {@code error}, at most two and a half times the usual one in size. */
    double clip(double error) {
      double usual = Math.sqrt(square);
      double counted = Math.min(Math.abs(error), COUNTED * usual + 1e-9);
      square += NEW * (counted * counted - square);
      return Math.clamp(error, -WIDTH * usual, WIDTH * usual);
    }
  }
}
