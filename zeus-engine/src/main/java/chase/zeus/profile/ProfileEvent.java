package chase.zeus.profile;

import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;

/** Everything that can happen while a job is measured. */
public sealed interface ProfileEvent {
  /** When it happened. */
  Instant at();

  /**
   * Work and energy of a stretch of time; one without steps or energy is added to the next.
   *
   * @param at when the stretch ended
   * @param over how long it was, above zero
   * @param steps the work done in it
   * @param energy the energy of all GPUs of the job in it
   * @param limit the power limit in force all the while
   */
  record Sampled(Instant at, Duration over, double steps, Joules energy, Watts limit)
      implements ProfileEvent {
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

    double seconds() {
      return over.toNanos() / 1e9;
    }
  }

  /** The job said that an epoch ends here: what follows may be a pause. */
  record Boundary(Instant at) implements ProfileEvent {}

  /** Time went by. */
  record Tick(Instant at) implements ProfileEvent {}

  /** The measuring must stop. */
  record Abort(Instant at, Reason reason) implements ProfileEvent {}

  /** Why a run ended before it was done. */
  enum Reason {
    /** An operator chose another policy. */
    POLICY_CHANGED,
    /** A client leases the GPU. */
    LEASED,
    /** Somebody else set the limit. */
    FOREIGN_WRITE,
    /** The job ended. */
    JOB_ENDED,
    /** A limit gave no steady window within its patience. */
    UNSETTLED
  }
}
