package chase.zeus.engine;

import chase.zeus.profile.ProfilingState;
import chase.zeus.unit.Watts;
import java.time.Instant;
import java.util.Optional;

/** Why a GPU's target is what it is. */
public sealed interface Reason {
  /**
   * The policy chose it.
   *
   * @param bound where it is not what the policy always wants, what it wants and what it may have
   */
  record Chosen(Optional<Bound> bound) implements Reason {
    /** What the policy wants. */
    public Chosen() {
      this(Optional.empty());
    }
  }

  /**
   * The limit that a policy always wants, and the nearest that it may have.
   *
   * @param wanted what it wants
   * @param nearest the floor, or the original limit
   */
  record Bound(Watts wanted, Watts nearest) {
    /** Such as {@code 300 W, and the floor is 420 W}. */
    public String text() {
      return wanted.compareTo(nearest) < 0
          ? wanted + ", and the floor is " + nearest
          : wanted + ", and the original limit is " + nearest;
    }
  }

  /**
   * The policy would choose {@code wish}, but the limit was changed a moment ago and stays.
   *
   * @param until when the minimum dwell ends
   */
  record Dwelling(Watts wanted, Instant until) implements Reason {}

  /** An operator holds it at this limit. */
  record Overridden(Instant until) implements Reason {}

  /** Somebody on this host drives it himself. */
  record Leased(Lease.Holder holder, Instant until) implements Reason {}

  /** Chase is paused: the limit found. */
  record ChasePaused() implements Reason {}

  /** There is no signal to trust: the limit found. */
  record NoSignal() implements Reason {}

  /** The only limit that may be set: there is nothing to choose. */
  record NoChoice() implements Reason {}

  /** Nobody knows what the job achieves at the allowed limits: the limit found. */
  record NoProfile() implements Reason {}

  /**
   * The policy keeps a budget, and what its job does at full power is not known yet: full power
   * until it is.
   */
  record MeasuringFullSpeed(JobId job) implements Reason {}

  /**
   * The job is being measured: the limit that is tried, or full power until the job has earned the
   * time that the next one may cost.
   */
  record Profiling(JobId job, ProfilingState state) implements Reason {}

  /**
   * Somebody else set the limit; Chase took theirs over and leaves the card alone for a while.
   *
   * @param foreign the limit that they set
   * @param byDefault whether that is the driver's default, which a reset or a reload sets too
   * @param until when Chase decides again
   */
  record HandsOff(Watts foreign, boolean byDefault, Instant until) implements Reason {
    /** A limit that only somebody else can have set. */
    public HandsOff(Watts foreign, Instant until) {
      this(foreign, false, until);
    }

    /** Such as {@code somebody else set 300 W}. */
    public String text() {
      return byDefault
          ? "the limit is the driver's default of "
              + foreign
              + ", set by somebody else or by a reset of the GPU"
          : "somebody else set " + foreign;
    }
  }

  /** The card or the system refused a write; Chase leaves the card alone until told to resume. */
  record Refused(String why) implements Reason {}

  /**
   * A write failed in passing and is tried again.
   *
   * @param until when
   */
  record Retrying(String why, Instant until) implements Reason {}

  /**
   * The driver accepted the limit several times and did not set it; Chase does not ask again until
   * somebody asks Chase.
   *
   * @param text what it was asked for and what it made of it
   */
  record WithoutEffect(String text) implements Reason {}

  /** The card is never written: MIG, vGPU, or no such knob. */
  record Unwritable(String why) implements Reason {}

  /** The card is gone. */
  record Lost(String why) implements Reason {}

  /** Chase is going: the limit found. */
  record ChaseStopping() implements Reason {}
}
