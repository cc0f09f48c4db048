package chase.zeus.batchsize;

/** The lower triangle L of a small covariance, where {@code L L' = covariance}. */
final class Cholesky {
  /** Keeps a covariance positive that rounding made singular. */
  private static final double LEAST = 1e-12;

  private final double[][] lower;

  private Cholesky(double[][] lower) {
    this.lower = lower;
  }

  static Cholesky of(double[][] covariance) {
    int n = covariance.length;
    double[][] lower = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double rest = covariance[i][j];
        for (int k = 0; k < j; k++) {
          rest -= lower[i][k] * lower[j][k];
        }
        lower[i][j] = i == j ? Math.sqrt(Math.max(rest, LEAST)) : rest / lower[j][j];
      }
    }
    return new Cholesky(lower);
  }

  /** The x for which {@code L x = b}. */
  double[] solve(double[] b) {
    double[] x = new double[b.length];
    for (int i = 0; i < b.length; i++) {
      double rest = b[i];
      for (int k = 0; k < i; k++) {
        rest -= lower[i][k] * x[k];
      }
      x[i] = rest / lower[i][i];
    }
    return x;
  }

  /** The x for which {@code L' x = b}. */
  double[] solveTransposed(double[] b) {
    double[] x = new double[b.length];
    for (int i = b.length - 1; i >= 0; i--) {
      double rest = b[i];
      for (int k = i + 1; k < b.length; k++) {
        rest -= lower[k][i] * x[k];
      }
      x[i] = rest / lower[i][i];
    }
    return x;
  }

  /** {@code L b}: what makes independent normal numbers vary together. */
  double[] times(double[] b) {
    double[] x = new double[b.length];
    for (int i = 0; i < b.length; i++) {
      for (int k = 0; k <= i; k++) {
        x[i] += lower[i][k] * b[k];
      }
    }
    return x;
  }

  /** The logarithm of the determinant of L. */
  double logDeterminant() {
    double sum = 0;
    for (int i = 0; i < lower.length; i++) {
      sum += Math.log(lower[i][i]);
    }
    return sum;
  }
}
