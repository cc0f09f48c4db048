package chase.zeus.engine;

import chase.zeus.gpu.GpuReading.ClockEventReason;
import chase.zeus.profile.ProfilingState;
import chase.zeus.unit.Watts;
import chase.zeus.writes.WritePace.WriteCause;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Why a GPU's target is what it is. */
public sealed interface Reason {
  /**
   * The policy chose it.
   *
   * @param bound the limit that the policy always wants, where it may not have it
   */
  record Chosen(Optional<Bound> bound) implements Reason {
    /** The limit that the policy wants. */
    public Chosen() {
      this(Optional.empty());
    }
  }

  /**
   * The limit that a policy always wants, and the nearest that it may have.
   *
   * @param wanted the limit that it wants
   * @param nearest the floor, or the original limit
   */
  record Bound(Watts wanted, Watts nearest) {}

  /**
   * The policy would choose {@code wanted}, but the limit was changed a moment ago and stays.
   *
   * @param until when the minimum dwell ends
   */
  record Dwelling(Watts wanted, Instant until) implements Reason {}

  /** An operator holds it at this limit. */
  record Overridden(Instant until) implements Reason {}

  /** A process on this host holds a lease of it. */
  record Leased(Lease.Holder holder, Instant until) implements Reason {}

  /**
   * An operator paused Chase: the original limit.
   *
   * @param until when that ends automatically
   */
  record ChasePaused(Optional<Instant> until) implements Reason {
    /** Until somebody resumes. */
    public ChasePaused() {
      this(Optional.empty());
    }
  }

  /**
   * An operator paused this GPU alone: the original limit.
   *
   * @param until when that ends automatically
   */
  record PausedGpu(Optional<Instant> until) implements Reason {}

  /** No signal can be trusted: the original limit. */
  record NoSignal() implements Reason {}

  /** The only limit that may be set: there is nothing to choose. */
  record NoChoice() implements Reason {}

  /** The job's speed at the allowed limits is not known: the original limit. */
  record NoProfile() implements Reason {}

  /**
   * The policy keeps a slowdown budget, and the job's speed at full power is not known yet: full
   * power until it is.
   */
  record MeasuringFullSpeed(JobId job) implements Reason {}

  /**
   * The job is being profiled: the limit that is tried, or full power until its slack covers a test
   * of the next one.
   */
  record Profiling(JobId job, ProfilingState state) implements Reason {}

  /**
   * An external process set the limit, which is the original limit from now on; Chase does not
   * write the GPU for a while.
   *
   * @param foreign that limit
   * @param byDefault whether that is the driver's default, which a reset or a reload sets too
   * @param inARow how often an external limit was found with no quiet stretch in between
   * @param until when Chase decides again
   */
  record HandsOff(Watts foreign, boolean byDefault, int inARow, Instant until) implements Reason {
    /** A limit that only an external process can have set, for the first time. */
    public HandsOff(Watts foreign, Instant until) {
      this(foreign, false, 1, until);
    }
  }

  /**
   * Chase decided for another limit, but the GPU's writes of this hour are used up.
   *
   * @param wanted the limit that it decided for
   * @param perHour the writes of an hour
   * @param until when the next one is free
   */
  record WritesSpent(Watts wanted, int perHour, Instant until) implements Reason {}

  /**
   * Chase decided for a lower limit, but the hardware slows the GPU already.
   *
   * @param wanted the limit that it decided for
   * @param slowdowns what the driver says of that
   */
  record SlowedByHardware(Watts wanted, Set<ClockEventReason> slowdowns) implements Reason {
    /** Copies the set. */
    public SlowedByHardware {
      slowdowns = Set.copyOf(slowdowns);
    }
  }

  /** The GPU or the system refused a write; Chase does not write the GPU until it is resumed. */
  record Refused(String why) implements Reason {}

  /**
   * A write failed and is retried.
   *
   * @param until when the next try is due
   */
  record Retrying(String why, Instant until) implements Reason {}

  /**
   * The driver accepted the limit several times and did not set it; Chase retries with the next
   * command for the GPU.
   *
   * @param text the requested limit and what the driver made of it
   */
  record WithoutEffect(String text) implements Reason {}

  /** The GPU is never written: MIG, vGPU, or no power limit. */
  record Unwritable(String why) implements Reason {}

  /** The GPU is lost. */
  record Lost(String why) implements Reason {}

  /** Chase stops: the original limit. */
  record ChaseStopping() implements Reason {}

  /** Who wants the limit for this reason. */
  default WriteCause cause() {
    return switch (this) {
      case Overridden _, Leased _ -> WriteCause.REQUESTED;
      case Chosen _, Dwelling _, NoChoice _, MeasuringFullSpeed _, Profiling _ ->
          WriteCause.DECIDED;
      case WritesSpent _, SlowedByHardware _ -> WriteCause.DECIDED;
      case ChasePaused _, PausedGpu _, ChaseStopping _, NoSignal _, NoProfile _ ->
          WriteCause.RESTORING;
      case HandsOff _, Refused _, Retrying _, WithoutEffect _, Unwritable _, Lost _ ->
          WriteCause.RESTORING;
    };
  }
}
