package chase.zeus.policy;

import chase.zeus.policy.FirstStretch.Step;
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
    Instant now, JobBudget promise, Pace speed, OperatingCurve running, double stay) {
  /** Slack for fewer seconds than this is none. */
  private static final double SHORTEST = 1;

  /** The next step of {@code fill}. */
  PolicyDecision decide(EnergyPlan fill) {
    OperatingCurve levels = fill.slots().getFirst().curve();
    int current = levelInForce(levels);
    FirstStretch first = FirstStretch.of(fill, mayPause(levels));
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
}
