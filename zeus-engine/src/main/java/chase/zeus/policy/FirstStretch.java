package chase.zeus.policy;

/**
 * What a plan asks of its first stretch. Steps whose price is all but the plan's own may be taken
 * in any stretch, so there is a least and a most that this one must do; between them nothing is
 * lost by leaving a limit where it is.
 *
 * @param slot the stretch
 * @param low the slowest level that the plan may use in it
 * @param high the fastest
 * @param minWork the least work to do in it
 * @param maxWork the most
 */
record FirstStretch(Stretch slot, int low, int high, double minWork, double maxWork) {
  /**
   * Prices closer than this share are equal: the dead band. It costs at most this share of them.
   */
  private static final double DEAD_BAND = 0.002;

  /**
   * The first stretch of {@code fill}.
   *
   * @param mayRest whether its slowest level, where that is a rest, may be used; in a stretch that
   *     the job may end in, a rest only stands for having ended
   */
  static FirstStretch of(EnergyPlan fill, boolean mayRest) {
    double below = fill.price() * (1 - DEAD_BAND);
    double upTo = fill.price() * (1 + DEAD_BAND);
    double open = 0;
    double room = 0;
    for (int i = 0; i < fill.slots().size(); i++) {
      Stretch stretch = fill.slots().get(i);
      double sure = stretch.workAt(stretch.levelBelow(below));
      open += fill.work(i) - sure;
      room += stretch.workAt(stretch.levelUpTo(upTo)) - sure;
    }
    Stretch first = fill.slots().getFirst();
    int floor = first.curve().isPause(0) && !mayRest ? 1 : 0;
    int low = first.levelBelow(below);
    int high = first.levelUpTo(upTo);
    double own = first.workAt(high) - first.workAt(low);
    double least = first.workAt(low) + Math.max(0, open - (room - own));
    double most = first.workAt(low) + Math.min(own, open);
    double slowest = first.workAt(floor);
    return new FirstStretch(
        first,
        Math.max(floor, low),
        Math.max(floor, high),
        Math.max(slowest, least),
        Math.max(slowest, most));
  }

  /** A level, and for how many seconds. */
  record Step(int level, double seconds) {}

  /**
   * What to do now, when the job runs at {@code current}: stay there as long as the plan permits,
   * then do the rest of the stretch at the other end of what it may use. A level outside the plan
   * is left for the nearest one inside.
   *
   * @param shortest how many seconds a level that is not in use yet must last to be worth taking
   */
  Step from(int current, double shortest) {
    int level = Math.clamp(current, low, high);
    double work = slot.workAt(level);
    double rounding = slot.maxWork() * 1e-9;
    if (work >= minWork - rounding && work <= maxWork + rounding) {
      return new Step(level, slot.seconds());
    }
    int other = work < minWork ? high : low;
    double goal = work < minWork ? minWork : maxWork;
    double seconds =
        (goal - slot.workAt(other)) / (slot.curve().rate(level) - slot.curve().rate(other));
    boolean tooShort = seconds < (level == current ? 1e-3 : shortest);
    return tooShort ? new Step(other, slot.seconds()) : new Step(level, seconds);
  }
}
