package chase.zeus.throughput;

import chase.zeus.policy.JobProgress;
import chase.zeus.policy.JobProgress.PauseState;
import chase.zeus.throughput.CountedSteps.StepReport;
import chase.zeus.throughput.CountedSteps.WorkSums;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Counts a job's steps from its first report on, and values each at the speed that full power had
 * when it was done: a job may change. Used by one thread only.
 *
 * <p>Two things do not count, since Chase did not cause them: the time in which a job does
 * something else than steps, such as a checkpoint, beyond what its steps took; and steps that
 * appear from nowhere, such as after a jump to another checkpoint.
 */
public final class StepCounter {
  /** No power limit that Chase may set slows a job, or speeds it up, by this factor. */
  public static final double UNLIKE_STEPS = 3;

  /** Reports closer together than this count as one: counts are whole, and clocks jitter. */
  private static final Duration SHORTEST = Duration.ofSeconds(5);

  /** The same in a recording of the grid that is played faster. */
  private static final Duration SHORTEST_REPLAYED = Duration.ofSeconds(1);

  private static final int RECENT = 15;
  private static final int FEWEST = 3;

  /** A job that is faster than at full power, by more than noise, has changed. */
  private static final double CHANGED = 1.1;

  private final Deque<StepInterval> recent = new ArrayDeque<>();
  private final double speed;
  private final Duration shortest;
  private FullSpeedEstimate full;
  private Optional<StepReport> first = Optional.empty();
  private Optional<StepReport> open = Optional.empty();
  private Optional<StepReport> last = Optional.empty();

  /** Work done, in seconds at full power. */
  private double done;

  /** Steps done while the speed at full power was not known. */
  private double unvalued;

  /** Work that an earlier run of the job did, and time that it took, in seconds. */
  private double inheritedWork;

  private double inheritedSeconds;

  /** Time that does not count, and the part of it without pauses. */
  private double secondsAside;

  private double secondsBetweenSteps;
  private boolean warm;

  /**
   * Steps that a job did between two of its reports.
   *
   * @param from the earlier report
   * @param to the later one
   * @param steps how many, above 0
   */
  public record StepInterval(Instant from, Instant to, double steps) {
    double seconds() {
      return Duration.between(from, to).toNanos() / 1e9;
    }

    /** Steps a second. */
    double rate() {
      return steps / seconds();
    }

    /** The median rate of {@code intervals}, of which there is at least one. */
    static double medianRate(Collection<StepInterval> intervals) {
      double[] rates = intervals.stream().mapToDouble(StepInterval::rate).sorted().toArray();
      int middle = rates.length / 2;
      return rates.length % 2 == 1 ? rates[middle] : (rates[middle - 1] + rates[middle]) / 2;
    }

    /** Steps a second over all of {@code intervals}, of which there is at least one. */
    static double meanRate(Collection<StepInterval> intervals) {
      return intervals.stream().mapToDouble(StepInterval::steps).sum() / seconds(intervals);
    }

    static double seconds(Collection<StepInterval> intervals) {
      return intervals.stream().mapToDouble(StepInterval::seconds).sum();
    }
  }

  /**
   * A counter of a job that has not reported yet.
   *
   * @param speed how many seconds of the grid pass in one of the clock
   */
  public StepCounter(double speed) {
    this.speed = speed;
    Duration scaled = Duration.ofNanos(Math.round(SHORTEST.toNanos() / speed));
    this.shortest = scaled.compareTo(SHORTEST_REPLAYED) < 0 ? SHORTEST_REPLAYED : scaled;
    this.full = new FullSpeedEstimate(speed);
  }

  /**
   * A counter that goes on where another one was when Chase went. Steps and time since then count
   * with the next report.
   */
  public StepCounter(CountedSteps earlier, double speed) {
    this(speed);
    first = earlier.first();
    open = earlier.open();
    last = earlier.last();
    done = earlier.sums().done();
    unvalued = earlier.sums().unvalued();
    inheritedWork = earlier.sums().inheritedWork();
    inheritedSeconds = earlier.sums().inheritedSeconds();
    secondsAside = earlier.sums().aside();
    secondsBetweenSteps = earlier.sums().betweenSteps();
    recent.addAll(earlier.recent());
    full = new FullSpeedEstimate(speed, earlier.full(), earlier.fullSpeed());
    warm = earlier.warm();
  }

