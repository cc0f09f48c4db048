package chase.zeus.profile;

import java.util.ArrayList;
import java.util.List;

/**
 * A rising, concave curve through noisy points, as draw and throughput are over the power limit. It
 * moves each point within its noise and no further: a point that no such curve explains stays as
 * measured.
 */
final class ConcaveFit {
  private static final int MAX_SWEEPS = 20_000;

  /**
   * The fit has converged when a sweep moves every value by less than this many standard errors.
   */
  private static final double CONVERGED = 1e-7;

  private final double[] x;
  private final double[] y;

  private ConcaveFit(double[] x, double[] y) {
    this.x = x;
    this.y = y;
  }

  /**
   * Fits points at strictly rising {@code x}, at least one, with the standard errors {@code error}.
   */
  static ConcaveFit of(double[] x, double[] y, double[] error) {
    double[] smooth = projected(y, error, constraints(x));
    double[] values = new double[y.length];
    for (int i = 0; i < y.length; i++) {
      boolean withinNoise = Math.abs(smooth[i] - y[i]) <= Estimate.SIGNIFICANT * error[i];
      values[i] = withinNoise ? smooth[i] : y[i];
    }
    return new ConcaveFit(x.clone(), values);
  }

  /** The curve through these points without a fit. */
  static ConcaveFit through(double[] x, double[] y) {
    return new ConcaveFit(x.clone(), y.clone());
  }

  /** One linear constraint on the values: {@code sum of factors[j] * value[first + j] <= 0}. */
  private static final class Constraint {
    private final int first;
    private final double[] factors;

    private Constraint(int first, double... factors) {
      this.first = first;
      this.factors = factors;
    }

    private double times(double[] values) {
      double sum = 0;
      for (int j = 0; j < factors.length; j++) {
        sum += factors[j] * values[first + j];
      }
      return sum;
    }
  }

  /** No slope above the one before it, and the last not below zero, so that none is. */
  private static List<Constraint> constraints(double[] x) {
    List<Constraint> constraints = new ArrayList<>();
    for (int i = 0; i + 2 < x.length; i++) {
      double before = 1 / (x[i + 1] - x[i]);
      double after = 1 / (x[i + 2] - x[i + 1]);
      constraints.add(new Constraint(i, before, -before - after, after));
    }
    if (x.length > 1) {
      constraints.add(new Constraint(x.length - 2, 1, -1));
    }
    return constraints;
  }

  /**
   * The nearest values that meet all constraints, with distances in standard errors: the projection
   * on a cone by Hildreth's method (1954; 1957 for its convergence), one multiplier for each
   * constraint.
   */
  private static double[] projected(double[] y, double[] error, List<Constraint> constraints) {
    double[] values = y.clone();
    double[] multipliers = new double[constraints.size()];
    for (int sweep = 0; sweep < MAX_SWEEPS; sweep++) {
      double moved = 0;
      for (int constraint = 0; constraint < multipliers.length; constraint++) {
        moved =
            Math.max(
                moved, relax(constraints.get(constraint), constraint, multipliers, values, error));
      }
      if (moved < CONVERGED) {
        break;
      }
    }
    return values;
  }

  /** Returns how far the values moved, in standard errors. */
  private static double relax(
      Constraint constraint, int index, double[] multipliers, double[] values, double[] error) {
    double weight = 0;
    for (int j = 0; j < constraint.factors.length; j++) {
      double scaled = constraint.factors[j] * error[constraint.first + j];
      weight += scaled * scaled;
    }
    double next = Math.max(0, multipliers[index] + constraint.times(values) / weight);
    double change = next - multipliers[index];
    multipliers[index] = next;
    double moved = 0;
    for (int j = 0; j < constraint.factors.length; j++) {
      int i = constraint.first + j;
      values[i] -= change * constraint.factors[j] * error[i] * error[i];
      moved = Math.max(moved, Math.abs(change * constraint.factors[j] * error[i]));
    }
    return moved;
  }

  /** The fitted value of a point. */
  double value(int point) {
    return y[point];
  }

  /**
   * The value at {@code at}, between two points by a cubic that does not leave them (Fritsch and
   * Butland 1984), and that of the nearest point beyond both ends.
   */
  double at(double at) {
    int right = 0;
    while (right < x.length && x[right] < at) {
      right++;
    }
    if (right == 0 || right == x.length) {
      return y[Math.min(right, x.length - 1)];
    }
    return between(right - 1, at);
  }

  private double between(int left, double at) {
    double width = x[left + 1] - x[left];
    double t = (at - x[left]) / width;
    double rest = 1 - t;
    double value =
        y[left] * rest * rest * (1 + 2 * t)
            + y[left + 1] * t * t * (3 - 2 * t)
            + width * t * rest * (rest * tangent(left) - t * tangent(left + 1));
    double low = Math.min(y[left], y[left + 1]);
    return Math.clamp(value, low, Math.max(y[left], y[left + 1]));
  }

  private double tangent(int point) {
    if (x.length == 2) {
      return slope(0);
    }
    if (point == 0) {
      return end(slope(0), tangent(1));
    }
    if (point == x.length - 1) {
      return end(slope(point - 1), tangent(point - 1));
    }
    return inner(point);
  }

  /** The harmonic mean of both slopes, weighted by the distances; 0 at a turn. */
  private double inner(int point) {
    double before = slope(point - 1);
    double after = slope(point);
    if (before * after <= 0) {
      return 0;
    }
    double beforeWeight = 2 * (x[point + 1] - x[point]) + (x[point] - x[point - 1]);
    double afterWeight = (x[point + 1] - x[point]) + 2 * (x[point] - x[point - 1]);
    return (beforeWeight + afterWeight) / (beforeWeight / before + afterWeight / after);
  }

  /** The tangent that makes the outermost piece a parabola, held to what keeps it monotone. */
  private static double end(double slope, double innerTangent) {
    double tangent = (3 * slope - innerTangent) / 2;
    return tangent * slope <= 0
        ? 0
        : Math.clamp(tangent, -3 * Math.abs(slope), 3 * Math.abs(slope));
  }

  private double slope(int left) {
    return (y[left + 1] - y[left]) / (x[left + 1] - x[left]);
  }
}
