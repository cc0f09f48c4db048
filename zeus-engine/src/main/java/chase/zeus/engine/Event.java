package chase.zeus.engine;

import chase.zeus.engine.GpuView.GpuContact.ContactState;
import chase.zeus.engine.JobView.EndedJob.EndCause;
import chase.zeus.engine.JobView.JobMetric;
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

/**
 * Everything that can happen to the engine, which has no clock of its own. Each event says whom it
 * concerns: one GPU, one job, or the host.
 */
public sealed interface Event {
  /** When it happened. */
  Instant at();

  /** An event of one GPU. */
  sealed interface GpuEvent extends Event {
    /** The GPU. */
    GpuId gpu();
  }

  /** An event of one job. */
  sealed interface JobEvent extends Event {
    /** The job. */
    JobId job();
  }

  /** An event of the whole host, or of a part of it that a {@link PolicyScope} names. */
  sealed interface HostEvent extends Event {}

  /** What a user or a job requests; the engine may refuse it with a {@link Refusal}. */
  sealed interface Command extends Event {}

  /**
   * A GPU was opened, at the start or after its driver came back.
   *
   * @param limits the limits that it had then
   * @param profile what jobs draw and achieve on it, where known
   * @param original the limit to restore at the end, and the limit that the floor is a share of;
   *     empty for a GPU without a power limit
   */
  record GpuOpened(
      GpuTraits traits,
      Optional<PowerLimits> limits,
      Optional<PowerProfile> profile,
      Optional<OriginalLimit> original,
      Instant at)
      implements GpuEvent {
    /** A GPU without a record of its original limit: that is the limit that it has. */
    public GpuOpened(
        GpuTraits traits,
        Optional<PowerLimits> limits,
        Optional<PowerProfile> profile,
        Instant at) {
      this(
          traits,
          limits,
          profile,
          limits.map(
              now -> OriginalLimit.of(now.requested(), Optional.empty(), traits.defaultLimit())),
          at);
    }

    @Override
    public GpuId gpu() {
      return traits.id();
    }
  }

  /** Something outside Chase changed what a GPU allows: MIG, its power range, its default limit. */
  record TraitsChanged(GpuTraits traits, Instant at) implements GpuEvent {
    @Override
    public GpuId gpu() {
      return traits.id();
    }
  }

  /**
   * A GPU stopped answering and will not recover without being opened again.
   *
   * @param how whether it is lost, hangs, or was released with its driver
   */
  record GpuLost(GpuId gpu, String why, ContactState how, Instant at) implements GpuEvent {
    /** A GPU that is gone by its driver's word, or with its driver. */
    public GpuLost(GpuId gpu, String why, Instant at) {
      this(gpu, why, ContactState.LOST, at);
    }
  }

  /** A GPU was read. */
  record ReadingTaken(GpuId gpu, GpuReading reading, Instant at) implements GpuEvent {}

  /** One attempt to read a GPU failed. */
  record ReadingFailed(GpuId gpu, String why, Instant at) implements GpuEvent {}

  /** An order was carried out; {@code readBack} are the GPU's limits straight afterwards. */
  record LimitApplied(GpuId gpu, PowerLimits readBack, Instant at) implements GpuEvent {}

  /** An order was not carried out. */
  record LimitFailed(GpuId gpu, Watts limit, GpuException.Kind kind, String why, Instant at)
      implements GpuEvent {}

  /** An order was dropped, because an external process had changed the GPU's limit meanwhile. */
  record ForeignLimitFound(GpuId gpu, PowerLimits found, Instant at) implements GpuEvent {}

  /**
   * The work done on one GPU was counted outside the engine, as a replay does. Without effect while
   * a registered job runs there, since that reports its own steps.
   */
  record WorkReported(GpuId gpu, JobProgress progress, Instant at) implements GpuEvent {}

  /** One GPU stays at {@code limit} until {@code until}, whatever its policy decides. */
  record OverrideSet(GpuId gpu, Watts limit, Instant until, Instant at)
      implements GpuEvent, Command {}

  /** The policy decides about this GPU again. */
  record OverrideReleased(GpuId gpu, Instant at) implements GpuEvent, Command {}

  /**
   * The original limit of one GPU is restored and stays, whatever an override or a lease says.
   *
   * @param until when that ends; empty for until {@link GpuResumed} or {@link Resumed}
   */
  record GpuPaused(GpuId gpu, Optional<Instant> until, Instant at) implements GpuEvent, Command {}

  /** Chase decides again about one GPU, whatever kept it off. */
  record GpuResumed(GpuId gpu, Instant at) implements GpuEvent, Command {}

  /**
   * A process on this host takes or renews a lease of one GPU until {@code until}: at {@code
   * limit}, which may lie below the floor, or else at the limit that the GPU has. A limit above the
   * original limit means the original limit.
   */
  record LeaseTaken(
      GpuId gpu, Optional<Watts> limit, Lease.Holder holder, Instant until, Instant at)
      implements GpuEvent, Command {}

