package chase.zeus.replay;

import chase.zeus.policy.OptimalSchedule;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.profile.PowerHull;
import chase.zeus.profile.PowerProfile;
import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.replay.JobOutcome.Span;
import chase.zeus.unit.Watts;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Replays jobs with one profile over one weight trace. The profile's highest limit is full power.
 * Safe for any number of threads.
 */
public final class Replay {
  private final WeightTrace trace;
  private final PowerProfile profile;
  private final Watts host;

  /**
   * A replay.
   *
   * @param trace what a joule weighed
   * @param profile what the GPU draws and the job achieves at each limit
   * @param host the host's draw for this GPU, added whenever the job runs or holds the GPU
   */
  public Replay(WeightTrace trace, PowerProfile profile, Watts host) {
    this.trace = trace;
    this.profile = profile.plus(host);
    this.host = host;
  }

  /**
   * The outcome of {@code job} under {@code policy}.
   *
   * @throws IllegalArgumentException when the trace does not cover the job from start to end
   */
  public JobOutcome run(PowerPolicy policy, ReplayJob job, ForecastView forecast) {
    requireStart(job);
    List<Span> spans = new ReplayRun(trace, profile, withHost(job), policy, forecast).spans();
    return JobOutcome.of(job, trace, spans, profile.highestLimit());
  }

  /**
   * The lowest possible cost of {@code job} at a slowdown of at most {@code bound}: the exact
   * optimum with perfect knowledge of the trace.
   *
   * @throws IllegalArgumentException when the trace does not cover the job
   */
  public JobOutcome optimum(double bound, ReplayJob job) {
    requireStart(job);
    Instant end = job.latestEnd(bound);
    requireEnd(end);
    OptimalSchedule schedule =
        OptimalSchedule.cheapest(
                trace.between(job.start(), end), profile, withHost(job).idle(), job.work())
            .orElseThrow(() -> new IllegalArgumentException("no bound below 0: " + bound));
    List<Span> spans =
        schedule.segments().stream()
            .map(span -> new Span(span.from(), span.to(), span.limit(), power(span.limit(), job)))
            .toList();
    return JobOutcome.of(job, trace, spans, profile.highestLimit());
  }

  /**
   * The cost of {@code job} without a pause and independent of the grid, at a slowdown of at most
   * {@code slowdown}: the two limits that take the least energy, mixed evenly over the whole time.
   *
   * @throws IllegalArgumentException when the trace does not cover it
   */
  public double blindCost(double slowdown, ReplayJob job) {
    Instant end = job.latestEnd(Math.min(slowdown, mostEfficientSlowdown()));
    requireEnd(end);
    double rate = job.work() / Span.seconds(job.start(), end);
    double watts = PowerHull.of(profile).wattsAt(rate * profile.fullThroughput());
    return watts * trace.integral(job.start(), end) / JobOutcome.JOULES_PER_KWH;
  }

  /** The slowdown at which a unit of work takes the least energy; a slower job wastes some. */
  private double mostEfficientSlowdown() {
    Point efficient = PowerHull.of(profile).mostEfficient();
    return profile.fullThroughput() / efficient.throughput() - 1;
  }

  /** The longest time that a job without pauses may take, relative to full power. */
  public double longestDurationRatio() {
    double slowest = profile.points().stream().mapToDouble(Point::throughput).min().orElseThrow();
    return profile.fullThroughput() / slowest;
  }

  private Watts power(Optional<Watts> limit, ReplayJob job) {
    return limit
        .map(running -> profile.at(running).orElseThrow().power())
        .orElseGet(() -> withHost(job).idle().orElseThrow());
  }

  /** A job that releases its GPU while it pauses needs no host either. */
  private ReplayJob withHost(ReplayJob job) {
    Optional<Watts> idle =
        job.idle().map(watts -> watts.equals(Watts.ZERO) ? watts : watts.plus(host));
    return new ReplayJob(job.start(), job.atFullPower(), idle);
  }

  private void requireStart(ReplayJob job) {
    if (job.start().isBefore(trace.from())) {
      throw new IllegalArgumentException(
          "the signal begins at " + trace.from() + ", after the job's start " + job.start());
    }
  }

  private void requireEnd(Instant end) {
    if (end.isAfter(trace.to())) {
      throw new IllegalArgumentException(
          "the signal ends at " + trace.to() + ", before the job may: " + end);
    }
  }
}
