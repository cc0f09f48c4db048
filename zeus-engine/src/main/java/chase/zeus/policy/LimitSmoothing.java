package chase.zeus.policy;

import chase.zeus.policy.LimitSmoothing.FirstSlot.Step;
import java.time.Instant;
import java.util.Optional;

/**
 * Turns a plan into what to do now, without flapping and without overrunning.
 *
 * @param now the moment of the decision
 * @param promise what is owed to the job
 * @param speed what the job does now
 * @param running the levels that it may run at
 * @param stay the seconds that a change must last
 */
record LimitSmoothing(
    Instant now,
    JobBudget promise,
    SlowdownBudget.CurrentSpeed speed,
    OperatingCurve running,
    double stay) {
  /** Slack for fewer seconds than this is none. */
  private static final double SHORTEST = 1;

  /** The next step of {@code fill}. */
  PolicyDecision decide(EnergyPlan fill) {
    OperatingCurve levels = fill.slots().getFirst().curve();
    int current = levelInForce(levels);
    FirstSlot first = FirstSlot.of(fill, mayPause(levels));
    Step step = within(levels, current, first.from(current < 0 ? first.high() : current, stay));
    double held =
        current < 0 ? 0 : stayLeft(levels.isPause(current) || levels.isPause(step.level()));
    return step.level() != current && held > 0 && affords(speed.rate(), held)
        ? at(levels, new Step(current, held))
        : at(levels, step);
  }

  /** A faster level where there is too little slack for a change to last. */
  private Step within(OperatingCurve levels, int current, Step step) {
    int level = step.level();
    while (level != current && level + 1 < levels.levels() && !affords(levels.rate(level), stay)) {
      level++;
    }
    return level == step.level() ? affordable(levels, step) : new Step(level, stay);
  }

  /**
   * A job that may end at any time is never late: what a plan leaves to the end of a slot must not
   * use up more than there is.
   */
  private Step affordable(OperatingCurve levels, Step step) {
    double lost = 1 - levels.rate(step.level()) / running.fastest();
    if (promise.progress().remaining().isPresent() || lost <= 0) {
      return step;
    }
    double seconds = promise.slack(running.fastest()) / lost;
    return seconds < Math.min(SHORTEST, stay)
        ? new Step(levels.levels() - 1, stay)
        : new Step(step.level(), Math.min(step.seconds(), seconds));
  }

  /** A rest at the job's own idle power is a pause; one at 0 W otherwise is its end. */
  private boolean mayPause(OperatingCurve levels) {
    return levels.isPause(0)
        && promise
            .progress()
            .pause()
            .filter(rest -> rest.idle().value() == levels.watts(0))
            .isPresent();
  }

  private int levelInForce(OperatingCurve levels) {
    for (int level = 0; level < levels.levels(); level++) {
      boolean same =
          levels.isPause(level)
              ? speed.paused()
              : !speed.paused()
                  && speed.limit().filter(levels.limit(level).get()::sameLimitAs).isPresent();
      if (same) {
        return level;
      }
    }
    return -1;
  }

  /** How long things must stay as they are: the pause or run where one ends, else the limit. */
  private double stayLeft(boolean pauseOrWake) {
    Optional<Instant> since = pauseOrWake ? speed.pauseChangedAt() : speed.limitSince();
    return since.map(then -> stay - JobProgress.seconds(then, now)).orElse(0.0);
  }

  /** Whether {@code seconds} at {@code rate} leave the promise within reach. */
  private boolean affords(double rate, double seconds) {
    double fastest = running.fastest();
    double lost = seconds * Math.max(0, 1 - rate / fastest);
    return promise.slack(fastest) >= lost - 1e-3;
  }

  private PolicyDecision at(OperatingCurve levels, Step step) {
    Instant until = now.plusNanos((long) Math.ceil(step.seconds() * 1e9));
    return levels
        .limit(step.level())
        .<PolicyDecision>map(limit -> new PolicyDecision.Limit(limit, Optional.of(until)))
        .orElseGet(
            () -> new PolicyDecision.Pause(levels.limit(1).orElseThrow(), Optional.of(until)));
  }

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
  record FirstSlot(EnergyPlan.PlanSlot slot, int low, int high, double minWork, double maxWork) {
    /**
     * Prices closer than this share are equal: the dead band. It costs at most this share of them.
     */
    private static final double DEAD_BAND = 0.002;

    /**
     * The first stretch of {@code fill}.
     *
     * @param mayRest whether its slowest level, where that is a rest, may be used; in a stretch
     *     that the job may end in, a rest only stands for having ended
     */
    static FirstSlot of(EnergyPlan fill, boolean mayRest) {
      double below = fill.price() * (1 - DEAD_BAND);
      double upTo = fill.price() * (1 + DEAD_BAND);
      double open = 0;
      double room = 0;
      for (int i = 0; i < fill.slots().size(); i++) {
        EnergyPlan.PlanSlot stretch = fill.slots().get(i);
        double sure = stretch.workAt(stretch.levelBelow(below));
        open += fill.work(i) - sure;
        room += stretch.workAt(stretch.levelUpTo(upTo)) - sure;
      }
      EnergyPlan.PlanSlot first = fill.slots().getFirst();
      int floor = first.curve().isPause(0) && !mayRest ? 1 : 0;
      int low = first.levelBelow(below);
      int high = first.levelUpTo(upTo);
      double own = first.workAt(high) - first.workAt(low);
      double least = first.workAt(low) + Math.max(0, open - (room - own));
      double most = first.workAt(low) + Math.min(own, open);
      double slowest = first.workAt(floor);
      return new FirstSlot(
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
}
