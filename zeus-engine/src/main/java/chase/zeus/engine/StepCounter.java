package chase.zeus.engine;

import chase.zeus.policy.JobProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Counts a job's steps from its first report on, and values each at the speed that full power had
 * when it was done: a job may change.
 *
 * <p>Two things are set aside, since Chase did not cause them: the time in which a job does
 * something else than steps, such as a checkpoint, beyond what its steps took; and steps that
 * appear from nowhere, such as after a jump to another checkpoint.
 */
final class StepCounter {
  /** Reports closer together than this are taken as one: counts are whole, and clocks jitter. */
  private static final Duration SHORTEST = Duration.ofSeconds(5);

  private static final int RECENT = 15;
  private static final int FEWEST = 3;

  /** No power limit that Chase may set slows a job this much, or speeds it up. */
  static final double UNLIKE_STEPS = 3;

  /**
   * A job that is faster than at full power by more than noise is not the one that was measured.
   */
  private static final double CHANGED = 1.1;

  private final Deque<StepInterval> recent = new ArrayDeque<>();
  private FullSpeedEstimate full = new FullSpeedEstimate();
  private Optional<StepReport> first = Optional.empty();
  private Optional<StepReport> open = Optional.empty();
  private Optional<StepReport> last = Optional.empty();

  /** Work done, in seconds at full power. */
  private double earned;

  /** Steps done while the speed at full power was not known. */
  private double unvalued;

  /** What an earlier run of the job did, and took, in seconds. */
  private double inheritedWork;

  private double inheritedSeconds;
  private double secondsAside;
  private double secondsBetweenSteps;
  private boolean warm;

  private record StepReport(long steps, Instant at) {}

  /**
   * Takes in a report whose count is not below the last one's.
   *
   * @param fullSince since when the job has had full power; empty while it does not
   * @param rested whether the job was told to rest since the report before
   */
  void count(long steps, Instant at, Optional<Instant> fullSince, boolean rested) {
    StepReport report = new StepReport(steps, at);
    if (first.isEmpty()) {
      first = Optional.of(report);
      open = first;
    }
    if (last.isEmpty() || steps > last.get().steps()) {
      last = Optional.of(report);
      close(report, fullSince, rested);
    }
  }

  /** Takes over the account of an earlier run; the time between the two is nobody's. */
  void inherit(JobProgress before) {
    inheritedWork = before.done();
    inheritedSeconds = before.elapsed();
  }

  private void close(StepReport report, Optional<Instant> fullSince, boolean rested) {
    StepReport start = open.orElseThrow();
    if (Duration.between(start.at(), report.at()).compareTo(SHORTEST) < 0) {
      return;
    }
    open = Optional.of(report);
    StepInterval interval =
        new StepInterval(start.at(), report.at(), (double) report.steps() - start.steps());
    boolean usual = isUsual(interval);
    if (!usual) {
      setAside(interval, rested);
    }
    boolean atFull = fullSince.isPresent() && !fullSince.get().isAfter(interval.from());
    if (usual && warm && atFull) {
      full.add(interval);
    }
    warm = true;
    value(usual ? interval.steps() : Math.min(interval.steps(), usualSteps(interval)));
    recent.addLast(interval);
    if (recent.size() > RECENT) {
      recent.removeFirst();
    }
    if (fullSpeed().isPresent()
        && recent.size() == RECENT
        && StepInterval.medianRate(recent) > CHANGED * fullSpeed().getAsDouble()) {
      remeasure();
    }
  }

  private void value(double steps) {
    unvalued += steps;
    if (fullSpeed().isPresent()) {
      earned += unvalued / fullSpeed().getAsDouble();
      unvalued = 0;
    }
  }

  /** Whether the interval looks like steps all through. */
  private boolean isUsual(StepInterval interval) {
    if (recent.size() < FEWEST) {
      return true;
    }
    double usual = StepInterval.medianRate(recent);
    return interval.rate() <= usual * UNLIKE_STEPS && interval.rate() >= usual / UNLIKE_STEPS;
  }

