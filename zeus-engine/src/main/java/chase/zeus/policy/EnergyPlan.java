package chase.zeus.policy;

import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;

/**
 * The cheapest way to do an amount of work in some stretches that are all used to their end. It is
 * the optimum of the linear program over the time shares of all levels: one row couples the
 * stretches and each curve is convex, so taking the steps of all curves by rising price is exact.
 */
final class EnergyPlan {
  /** Work that differs by less than this share differs by rounding. */
  static final double ROUNDING = 1e-12;

  private static final int HALVINGS = 12;

  private final List<PlanSlot> slots;
  private final double price;
  private final double[] work;

  private EnergyPlan(List<PlanSlot> stretches, double price, double[] work) {
    this.slots = stretches;
    this.price = price;
    this.work = work;
  }

  /** The fill; empty when the slowest levels do more than {@code wanted} or the fastest do less. */
  static Optional<EnergyPlan> of(List<PlanSlot> stretches, double wanted) {
    double least = 0;
    double most = 0;
    for (PlanSlot stretch : stretches) {
      least += stretch.minWork();
      most += stretch.maxWork();
    }
    if (wanted < least * (1 - ROUNDING) || wanted > most * (1 + ROUNDING)) {
      return Optional.empty();
    }
    double price = price(stretches, Math.min(wanted, most) * (1 - ROUNDING));
    return Optional.of(new EnergyPlan(stretches, price, work(stretches, price, wanted)));
  }

  /** The lowest price at which {@code wanted} is reached; 0 where the slowest levels do it. */
  private static double price(List<PlanSlot> stretches, double wanted) {
    double below = -1;
    double reached = highestPrice(stretches);
    if (workUpTo(below, stretches) >= wanted) {
      return 0;
    }
    // Halving a few times leaves few prices to sort; sorting them all would take most of the time.
    for (int halving = 0; halving < HALVINGS; halving++) {
      double middle = (below + reached) / 2;
      if (workUpTo(middle, stretches) >= wanted) {
        reached = middle;
      } else {
        below = middle;
      }
    }
    double[] prices = pricesBetween(below, reached, stretches);
    int low = 0;
    int high = prices.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (workUpTo(prices[middle], stretches) >= wanted) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return prices[low];
  }

  private static double highestPrice(List<PlanSlot> stretches) {
    double highest = 0;
    for (PlanSlot stretch : stretches) {
      int steps = stretch.curve().levels() - 1;
      highest = steps > 0 ? Math.max(highest, stretch.price(steps - 1)) : highest;
    }
    return highest;
  }

  /** The prices above {@code below} and up to {@code reached}, in ascending order. */
  private static double[] pricesBetween(double below, double reached, List<PlanSlot> stretches) {
    DoubleStream.Builder prices = DoubleStream.builder();
    for (PlanSlot stretch : stretches) {
      for (int level = 0; level + 1 < stretch.curve().levels(); level++) {
        double price = stretch.price(level);
        if (price > below && price <= reached) {
          prices.add(price);
        }
      }
    }
    return prices.build().sorted().toArray();
  }

  private static double workUpTo(double price, List<PlanSlot> stretches) {
    double work = 0;
    for (PlanSlot stretch : stretches) {
      work += stretch.workAt(stretch.levelUpTo(price));
    }
    return work;
  }

  /** Everything cheaper than {@code price}, then what costs just that, first come, first served. */
  private static double[] work(List<PlanSlot> stretches, double price, double wanted) {
    double[] work = new double[stretches.size()];
    double open = wanted;
    for (int i = 0; i < work.length; i++) {
      PlanSlot stretch = stretches.get(i);
      work[i] = stretch.workAt(stretch.levelBelow(price));
      open -= work[i];
    }
    for (int i = 0; i < work.length && open > 0; i++) {
      PlanSlot stretch = stretches.get(i);
      double share = Math.min(open, stretch.workAt(stretch.levelUpTo(price)) - work[i]);
      work[i] += share;
      open -= share;
    }
    return work;
  }

  /** The stretches that were filled. */
  List<PlanSlot> slots() {
    return slots;
  }

  /** What the last unit of work costs: no step below it is left out, none above it is used. */
  double price() {
    return price;
  }

  /** The work done in stretch {@code i}, in seconds at full power. */
  double work(int i) {
    return work[i];
  }

  /** The weighted energy of it all. */
  double cost() {
    double cost = 0;
    for (int i = 0; i < work.length; i++) {
      cost += slots.get(i).cost(work[i]);
    }
    return cost;
  }

  /**
   * A piece of time with one weight of energy.
   *
   * @param seconds how long, above zero
   * @param weight what a joule weighs
   * @param curve the levels that may be used in it
   */
  record PlanSlot(double seconds, double weight, OperatingCurve curve) {
    /** The weighted energy of doing {@code work} in it. */
    double cost(double work) {
      return weight * seconds * curve.wattsAt(work / seconds);
    }

    double minWork() {
      return seconds * curve.slowest();
    }

    double maxWork() {
      return seconds * curve.fastest();
    }

    /** The work that becomes possible on the way from {@code level} to the next. */
    double step(int level) {
      return seconds * (curve.rate(level + 1) - curve.rate(level));
    }

    /** What a unit of that work costs. */
    double price(int level) {
      return weight * curve.slope(level);
    }

    /** The fastest level whose last step is cheaper than {@code price}. */
    int levelBelow(double price) {
      int level = 0;
      while (level + 1 < curve.levels() && price(level) < price) {
        level++;
      }
      return level;
    }

    /** The fastest level whose last step costs no more than {@code price}. */
    int levelUpTo(double price) {
      int level = 0;
      while (level + 1 < curve.levels() && price(level) <= price) {
        level++;
      }
      return level;
    }

    double workAt(int level) {
      return seconds * curve.rate(level);
    }
  }
}
