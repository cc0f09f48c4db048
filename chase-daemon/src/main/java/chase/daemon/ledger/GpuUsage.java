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

/** What was last seen of one GPU, and so what is new. For one thread. */
final class GpuUsage {
  private Instant at;
  private double joules;
  private Optional<GpuOwner> tenant = Optional.empty();
  private Optional<KnownWork> mark = Optional.empty();

  /** Time and energy since the job's work was last known. */
  private double secondsOpen;

  private double joulesOpen;

  /**
   * How far a job was.
   *
   * @param job its id
   * @param source who counts its work
   * @param steps the count that it last reported; NaN before the first
   */
  private record KnownWork(
      JobId job, String source, double steps, double doneSeconds, double elapsedSeconds) {
    static KnownWork begin(JobView job) {
      return new KnownWork(job.id(), FigureSources.workSource(job), steps(job), 0, 0);
    }

    boolean isOf(JobView view) {
      return view.id().equals(job);
    }

    static double steps(JobView job) {
      return job.steps().isPresent() ? (double) job.steps().getAsLong() : Double.NaN;
    }

    KnownWork after(JobView job) {
      return new KnownWork(
          this.job,
          source,
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

  /** Whose the time since the last look is: who had the card at its beginning. */
  Optional<GpuOwner> owner() {
    return tenant;
  }

  /** The seconds since the last look; a clock that went back tells nothing. */
  double secondsUntil(Instant now) {
    Duration passed = Duration.between(at, now);
    return passed.isNegative() ? 0 : passed.toNanos() / 1e9;
  }

  /** The energy since the last look; a total that went back has begun again at zero. */
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

  /** Who counts the tenant's work, where somebody does. */
  Optional<String> source() {
    return mark.map(KnownWork::source);
  }

  /** The work of the tenant that became known since the last look, as {@code job} tells now. */
  CompletedWork work(Optional<JobView> job, double seconds, double energy) {
    if (mark.isEmpty() || job.filter(mark.get()::isOf).isEmpty()) {
      return CompletedWork.NONE;
    }
    KnownWork before = mark.get();
    KnownWork now = before.after(job.get());
    mark = Optional.of(now);
    secondsOpen += seconds;
    joulesOpen += energy;
    return work(before, now);
  }

  private CompletedWork work(KnownWork before, KnownWork now) {
    double elapsed = now.elapsedSeconds - before.elapsedSeconds;
    double spent = 0;
    if (elapsed > 0 && secondsOpen > 0) {
      spent = joulesOpen * Math.min(1, elapsed / secondsOpen);
      secondsOpen = 0;
      joulesOpen = 0;
    }
    return new CompletedWork(
        now.newSteps(before), now.doneSeconds - before.doneSeconds, elapsed, spent);
  }

  /** Remembers what there is now: who has the card, and how far his work is. */
  void update(GpuView gpu, Optional<GpuOwner> who, Optional<JobView> job, Instant now) {
    Optional<JobView> his = who.flatMap(there -> job);
    if (mark.isEmpty() || his.filter(mark.get()::isOf).isEmpty()) {
      mark = his.map(KnownWork::begin);
      secondsOpen = 0;
      joulesOpen = 0;
    }
    at = now;
    joules = gpu.energy().map(energy -> energy.joules().value()).orElse(joules);
    tenant = who;
  }
}