  private double usualSteps(StepInterval interval) {
    return StepInterval.medianRate(recent) * interval.seconds();
  }

  private void setAside(StepInterval interval, boolean rested) {
    double share = Math.min(1, interval.steps() / usualSteps(interval));
    double beside = interval.seconds() * (1 - share);
    secondsAside += beside;
    secondsBetweenSteps += rested ? 0 : beside;
  }

  /** Full power means another speed from now on: it has to be measured anew. */
  void remeasure() {
    full = new FullSpeedEstimate();
    recent.clear();
  }

  /** The last count; empty before the first report. */
  OptionalLong steps() {
    return last.map(report -> OptionalLong.of(report.steps())).orElse(OptionalLong.empty());
  }

  /** Steps a second at full power; empty until enough was seen of that. */
  OptionalDouble fullSpeed() {
    return full.stepsPerSecond();
  }

  /** Steps a second of late, rests and checkpoints included. */
  OptionalDouble recentSpeed() {
    return recent.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(StepInterval.meanRate(recent));
  }

  /** How far the job has come; empty while its speed at full power is not known. */
  Optional<JobProgress> progress(JobSpec spec, Optional<JobProgress.PauseState> rest) {
    return fullSpeed().isPresent()
        ? Optional.of(progress(spec, rest, fullSpeed().getAsDouble()))
        : Optional.empty();
  }

  private JobProgress progress(JobSpec spec, Optional<JobProgress.PauseState> rest, double speed) {
    StepReport counted = open.orElseThrow();
    Optional<Double> left = remaining(spec, counted, speed);
    return new JobProgress(
        since(counted.at()).minusNanos((long) (inheritedSeconds * 1e9)),
        counted.at(),
        inheritedWork + earned,
        left,
        left.isPresent() ? spec.deadline() : Optional.empty(),
        left.isPresent() ? rest : Optional.empty());
  }

  /** Empty for a job that goes on past its total, which may end at any time. */
  private Optional<Double> remaining(JobSpec spec, StepReport counted, double speed) {
    if (spec.totalSteps().isEmpty() || counted.steps() >= spec.totalSteps().getAsLong()) {
      return Optional.empty();
    }
    long steps = spec.totalSteps().getAsLong() - counted.steps();
    return Optional.of(
        steps / speed * (spec.deadline().isPresent() ? 1 + shareBetweenSteps(counted) : 1));
  }

  /** A deadline is a time of day, so that what a job does between its steps counts as well. */
  private double shareBetweenSteps(StepReport counted) {
    double elapsed =
        Duration.between(first.orElseThrow().at(), counted.at()).toNanos() / 1e9 - secondsAside;
    return elapsed > 0 ? secondsBetweenSteps / elapsed : 0;
  }

  private Instant since(Instant asOf) {
    Instant since = first.orElseThrow().at().plusNanos((long) (secondsAside * 1e9));
    return since.isAfter(asOf) ? asOf : since;
  }

  /**
   * Steps that a job did between two of its reports.
   *
   * @param from the earlier report
   * @param to the later one
   * @param steps how many, above 0
   */
  record StepInterval(Instant from, Instant to, double steps) {
    double seconds() {
      return Duration.between(from, to).toNanos() / 1e9;
    }

    /** Steps a second. */
    double rate() {
      return steps / seconds();
    }

    /** The rate in the middle of {@code intervals}, at least one. */
    static double medianRate(Collection<StepInterval> intervals) {
      double[] rates = intervals.stream().mapToDouble(StepInterval::rate).sorted().toArray();
      int middle = rates.length / 2;
      return rates.length % 2 == 1 ? rates[middle] : (rates[middle - 1] + rates[middle]) / 2;
    }

    /** Steps a second over all of {@code intervals}, at least one. */
    static double meanRate(Collection<StepInterval> intervals) {
      return intervals.stream().mapToDouble(StepInterval::steps).sum() / seconds(intervals);
    }

    static double seconds(Collection<StepInterval> intervals) {
      return intervals.stream().mapToDouble(StepInterval::seconds).sum();
    }
  }
}