  /** The lease of this GPU ends; without effect where there is none. */
  record LeaseEnded(GpuId gpu, Instant at) implements GpuEvent, Command {}

  /**
   * A job registered.
   *
   * @param replaces the same job of the same user on the same GPUs, whose process was killed; it
   *     ends, and the new one continues with what is left of its budget
   * @param watched whether it ends with its process: it need not report then
   */
  record JobStarted(JobId job, JobSpec spec, Optional<JobId> replaces, boolean watched, Instant at)
      implements JobEvent, Command {
    /** A job whose process is not watched. */
    public JobStarted(JobId job, JobSpec spec, Optional<JobId> replaces, Instant at) {
      this(job, spec, replaces, false, at);
    }

    /** A job that replaces none. */
    public JobStarted(JobId job, JobSpec spec, Instant at) {
      this(job, spec, Optional.empty(), at);
    }
  }

  /**
   * A job reported its progress.
   *
   * @param steps all steps that it has done so far; the same count again only shows that it runs
   * @param metrics values that it measured of itself, by name; the last value of each name is kept
   */
  record StepsReported(JobId job, long steps, Map<String, Double> metrics, Instant at)
      implements JobEvent, Command {
    /**
     * Copies the metrics.
     *
     * @throws IllegalArgumentException with one line that names the first metric whose name is not
     *     printable or whose value is not finite
     */
    public StepsReported {
      metrics = JobMetric.checked(metrics);
    }

    /** A report of steps alone. */
    public StepsReported(JobId job, long steps, Instant at) {
      this(job, steps, Map.of(), at);
    }
  }

  /**
   * An earlier run of the job was measured, and its profile was kept. Without effect once the job
   * has ended.
   *
   * @param measuredAt when it was measured
   */
  record ProfileLoaded(JobId job, MeasuredProfile profile, Instant measuredAt, Instant at)
      implements JobEvent {}

  /** A job ended. */
  record JobEnded(JobId job, EndCause cause, Instant at) implements JobEvent, Command {
    /** A job reported its own end. */
    public JobEnded(JobId job, Instant at) {
      this(job, EndCause.REPORTED, at);
    }
  }

  /** The weight of energy changed, now or in its forecast. */
  record OutlookChanged(EnergyOutlook outlook, Instant at) implements HostEvent {}

  /** The host's own power draw for each GPU changed. */
  record HostPowerChanged(HostPower power, Instant at) implements HostEvent {}

  /**
   * Chase was started again: {@code kept} counts again, but for what has ended since. It comes
   * before any GPU is opened; what is kept for a GPU waits until that is.
   */
  record Restarted(KeptState kept, Instant at) implements HostEvent {}

  /**
   * The operator changed the rules while Chase runs. Overrides, leases, pauses and the policies of
   * GPUs and jobs stay; jobs that run are measured as they were.
   *
   * @param rules in the same mode as before
   * @param policy the host's policy, where that changed as well
   */
  record RulesChanged(SafetyRules rules, Optional<PowerPolicy> policy, Instant at)
      implements HostEvent {}

  /** Time passed, and nothing else. */
  record TimePassed(Instant at) implements HostEvent {}

  /** Chase stops: all original limits are restored, and nothing else is decided any more. */
  record Stopping(Instant at) implements HostEvent {}

  /**
   * Another policy for the host, a GPU or a job.
   *
   * @param confirmBy when it is rolled back unless {@link PolicyConfirmed} comes before; empty for
   *     one that stays
   */
  record PolicyChosen(
      PowerPolicy policy, PolicyScope scope, Optional<Instant> confirmBy, Instant at)
      implements HostEvent, Command {
    /** One that stays. */
    public PolicyChosen(PowerPolicy policy, PolicyScope scope, Instant at) {
      this(policy, scope, Optional.empty(), at);
    }

    /** Another policy for the whole host. */
    public PolicyChosen(PowerPolicy policy, Instant at) {
      this(policy, new PolicyScope.WholeHost(), at);
    }
  }

  /**
   * A policy that is tried stays.
   *
   * @param scope where; empty for every policy that is tried
   */
  record PolicyConfirmed(Optional<PolicyScope> scope, Instant at) implements HostEvent, Command {}

  /** A GPU or a job has no policy of its own any more; the host has the configured one again. */
  record PolicyCleared(PolicyScope scope, Instant at) implements HostEvent, Command {}

  /**
   * All original limits are restored and stay.
   *
   * @param until when that ends; empty for until {@link Resumed}
   */
  record Paused(Optional<Instant> until, Instant at) implements HostEvent, Command {
    /** Until {@link Resumed}. */
    public Paused(Instant at) {
      this(Optional.empty(), at);
    }
  }

  /**
   * Chase decides again about all GPUs, also about those that were paused alone, or that it no
   * longer wrote after a refusal or an external write.
   */
  record Resumed(Instant at) implements HostEvent, Command {}
}
