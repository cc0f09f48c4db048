package chase.zeus.policy;

import chase.zeus.policy.EnergyPlan.PlanSlot;
import chase.zeus.policy.LimitSmoothing.FirstSlot.Step;
import chase.zeus.policy.SlowdownBudget.CurrentSpeed;
import java.time.Instant;
import java.util.Optional;

/**
 * Turns a plan into the decision for now, without flapping and without overrunning the budget.
 *
 * @param now the moment of the decision
 * @param budget the budget of the job
 * @param speed the job's current speed
 * @param running the levels that it may run at
 * @param minHold the minimum time between two changes, in seconds
 */
record LimitSmoothing(
    Instant now, JobBudget budget, CurrentSpeed speed, OperatingCurve running, double minHold) {
  /** Slack for fewer seconds than this counts as none. */
  private static final double SHORTEST = 1;

  /** The decision that follows {@code plan} now. */
  PolicyDecision decide(EnergyPlan plan) {
    OperatingCurve levels = plan.slots().getFirst().curve();
    int current = currentLevel(levels);
    FirstSlot first = FirstSlot.of(plan, mayPause(levels));
    Step step = within(levels, current, first.from(current < 0 ? first.high() : current, minHold));
    double held =
        current < 0 ? 0 : holdLeft(levels.isPause(current) || levels.isPause(step.level()));
    return step.level() != current && held > 0 && affords(speed.rate(), held)
        ? at(levels, new Step(current, held))
        : at(levels, step);
  }

  /** A faster level where the slack does not cover the minimum time at the chosen one. */
  private Step within(OperatingCurve levels, int current, Step step) {
    int level = step.level();
    while (level != current
        && level + 1 < levels.levels()
        && !affords(levels.rate(level), minHold)) {
      level++;
    }
    return level == step.level() ? affordable(levels, step) : new Step(level, minHold);
  }

  /**
   * A job that may end at any time must never be late: what a plan makes up for at the end of a
   * slot must not use more slack than there is.
   */
  private Step affordable(OperatingCurve levels, Step step) {
    double lost = 1 - levels.rate(step.level()) / running.fastest();
    if (budget.progress().remaining().isPresent() || lost <= 0) {
      return step;
    }
    double seconds = budget.slack(running.fastest()) / lost;
    return seconds < Math.min(SHORTEST, minHold)
        ? new Step(levels.levels() - 1, minHold)
        : new Step(step.level(), Math.min(step.seconds(), seconds));
  }

  /**
   * A pause level at the job's own idle power is a real pause; at 0 W it otherwise stands for the
   * job's end.
   */
  private boolean mayPause(OperatingCurve levels) {
    return levels.isPause(0)
        && budget
            .progress()
            .pause()
            .filter(pause -> pause.idle().value() == levels.watts(0))
            .isPresent();
  }

  private int currentLevel(OperatingCurve levels) {
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

  /**
   * How long the current state must still last: the pause or run where one ends, else the limit.
   */
  private double holdLeft(boolean pauseOrWake) {
    Optional<Instant> since = pauseOrWake ? speed.pauseChangedAt() : speed.limitSince();
    return since.map(then -> minHold - JobProgress.seconds(then, now)).orElse(0.0);
  }

  /** Whether the budget can still be kept after {@code seconds} at {@code rate}. */
  private boolean affords(double rate, double seconds) {
    double fastest = running.fastest();
    double lost = seconds * Math.max(0, 1 - rate / fastest);
    return budget.slack(fastest) >= lost - 1e-3;
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
   * What a plan requires of its first slot. Steps whose price almost equals the plan's own may be
   * taken in any slot, so there is a minimum and a maximum of work for this one; between them
   * nothing is lost by keeping the current limit.
   *
   * @param low the slowest level that the plan may use in it
   * @param high the fastest one
   * @param minWork the minimum work in it
   * @param maxWork the maximum
   */
  record FirstSlot(PlanSlot slot, int low, int high, double minWork, double maxWork) {
    /**
     * Prices closer than this share are equal: the dead band. It costs at most this share of them.
     */
    private static final double DEAD_BAND = 0.002;

    /**
     * The first slot of {@code plan}.
     *
     * @param mayPause whether its slowest level, where that is a pause, may be used; in a slot that
     *     the job may end in, a pause only stands for having ended
     */
    static FirstSlot of(EnergyPlan plan, boolean mayPause) {
      double below = plan.price() * (1 - DEAD_BAND);
      double upTo = plan.price() * (1 + DEAD_BAND);
      double open = 0;
      double room = 0;
      for (int i = 0; i < plan.slots().size(); i++) {
        PlanSlot slot = plan.slots().get(i);
        double sure = slot.workAt(slot.levelBelow(below));
        open += plan.work(i) - sure;
        room += slot.workAt(slot.levelUpTo(upTo)) - sure;
      }
      PlanSlot first = plan.slots().getFirst();
      int floor = first.curve().isPause(0) && !mayPause ? 1 : 0;
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
     * The next step, when the job runs at {@code current}: stay there as long as the plan permits,
     * then do the remaining work of the slot at the other end of the permitted levels. A level
     * outside the plan is replaced by the nearest one inside.
     *
     * @param shortest how many seconds a new level must last to be worth the change
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
