package chase.zeus.policy;

/**
 * A piece of time with one weight of energy.
 *
 * @param seconds how long, above zero
 * @param weight what a joule weighs
 * @param curve the levels that may be used in it
 */
record Stretch(double seconds, double weight, OperatingCurve curve) {
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
