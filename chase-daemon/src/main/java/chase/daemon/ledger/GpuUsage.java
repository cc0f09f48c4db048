package chase.daemon.ledger;

import chase.daemon.ledger.Usage.CompletedWork;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.JobId;
import chase.zeus.engine.JobView;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.policy.JobProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** The last known state of one GPU, from which follows what it has used since. For one thread. */
final class GpuUsage {
  /**
   * Reports and readings come at times of their own, so that the time of a report's work and the
   * time that was metered differ by up to this without anything beside that work.
   */
  private static final double OFFSET_SECONDS = 2;

  private Instant at;
  private double joules;
  private Optional<GpuOwner> owner = Optional.empty();
  private Optional<KnownWork> lastWork = Optional.empty();

  /** Time and energy since the job's work was last known. */
  private double secondsOpen;

  private double joulesOpen;

  /** Time of work that is known, and not metered yet. */
  private double secondsAhead;

  /**
   * How much work a job had done.
   *
   * @param job its id
   * @param source how its work is counted; work by another source is counted from its beginning
   * @param steps the count that it last reported; NaN before the first
   */
  private record KnownWork(
      JobId job, Optional<String> source, double steps, double doneSeconds, double elapsedSeconds) {
    static KnownWork begin(JobView job) {
      return new KnownWork(job.id(), FigureSources.workSource(job), steps(job), 0, 0);
    }

    boolean isOf(JobView view) {
      return view.id().equals(job)
          && (source.isEmpty() || source.equals(FigureSources.workSource(view)));
    }

    static double steps(JobView job) {
      return job.steps().map(Long::doubleValue).orElse(Double.NaN);
    }

    KnownWork after(JobView job) {
      return new KnownWork(
          this.job,
          FigureSources.workSource(job),
          Double.isNaN(steps(job)) ? steps : steps(job),
          job.progress().map(JobProgress::done).orElse(doneSeconds),
          job.progress().map(JobProgress::elapsed).orElse(elapsedSeconds));
    }

    double newSteps(KnownWork before) {
      double more = steps - before.steps;
      return more > 0 ? more : 0;
    }
  }

  GpuUsage(Instant at) {
    this.at = at;
  }

  /** The owner of the time since the last update: that of the GPU at its beginning. */
  Optional<GpuOwner> owner() {
    return owner;
  }

  /** The seconds since the last update; 0 when the clock went back. */
  double secondsUntil(Instant now) {
    Duration passed = Duration.between(at, now);
    return passed.isNegative() ? 0 : passed.toNanos() / 1e9;
  }

  /** The energy since the last update; a counter that went back has begun again at zero. */
  double joulesUntil(GpuView gpu) {
    double now = gpu.energy().map(energy -> energy.joules().value()).orElse(joules);
    return now >= joules ? now - joules : now;
  }

  /** The time under the limit in force, where that is known. */
  static Map<Long, Double> underLimit(GpuView gpu, double seconds) {
    return gpu.liveLimits()
        .map(PowerLimits::enforced)
        .filter(limit -> seconds > 0)
        .map(limit -> Map.of(limit.toMilliwatts(), seconds))
        .orElse(Map.of());
  }

  /** The source of the owner's work, where it is counted. */
  Optional<String> source() {
    return lastWork.flatMap(KnownWork::source);
  }

  /** The owner's work that became known since the last update, as {@code job} reports it. */
  CompletedWork work(Optional<JobView> job, double seconds, double energy) {
    if (lastWork.isEmpty() || job.filter(lastWork.get()::isOf).isEmpty()) {
      return CompletedWork.NONE;
    }
    KnownWork before = lastWork.get();
    KnownWork now = before.after(job.get());
    lastWork = Optional.of(now);
    secondsOpen += seconds;
    joulesOpen += energy;
    return work(before, now);
  }

  private CompletedWork work(KnownWork before, KnownWork now) {
    double known = now.elapsedSeconds - before.elapsedSeconds;
    // A job that took over an earlier run shows that one's work as well, which is charged already.
    double share = Math.min(1, (secondsOpen + OFFSET_SECONDS) / known);
    double elapsed = known > 0 ? known * share : known;
    double done = (now.doneSeconds - before.doneSeconds) * (known > 0 ? share : 1);
    double spent = elapsed > 0 && secondsOpen > 0 ? spend(elapsed + secondsAhead) : 0;
    return new CompletedWork(now.newSteps(before), done, elapsed, spent);
  }

  /** The energy of {@code seconds} of work; what is open beyond the offset was no work. */
  private double spend(double seconds) {
    double spent = joulesOpen * Math.min(1, seconds / secondsOpen);
    double left = secondsOpen - seconds;
    secondsAhead = Math.clamp(-left, 0, OFFSET_SECONDS);
    boolean offset = left > 0 && left <= OFFSET_SECONDS;
    joulesOpen = offset ? joulesOpen - spent : 0;
    secondsOpen = offset ? left : 0;
    return spent;
  }

  /** Keeps the present state: the owner, and how much work their job has done. */
  void update(GpuView gpu, Optional<GpuOwner> newOwner, Optional<JobView> job, Instant now) {
    Optional<JobView> theirs = newOwner.flatMap(present -> job);
    if (lastWork.isEmpty() || theirs.filter(lastWork.get()::isOf).isEmpty()) {
      lastWork = theirs.map(KnownWork::begin);
      secondsAhead = 0;
      secondsOpen = 0;
      joulesOpen = 0;
    }
    at = now;
    joules = gpu.energy().map(energy -> energy.joules().value()).orElse(joules);
    owner = newOwner;
  }
}
