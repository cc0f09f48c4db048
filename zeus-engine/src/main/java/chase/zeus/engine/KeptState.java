package chase.zeus.engine;

import chase.zeus.engine.JobView.EndedJob;
import chase.zeus.engine.JobView.JobReports;
import chase.zeus.gpu.GpuId;
import chase.zeus.policy.JobProgress;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.throughput.CountedSteps;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What outlives a restart: what somebody asked for, and how far the jobs have come. Immutable. The
 * engine takes it back with {@link Event.Restarted}, which drops what has ended meanwhile.
 *
 * @param at when it was so
 * @param configured the policy that the host had without anybody's choice
 * @param pause the pause of the whole host
 * @param policies the policies that were chosen by command
 * @param gpus what was asked for single GPUs, those included that were not there
 * @param jobs the running jobs, in the order in which they started
 * @param ended the last jobs that ended, the newest first
 */
public record KeptState(
    Instant at,
    PowerPolicy configured,
    Optional<OperatorPause> pause,
    Map<PolicyScope, PolicyChoice> policies,
    List<KeptGpu> gpus,
    List<KeptJob> jobs,
    List<EndedJob> ended) {
  /** Clients ask seldom for more. */
  static final int MOST_ENDED = 100;

  /** Copies the collections. */
  public KeptState {
    policies = Map.copyOf(policies);
    gpus = List.copyOf(gpus);
    jobs = List.copyOf(jobs);
    ended = List.copyOf(ended);
  }

  /**
   * An operator's pause of Chase as a whole, or of one GPU: the original limit meanwhile.
   *
   * @param since when it began
   * @param until when it ends automatically; empty until somebody resumes
   */
  public record OperatorPause(Instant since, Optional<Instant> until) {
    /** Whether it still holds at {@code now}. */
    boolean holdsAt(Instant now) {
      return until.filter(end -> !now.isBefore(end)).isEmpty();
    }
  }

  /**
   * An operator's override of one GPU.
   *
   * @param limit the limit that it stays at
   * @param since when it began
   * @param until when it ends
   */
  public record LimitOverride(Watts limit, Instant since, Instant until) {}

  /**
   * A policy that was chosen by command.
   *
   * @param policy the policy
   * @param since when it was chosen
   * @param trial what becomes of it without a confirmation; empty for one that stays
   */
  public record PolicyChoice(PowerPolicy policy, Instant since, Optional<PolicyTrial> trial) {
    /** What {@code chosen} makes of the choice before, which a trial may bring back. */
    static PolicyChoice of(Event.PolicyChosen chosen, Optional<PolicyChoice> before) {
      return new PolicyChoice(
          chosen.policy(),
          chosen.at(),
          chosen
              .confirmBy()
              .map(end -> new PolicyTrial(before.flatMap(PolicyChoice::unconfirmed), end)));
    }

    /** What counts if it is never confirmed; empty for no choice at all. */
    Optional<PolicyChoice> unconfirmed() {
      return trial.isPresent() ? trial.get().before() : Optional.of(this);
    }

    /** The same for good. */
    PolicyChoice confirmed() {
      return new PolicyChoice(policy, since, Optional.empty());
    }

    boolean isOverAt(Instant now) {
      return trial.filter(tried -> !now.isBefore(tried.until())).isPresent();
    }
  }

  /**
   * A policy that somebody tries is rolled back unless it is confirmed in time.
   *
   * @param before the choice that counts again then; empty for none
   * @param until when that happens
   */
  public record PolicyTrial(Optional<PolicyChoice> before, Instant until) {}

  /**
   * What was asked for one GPU.
   *
   * @param gpu the GPU
   * @param pause its pause
   * @param override its override
   * @param lease its lease
   * @param seenAt when the GPU was last there
   */
  public record KeptGpu(
      GpuId gpu,
      Optional<OperatorPause> pause,
      Optional<LimitOverride> override,
      Optional<Lease> lease,
      Instant seenAt) {
    boolean isEmpty() {
      return pause.isEmpty() && override.isEmpty() && lease.isEmpty();
    }
  }

  /**
   * A running job.
   *
   * @param id its id
   * @param spec what it registered
   * @param startedAt when
   * @param watched whether it ends with its process, so that it need not report
   * @param reports what it reported
   * @param counted its steps and what they are worth
   * @param earlier what an earlier run of it did, or the job itself while its GPUs counted its work
   * @param pauses its pauses
   * @param highest the highest limit that all of its GPUs could have, where that was known
   */
  public record KeptJob(
      JobId id,
      JobSpec spec,
      Instant startedAt,
      boolean watched,
      JobReports reports,
      CountedSteps counted,
      Optional<JobProgress> earlier,
      JobPauses pauses,
      Optional<Watts> highest) {}

  /**
   * The pauses of one job.
   *
   * @param since since when it is advised to pause; empty while it is not
   * @param changedAt when that advice last changed
   * @param sinceReport whether it was advised to pause since its last report
   * @param lasted how long it paused since its last new count, apart from the pause that goes on
   * @param countedFrom since when the pause that goes on counts
   * @param stepsDespite how many reports showed new steps in spite of the advice
   */
  public record JobPauses(
      Optional<Instant> since,
      Optional<Instant> changedAt,
      boolean sinceReport,
      Duration lasted,
      Optional<Instant> countedFrom,
      int stepsDespite) {
    /** None so far. */
    static final JobPauses NONE =
        new JobPauses(
            Optional.empty(), Optional.empty(), false, Duration.ZERO, Optional.empty(), 0);

    /** After a report, which may show new steps. */
    JobPauses afterReport(boolean grown, boolean late, Instant at) {
      int despite = stepsDespite + (grown && late ? 1 : 0);
      return grown
          ? new JobPauses(
              since, changedAt, false, Duration.ZERO, countedFrom.map(from -> at), despite)
          : new JobPauses(since, changedAt, sinceReport, lasted, countedFrom, despite);
    }

    /** With the advice of now. */
    JobPauses advised(boolean pause, Instant at) {
      boolean now = sinceReport || pause;
      if (pause == since.isPresent()) {
        return new JobPauses(since, changedAt, now, lasted, countedFrom, stepsDespite);
      }
      Optional<Instant> begun = pause ? Optional.of(at) : Optional.empty();
      Duration more = countedFrom.map(from -> Duration.between(from, at)).orElse(Duration.ZERO);
      return new JobPauses(begun, Optional.of(at), now, lasted.plus(more), begun, stepsDespite);
    }
  }
}
