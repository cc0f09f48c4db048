package chase.zeus.profile;

import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Everything that can happen during a profiling session. */
public sealed interface ProfilingEvent {
  /** When it happened. */
  Instant at();

  /**
   * Work and energy of an interval; one without steps or energy is added to the next.
   *
   * @param at when the interval ended
   * @param over its length, above zero
   * @param steps the work done in it
   * @param energy the energy of one GPU in it; of a job with several, their mean
   * @param limit the power limit in force during all of it; empty when the limit changed
   */
  record Sampled(Instant at, Duration over, double steps, Joules energy, Optional<Watts> limit)
      implements ProfilingEvent {
    /** An interval under one limit. */
    public Sampled(Instant at, Duration over, double steps, Joules energy, Watts limit) {
      this(at, over, steps, energy, Optional.of(limit));
    }

    /** Refuses an empty interval and negative or non-finite work with an exception. */
    public Sampled {
      if (!over.isPositive()) {
        throw new IllegalArgumentException("a sample must take time, not " + over);
      }
      if (!(steps >= 0) || Double.isInfinite(steps)) {
        throw new IllegalArgumentException("steps must be finite and >= 0: " + steps);
      }
    }

    /** This interval and the one before it, of the same limit, as one. */
    Sampled after(Sampled before) {
      return new Sampled(
          at, over.plus(before.over), steps + before.steps, energy.plus(before.energy), limit);
    }

    boolean isUnder(Watts wanted) {
      return limit.filter(wanted::sameLimitAs).isPresent();
    }

    double seconds() {
      return over.toNanos() / 1e9;
    }
  }

  /** The job reported the end of an epoch: a pause may follow. */
  record EpochEnd(Instant at) implements ProfilingEvent {}

  /** The requested limit must wait: it would break the job's slowdown budget. */
  record Unaffordable(Instant at) implements ProfilingEvent {}

  /** The requested limit may be used again. */
  record Affordable(Instant at) implements ProfilingEvent {}

  /** Time went by. */
  record Tick(Instant at) implements ProfilingEvent {}

  /** The session must stop. */
  record Abort(Instant at, AbortReason reason) implements ProfilingEvent {}

  /** Why a session ended before it was done. */
  enum AbortReason {
    /** An operator chose another policy. */
    POLICY_CHANGED,
    /** An operator paused Chase, or Chase stops. */
    CHASE_PAUSED,
    /** A client leases a GPU, or an operator holds its limit. */
    LEASED,
    /** An external process set the limit. */
    FOREIGN_WRITE,
    /** A limit could not be set. */
    WRITE_REFUSED,
    /** A GPU is gone, or may not be written. */
    GPU_LOST,
    /** The allowed range of limits has changed. */
    RANGE_CHANGED,
    /** The job behaves differently from what was measured. */
    DRIFTED,
    /** The job ended, or is ending. */
    JOB_ENDED,
    /** A limit gave no steady window in time. */
    UNSETTLED
  }
}
