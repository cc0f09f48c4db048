package chase.zeus.profile;

import chase.zeus.gpu.PowerRange;
import chase.zeus.unit.Watts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which limits may be measured, and how.
 *
 * @param limits the candidates, strictly falling; no other limit is ever requested
 * @param rules how a window is measured
 */
public record ProfilingPlan(List<Watts> limits, MeasurementRules rules) {
  /** The default spacing is this fraction of a GPU's range: 25 W for a GPU of 100 to 300 W. */
  private static final int PARTS = 8;

  /** Default spacings are multiples of this many watts. */
  private static final double ROUND = 5;

  /** Full power is the reference of every slowdown, so that it is measured more precisely. */
  private static final double FULL_POWER_SHARE = 0.5;

  /** Refuses no limits and limits that do not fall with {@link IllegalArgumentException}. */
  public ProfilingPlan {
    limits = List.copyOf(limits);
    if (limits.isEmpty()) {
      throw new IllegalArgumentException("a plan needs at least one limit");
    }
    for (int i = 1; i < limits.size(); i++) {
      if (limits.get(i - 1).compareTo(limits.get(i)) <= 0) {
        throw new IllegalArgumentException(
            "limits must fall, but " + limits.get(i) + " follows " + limits.get(i - 1));
      }
    }
  }

  /**
   * Limits over all that is allowed, every {@code spacing} watts from the top; the lowest allowed
   * limit is one of them, in place of one that would lie within half a spacing of it.
   *
   * @param allowed inside the GPU's range, not below the floor
   * @throws IllegalArgumentException when {@code spacing} is 0 W
   */
  public static ProfilingPlan over(PowerRange allowed, Watts spacing, MeasurementRules rules) {
    if (spacing.value() == 0) {
      throw new IllegalArgumentException("spacing must be above 0 W");
    }
    List<Watts> limits = new ArrayList<>(List.of(allowed.max()));
    double floor = allowed.min().value();
    double next = allowed.max().value() - spacing.value();
    while (next > floor + spacing.value() / 2) {
      limits.add(new Watts(next));
      next -= spacing.value();
    }
    if (allowed.min().compareTo(allowed.max()) < 0) {
      limits.add(allowed.min());
    }
    return new ProfilingPlan(limits, rules);
  }

  /**
   * The default spacing for a GPU: an eighth of its range, in multiples of 5 W, and not less than 5
   * W.
   */
  public static Watts spacing(PowerRange range) {
    double part = (range.max().value() - range.min().value()) / PARTS;
    return new Watts(Math.max(ROUND, Math.rint(part / ROUND) * ROUND));
  }

  Watts highest() {
    return limits.getFirst();
  }

  Watts lowest() {
    return limits.getLast();
  }

  boolean covers(Watts limit) {
    return limit.compareTo(lowest()) >= 0 && limit.compareTo(highest()) <= 0;
  }

  /** The relative error at which {@code limit} counts as known. */
  double precision(Watts limit) {
    return limit.sameLimitAs(highest()) ? rules.precision() * FULL_POWER_SHARE : rules.precision();
  }

  /** The candidates below {@code limit}, highest first. */
  List<Watts> below(Watts limit) {
    return limits.stream().filter(other -> other.compareTo(limit) < 0).toList();
  }

  /** The candidates strictly between two limits, those nearest to their middle first. */
  List<Watts> between(Watts low, Watts high) {
    double middle = (low.value() + high.value()) / 2;
    return limits.stream()
        .filter(limit -> limit.compareTo(low) > 0 && limit.compareTo(high) < 0)
        .sorted(Comparator.comparingDouble(limit -> Math.abs(limit.value() - middle)))
        .toList();
  }
}