  /** All that it knows. */
  public CountedSteps counted() {
    return new CountedSteps(
        first,
        open,
        last,
        new WorkSums(
            done, unvalued, inheritedWork, inheritedSeconds, secondsAside, secondsBetweenSteps),
        List.copyOf(recent),
        full.intervals(),
        full.stepsPerSecond(),
        warm);
  }

  /**
   * Counts a report whose steps are not below the last one's.
   *
   * @param fullSince since when the job has had full power; empty while it does not
   * @param paused whether the job was advised to pause since the report before
   */
  public void count(long steps, Instant at, Optional<Instant> fullSince, boolean paused) {
    StepReport report = new StepReport(steps, at);
    if (first.isEmpty()) {
      first = Optional.of(report);
      open = first;
    }
    if (last.isEmpty() || steps > last.get().steps()) {
      last = Optional.of(report);
      close(report, fullSince, paused);
    }
  }

  /** Adds what an earlier run of the job did; the time between the two runs does not count. */
  public void inherit(JobProgress earlier) {
    inheritedWork = earlier.done();
    inheritedSeconds = earlier.elapsed();
  }

  private void close(StepReport report, Optional<Instant> fullSince, boolean paused) {
    StepReport start = open.orElseThrow();
    if (Duration.between(start.at(), report.at()).compareTo(shortest) < 0) {
      return;
    }
    open = Optional.of(report);
    StepInterval interval =
        new StepInterval(start.at(), report.at(), (double) report.steps() - start.steps());
    boolean usual = isUsual(interval);
    if (!usual) {
      setAside(interval, paused);
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
        && StepInterval.medianRate(recent) > CHANGED * fullSpeed().get()) {
      remeasure();
    }
  }

  private void value(double steps) {
    unvalued += steps;
    fullSpeed()
        .ifPresent(speed -> {
          done += unvalued / speed;
          unvalued = 0;
        });
  }

  /** Whether the job seems to have done steps for the whole interval. */
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

  private void setAside(StepInterval interval, boolean paused) {
    double share = Math.min(1, interval.steps() / usualSteps(interval));
    double beside = interval.seconds() * (1 - share);
    secondsAside += beside;
    secondsBetweenSteps += paused ? 0 : beside;
  }

  /** Full power means another speed from now on, which has to be measured again. */
  public void remeasure() {
    full = new FullSpeedEstimate(speed);
    recent.clear();
  }

  /** The last count; empty before the first report. */
  public Optional<Long> steps() {
    return last.map(StepReport::steps);
  }

  /** Steps a second at full power; empty until enough of it was seen. */
  public Optional<Double> fullSpeed() {
    return full.stepsPerSecond();
  }

  /** Recent steps a second, pauses and checkpoints included; empty before the second report. */
  public Optional<Double> recentSpeed() {
    return recent.isEmpty() ? Optional.empty() : Optional.of(StepInterval.meanRate(recent));
  }

  /**
   * How far the job has come; empty while its speed at full power is not known.
   *
   * @param totalSteps the count at which it is done
   * @param deadline when it must be done
   * @param pause its pauses; empty for a job that may not be paused
   */
  public Optional<JobProgress> progress(
      Optional<Long> totalSteps, Optional<Instant> deadline, Optional<PauseState> pause) {
    if (fullSpeed().isEmpty()) {
      return Optional.empty();
    }
    StepReport counted = open.orElseThrow();
    Optional<Double> remaining =
        remaining(totalSteps, deadline.isPresent(), counted, fullSpeed().get());
    return Optional.of(
        new JobProgress(
            since(counted.at()).minusNanos((long) (inheritedSeconds * 1e9)),
            counted.at(),
            inheritedWork + done,
            remaining,
            deadline.filter(end -> remaining.isPresent()),
            pause.filter(now -> remaining.isPresent())));
  }

  /** In seconds at full power; empty for a job beyond its total, which may end at any time. */
  private Optional<Double> remaining(
      Optional<Long> totalSteps, boolean hasDeadline, StepReport counted, double speed) {
    if (totalSteps.isEmpty() || counted.steps() >= totalSteps.get()) {
      return Optional.empty();
    }
    long steps = totalSteps.get() - counted.steps();
    return Optional.of(steps / speed * (hasDeadline ? 1 + shareBetweenSteps(counted) : 1));
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
}
