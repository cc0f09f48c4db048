package chase.zeus.policy;

import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;

/**
 * The plan with the least weighted energy that does an amount of work in some slots, all of which
 * are used to their end. It is the optimum of the linear program over the time shares of all
 * levels: one constraint couples the slots and each curve is convex, so taking the steps of all
 * curves by rising price is exact.
 */
final class EnergyPlan {
  /** A smaller relative difference in work is a rounding error. */
  static final double ROUNDING = 1e-12;

  private static final int HALVINGS = 12;

  private final List<PlanSlot> slots;
  private final double price;
  private final double[] work;

  private EnergyPlan(List<PlanSlot> slots, double price, double[] work) {
    this.slots = slots;
    this.price = price;
    this.work = work;
  }

  /** The plan; empty when the slowest levels do more than {@code wanted} or the fastest do less. */
  static Optional<EnergyPlan> of(List<PlanSlot> slots, double wanted) {
    double least = 0;
    double most = 0;
    for (PlanSlot slot : slots) {
      least += slot.minWork();
      most += slot.maxWork();
    }
    if (wanted < least * (1 - ROUNDING) || wanted > most * (1 + ROUNDING)) {
      return Optional.empty();
    }
    double price = price(slots, Math.min(wanted, most) * (1 - ROUNDING));
    return Optional.of(new EnergyPlan(slots, price, work(slots, price, wanted)));
  }

  /** The lowest price at which {@code wanted} is reached; 0 where the slowest levels do it. */
  private static double price(List<PlanSlot> slots, double wanted) {
    double below = -1;
    double reached = highestPrice(slots);
    if (workUpTo(below, slots) >= wanted) {
      return 0;
    }
    // A few halvings leave few prices to sort; sorting them all would take most of the time.
    for (int halving = 0; halving < HALVINGS; halving++) {
      double middle = (below + reached) / 2;
      if (workUpTo(middle, slots) >= wanted) {
        reached = middle;
      } else {
        below = middle;
      }
    }
    double[] prices = pricesBetween(below, reached, slots);
    int low = 0;
    int high = prices.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (workUpTo(prices[middle], slots) >= wanted) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return prices[low];
  }

  private static double highestPrice(List<PlanSlot> slots) {
    double highest = 0;
    for (PlanSlot slot : slots) {
      int steps = slot.curve().levels() - 1;
      highest = steps > 0 ? Math.max(highest, slot.price(steps - 1)) : highest;
    }
    return highest;
  }

  /** The prices above {@code below} and up to {@code reached}, in ascending order. */
  private static double[] pricesBetween(double below, double reached, List<PlanSlot> slots) {
    DoubleStream.Builder prices = DoubleStream.builder();
    for (PlanSlot slot : slots) {
      for (int level = 0; level + 1 < slot.curve().levels(); level++) {
        double price = slot.price(level);
        if (price > below && price <= reached) {
          prices.add(price);
        }
      }
    }
    return prices.build().sorted().toArray();
  }

  private static double workUpTo(double price, List<PlanSlot> slots) {
    double work = 0;
    for (PlanSlot slot : slots) {
      work += slot.workAt(slot.levelUpTo(price));
    }
    return work;
  }

  /** Everything cheaper than {@code price}, then what costs exactly that, earliest slots first. */
  private static double[] work(List<PlanSlot> slots, double price, double wanted) {
    double[] work = new double[slots.size()];
    double open = wanted;
    for (int i = 0; i < work.length; i++) {
      PlanSlot slot = slots.get(i);
      work[i] = slot.workAt(slot.levelBelow(price));
      open -= work[i];
    }
    for (int i = 0; i < work.length && open > 0; i++) {
      PlanSlot slot = slots.get(i);
      double share = Math.min(open, slot.workAt(slot.levelUpTo(price)) - work[i]);
      work[i] += share;
      open -= share;
    }
    return work;
  }

  /** The slots of the plan. */
  List<PlanSlot> slots() {
    return slots;
  }

  /** What the last unit of work costs: every cheaper step is used, no more expensive one. */
  double price() {
    return price;
  }

  /** The work done in slot {@code i}, in seconds at full power. */
  double work(int i) {
    return work[i];
  }

  /** The weighted energy of the whole plan. */
  double cost() {
    double cost = 0;
    for (int i = 0; i < work.length; i++) {
      cost += slots.get(i).cost(work[i]);
    }
    return cost;
  }

  /**
   * A period with one weight of energy.
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

    /** What a unit of work costs on the way from {@code level} to the next. */
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
