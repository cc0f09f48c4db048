package chase.zeus.engine;

import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuReading;
import chase.zeus.gpu.GpuTraits;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.policy.EnergyOutlook;
import chase.zeus.policy.JobProgress;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.profile.MeasuredProfile;
import chase.zeus.profile.PowerProfile;
import chase.zeus.unit.Watts;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Everything that can happen to the engine, which has no clock of its own. */
public sealed interface Event {
  /** When it happened. */
  Instant at();

  /**
   * A card was opened, at the start or after the driver came back.
   *
   * @param limits the limits found; where they are not Chase's own, the requested one goes back
   * @param profile what jobs draw and achieve on it, where known
   * @param original the limit to put back and the one that the floor is taken of; empty without a
   *     limit
   */
  record GpuOpened(
      GpuTraits traits,
      Optional<PowerLimits> limits,
      Optional<PowerProfile> profile,
      Optional<OriginalLimit> original,
      Instant at)
      implements Event {
    /** A card of which nothing is known but what it shows. */
    public GpuOpened(
        GpuTraits traits,
        Optional<PowerLimits> limits,
        Optional<PowerProfile> profile,
        Instant at) {
      this(
          traits,
          limits,
          profile,
          limits.map(found ->
              OriginalLimit.of(found.requested(), Optional.empty(), traits.defaultLimit())),
          at);
    }
  }

  /** Somebody changed what a card allows: MIG, its range, its default. */
  record TraitsChanged(GpuTraits traits, Instant at) implements Event {}

  /**
   * A card stopped answering and will not come back by itself.
   *
   * @param hung whether a call to it has not come back, and nobody knows more
   */
  record GpuLost(GpuId gpu, String why, boolean hung, Instant at) implements Event {
    /** A card of which the driver says that it is gone, or whose driver is. */
    public GpuLost(GpuId gpu, String why, Instant at) {
      this(gpu, why, false, at);
    }
  }

  /** A card was read. */
  record ReadingTaken(GpuId gpu, GpuReading reading, Instant at) implements Event {}

  /** A card could not be read this time. */
  record ReadingFailed(GpuId gpu, String why, Instant at) implements Event {}

  /** An order was carried out; {@code readBack} is what the card says afterwards. */
  record LimitApplied(GpuId gpu, PowerLimits readBack, Instant at) implements Event {}

  /** An order was not carried out. */
  record LimitFailed(GpuId gpu, Watts limit, GpuException.Kind kind, String why, Instant at)
      implements Event {}

  /** An order was dropped, because the card's limit was no longer the one that Chase knew. */
  record ForeignLimitFound(GpuId gpu, PowerLimits found, Instant at) implements Event {}

  /** Energy weighs something else now, or is foreseen to. */
  record OutlookChanged(EnergyOutlook outlook, Instant at) implements Event {}

  /** The host draws something else for each GPU than was known before. */
  record HostPowerChanged(HostPower power, Instant at) implements Event {}

  /**
   * Somebody else counted the work on one GPU, as a replay does; without effect while a registered
   * job runs there, which counts its own.
   */
  record WorkReported(GpuId gpu, JobProgress progress, Instant at) implements Event {}

  /**
   * Somebody remembers what was measured of a job like this one; without effect when it has ended.
   *
   * @param measuredAt when
   */
  record ProfileLoaded(JobId job, MeasuredProfile profile, Instant measuredAt, Instant at)
      implements Event {}

  /** Nothing but time passed. */
  record TimePassed(Instant at) implements Event {}

  /** The host is going down: everything goes back. Nothing but restoring follows. */
  record Stopping(Instant at) implements Event {}

  /** What an operator may ask for; see {@link Engine#refusal} for what is refused. */
  sealed interface Command extends Event {}

  /** Another policy for the host, a GPU or a job. */
  record PolicyChosen(PowerPolicy policy, PolicyScope scope, Instant at) implements Command {
    /** Another policy for the whole host. */
    public PolicyChosen(PowerPolicy policy, Instant at) {
      this(policy, new PolicyScope.WholeHost(), at);
    }
  }

  /** A GPU or a job has no policy of its own any more. */
  record PolicyCleared(PolicyScope scope, Instant at) implements Command {}

  /**
   * A job registered itself.
   *
   * @param replaces a job of the same user, name and GPUs that was left behind by a process that
   *     was killed; it ends, and what it has left of its budget goes on
   */
  record JobStarted(JobId job, JobSpec spec, Optional<JobId> replaces, Instant at)
      implements Command {
    /** A job that takes nobody's place. */
    public JobStarted(JobId job, JobSpec spec, Instant at) {
      this(job, spec, Optional.empty(), at);
    }
  }

  /**
   * A job reported.
   *
   * @param steps all steps that it has done so far; the same count again only says that it is alive
   * @param metrics values that it measured of itself, by name; the last of each name is kept
   */
  record StepsReported(JobId job, long steps, Map<String, Double> metrics, Instant at)
      implements Command {
    /**
     * Copies the metrics; refuses names that nobody could read, and values that are no finite
     * numbers, with {@link IllegalArgumentException} that names the metric.
     */
    public StepsReported {
      metrics = JobView.JobMetric.checked(metrics);
    }

    /** A report of steps alone. */
    public StepsReported(JobId job, long steps, Instant at) {
      this(job, steps, Map.of(), at);
    }
  }

  /** A job came to its end. */
  record JobEnded(JobId job, JobView.EndedJob.EndCause cause, Instant at) implements Command {
    /** A job said that it ends. */
    public JobEnded(JobId job, Instant at) {
      this(job, JobView.EndedJob.EndCause.REPORTED, at);
    }
  }

  /** One GPU stays at {@code limit} until {@code until}, whatever the policy says. */
  record OverrideSet(GpuId gpu, Watts limit, Instant until, Instant at) implements Command {}

  /** The policy decides about this GPU again. */
  record OverrideReleased(GpuId gpu, Instant at) implements Command {}

  /**
   * Somebody drives one GPU himself until {@code until}: at {@code limit}, which may lie below the
   * floor, or at the limit that it has. A limit above the one found means the one found. The same
   * again renews it.
   */
  record LeaseTaken(
      GpuId gpu, Optional<Watts> limit, Lease.Holder holder, Instant until, Instant at)
      implements Command {}

  /** He does not drive it any more; without effect when nobody does. */
  record LeaseEnded(GpuId gpu, Instant at) implements Command {}

  /** All limits go back and stay there until {@link Resumed}. */
  record Paused(Instant at) implements Command {}

  /**
   * Chase decides again, also about GPUs that it had left alone after a refusal or foreign write.
   */
  record Resumed(Instant at) implements Command {}
}
