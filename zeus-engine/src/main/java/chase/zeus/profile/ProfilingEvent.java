package chase.zeus.profile;

import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Everything that can happen while a job is measured. */
public sealed interface ProfilingEvent {
  /** When it happened. */
  Instant at();

  /**
   * Work and energy of a stretch of time; one without steps or energy is added to the next.
   *
   * @param at when the stretch ended
   * @param over how long it was, above zero
   * @param steps the work done in it
   * @param energy the energy of one GPU in it; of a job with several, their mean
   * @param limit the power limit in force all the while; empty when it changed meanwhile
   */
  record Sampled(Instant at, Duration over, double steps, Joules energy, Optional<Watts> limit)
      implements ProfilingEvent {
    /** A stretch under one limit. */
    public Sampled(Instant at, Duration over, double steps, Joules energy, Watts limit) {
      this(at, over, steps, energy, Optional.of(limit));
    }

    /** Refuses an empty stretch and negative or non-finite work with an exception. */
    public Sampled {
      if (!over.isPositive()) {
        throw new IllegalArgumentException("a sample must take time, not " + over);
      }
      if (!(steps >= 0) || Double.isInfinite(steps)) {
        throw new IllegalArgumentException("steps must be finite and >= 0: " + steps);
      }
    }

    /** This stretch and the one before it, of the same limit, as one. */
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

  /** The job said that an epoch ends here: what follows may be a pause. */
  record EpochEnd(Instant at) implements ProfilingEvent {}

  /** The wanted limit cannot be had for now: the job's owner cannot afford it. */
  record Held(Instant at) implements ProfilingEvent {}

  /** It can be had again. */
  record Released(Instant at) implements ProfilingEvent {}

  /** Time went by. */
  record Tick(Instant at) implements ProfilingEvent {}

  /** The measuring must stop. */
  record Abort(Instant at, AbortReason reason) implements ProfilingEvent {}

  /** Why a run ended before it was done. */
  enum AbortReason {
    /** An operator chose another policy. */
    POLICY_CHANGED,
    /** An operator paused Chase, or Chase goes. */
    CHASE_PAUSED,
    /** A client leases a GPU, or an operator holds its limit. */
    LEASED,
    /** Somebody else set the limit. */
    FOREIGN_WRITE,
    /** A limit could not be set. */
    WRITE_REFUSED,
    /** A GPU is gone, or may not be written. */
    GPU_LOST,
    /** Other limits may be set now. */
    RANGE_CHANGED,
    /** The job behaves differently from what was measured. */
    DRIFTED,
    /** The job ended, or is about to. */
    JOB_ENDED,
    /** A limit gave no steady window within its patience. */
    UNSETTLED
  }
}
