package chase.zeus.engine;

import chase.zeus.policy.JobProgress;
import chase.zeus.policy.PlannedLimit;
import chase.zeus.policy.PolicyDecision;
import chase.zeus.policy.PolicyInput;
import chase.zeus.policy.PolicyInput.CurrentLimit;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.policy.Slack;
import chase.zeus.unit.Watts;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One job as the engine knows it.
 *
 * @param id its name on this host
 * @param spec what it registered
 * @param policy the policy that decides about its GPUs
 * @param startedAt when it was registered
 * @param reports what it reported
 * @param work how fast it runs and how far it has come
 * @param decision what was decided for it
 * @param profile what was measured of it; empty where jobs are not profiled
 */
public record JobView(
    JobId id,
    JobSpec spec,
    PowerPolicy policy,
    Instant startedAt,
    JobReports reports,
    JobWork work,
    JobDecision decision,
    Optional<ProfileView> profile) {

  /** The same job after a report that has not been decided on yet. */
  JobView withReports(JobReports latest) {
    return new JobView(id, spec, policy, startedAt, latest, work, decision, profile);
  }

  /** How its work is counted; empty while nothing counts it, as before its first report. */
  public Optional<ProfileView.WorkSource> workSource() {
    ProfileView.WorkSource source =
        profile.map(ProfileView::workSource).orElse(ProfileView.WorkSource.REPORTED);
    boolean silent = source == ProfileView.WorkSource.REPORTED && steps().isEmpty();
    return silent ? Optional.empty() : Optional.of(source);
  }

  /** When it last reported; when it was registered, before its first report. */
  public Instant lastReportAt() {
    return reports.lastAt();
  }

  /** The count of its last report. */
  public Optional<Long> steps() {
    return reports.steps();
  }

  /** The last value of each metric that it reported, by name. */
  public Map<String, JobMetric> metrics() {
    return reports.metrics();
  }

  /** Its recent speed. */
  public Optional<Double> stepsPerSecond() {
    return work.stepsPerSecond();
  }

  /** Its steps a second at full power; empty until enough intervals at full power were seen. */
  public Optional<Double> fullSpeed() {
    return work.fullSpeed();
  }

  /** How far it has come; empty until its speed at full power is known. */
  public Optional<JobProgress> progress() {
    return work.progress();
  }

  /** What is left of its slowdown budget, where the policy keeps one. */
  public Optional<Slack> slack() {
    return work.slack();
  }

  /** The target limit of its GPUs; see {@link JobDecision}. */
  public Optional<Watts> limit() {
    return decision.limit();
  }

  /** What the policy advises beyond the limit. */
  public Optional<PauseAdvice> advice() {
    return decision.advice();
  }

  /** What the policy would decide next. */
  public Optional<NextDecision> nextDecision() {
    return decision.next();
  }

  /** What the policy has in mind after that; empty while it does not decide. */
  public Optional<PolicyPlan> plan() {
    return decision.plan();
  }

  /** Whether it is advised to pause. */
  public boolean paused() {
    return decision.paused();
  }

  /** Whether it went on although it was advised to pause. */
  public boolean ignoresPauses() {
    return decision.ignoresPauses();
  }

  /**
   * How much slower than at full power it has been so far, such as 0.02; pauses, checkpoints and
   * the time before its first report do not count. Empty until that is known.
   */
  public Optional<Double> slowdown() {
    return progress()
        .filter(counted -> counted.done() > 0)
        .map(counted -> counted.elapsed() / counted.done() - 1);
  }

  /**
   * What a job reported.
   *
   * @param lastAt when it last reported; when it was registered, before its first report
   * @param steps the count of its last report
   * @param metrics the last value of each metric, by name
   */
  public record JobReports(Instant lastAt, Optional<Long> steps, Map<String, JobMetric> metrics) {}

  /**
   * How fast a job runs and how far it has come.
   *
   * @param stepsPerSecond its recent speed
   * @param fullSpeed its steps a second at full power, by its own reports; empty until enough
   *     intervals at full power were seen
   * @param progress how far it has come; empty until that speed is known
   * @param slack what is left of its slowdown budget, where the policy keeps one
   */
  public record JobWork(
      Optional<Double> stepsPerSecond,
      Optional<Double> fullSpeed,
      Optional<JobProgress> progress,
      Optional<Slack> slack) {}

  /**
   * What was decided for a job.
   *
   * @param limit the target limit of its GPUs; empty when that is the original limit, or when no
   *     policy decides about any of them
   * @param advice what the policy advises beyond the limit
   * @param next what the policy would decide next
   * @param plan what the policy has in mind after that, while it decides
   * @param paused whether the job is advised to pause
   * @param ignoresPauses whether it went on although it was advised to pause, and so is planned as
   *     running
   */
  public record JobDecision(
      Optional<Watts> limit,
      Optional<PauseAdvice> advice,
      Optional<NextDecision> next,
      Optional<PolicyPlan> plan,
      boolean paused,
      boolean ignoresPauses) {}

  /**
   * What a policy advises a job beyond a limit.
   *
   * @param pause whether the job, which declared that it may be paused, should pause now
   * @param until when time alone may change the decision; empty when it does not
   */
  public record PauseAdvice(boolean pause, Optional<Instant> until) {}

  /**
   * What a policy would decide next if nothing but time passed; evaluated only where it is shown.
   *
   * @param policy the policy
   * @param input what its last decision was based on
   * @param at when it decides again
   */
  public record NextDecision(PowerPolicy policy, PolicyInput input, Instant at) {
    /** What the policy would decide at {@link #at} about a GPU that has {@code limit} by then. */
    public PolicyDecision evaluate(Watts limit) {
      return policy.decide(
          new PolicyInput(
              input.allowed(),
              input.profile(),
              input.outlook(),
              at,
              input.progress(),
              Optional.of(new CurrentLimit(limit, Optional.empty()))));
    }
  }

  /**
   * What a policy has in mind beyond its last decision; evaluated only where it is shown.
   *
   * @param policy the policy
   * @param input what its last decision was based on
   */
  public record PolicyPlan(PowerPolicy policy, PolicyInput input) {
    /** The limits ahead, period by period, as far as the outlook goes; takes some milliseconds. */
    public List<PlannedLimit> ahead() {
      return policy.plan(input);
    }
  }

  /**
   * The last value of something that a job measures of itself, such as its loss. Chase shows it and
   * decides nothing by it.
   *
   * @param value the value, which is finite
   * @param steps the count of steps with which it was reported
   * @param at when it was reported
   */
  public record JobMetric(double value, long steps, Instant at) {
    /** The maximum number of names that one job may use. */
    static final int MOST = 32;

    private static final int LONGEST_NAME = 64;

    static Map<String, Double> checked(Map<String, Double> metrics) {
      metrics.forEach(JobMetric::check);
      return Map.copyOf(metrics);
    }

    private static void check(String name, double value) {
      if (name.isBlank()
          || name.length() > LONGEST_NAME
          || name.chars().anyMatch(Character::isISOControl)) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "metric '%s': a name has 1 to %d printable characters",
                shown(name),
                LONGEST_NAME));
      }
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException(
            "metric '%s' must be a finite number, not %s".formatted(name, value));
      }
    }

    private static String shown(String name) {
      String clean = name.replaceAll("\\p{Cntrl}", "?");
      return clean.length() <= LONGEST_NAME ? clean : clean.substring(0, LONGEST_NAME) + "...";
    }
  }

  /**
   * A job that has ended.
   *
   * @param id its name on this host
   * @param name the name that it registered
   * @param at when it ended
   * @param cause why it ended
   */
  public record EndedJob(JobId id, String name, Instant at, EndCause cause) {
    /** Why a job ended. */
    public enum EndCause {
      /** It reported its end. */
      REPORTED,
      /** It did not report for too long. */
      SILENT,
      /** Its process ended without a report. */
      PROCESS_GONE,
      /** The same job started again after its process had been killed. */
      REPLACED
    }

    /** A line such as {@code job a1 (resnet) ended with its process at 2026-11-23T12:00:00Z}. */
    public String text() {
      String ended =
          switch (cause) {
            case REPORTED -> "was reported to have ended at ";
            case SILENT -> "said nothing for too long and so ended at ";
            case PROCESS_GONE -> "ended with its process at ";
            case REPLACED -> "was taken over by a later run at ";
          };
      return "job " + id + " (" + name + ") " + ended + at.truncatedTo(ChronoUnit.SECONDS);
    }
  }
}
