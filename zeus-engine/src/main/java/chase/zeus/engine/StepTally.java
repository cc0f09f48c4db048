package chase.zeus.engine;

import chase.zeus.policy.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Counts a job's steps, from its first report on.
 *
 * <p>Two things are set aside, since Chase did not cause them: the time in which a job does
 * something else than steps, such as a checkpoint, beyond what its steps took; and steps that
 * appear from nowhere, such as after a jump to another checkpoint.
 */
final class StepTally {
  /** Reports closer together than this are taken as one: counts are whole, and clocks jitter. */
  private static final Duration SHORTEST = Duration.ofSeconds(5);

  private static final int RECENT = 15;
  private static final int FEWEST = 3;

  /** No power limit that Chase may set slows a job this much, or speeds it up. */
  private static final double UNLIKE_STEPS = 3;

  private final Deque<Interval> recent = new ArrayDeque<>();
  private FullSpeed full = new FullSpeed();
  private Optional<Report> first = Optional.empty();
  private Optional<Report> open = Optional.empty();
  private Optional<Report> last = Optional.empty();
  private double stepsAside;
  private double secondsAside;
  private double secondsBetweenSteps;
  private boolean warm;

  private record Report(long steps, Instant at) {}

  /**
   * Takes in a report whose count is not below the last one's.
   *
   * @param fullSince since when the job has had full power; empty while it does not
   * @param rested whether the job was told to rest since the report before
   */
  void count(long steps, Instant at, Optional<Instant> fullSince, boolean rested) {
    Report report = new Report(steps, at);
    if (first.isEmpty()) {
      first = Optional.of(report);
      open = first;
    }
    if (last.isEmpty() || steps > last.get().steps()) {
      last = Optional.of(report);
      close(report, fullSince, rested);
    }
  }

  private void close(Report report, Optional<Instant> fullSince, boolean rested) {
    Report start = open.orElseThrow();
    if (Duration.between(start.at(), report.at()).compareTo(SHORTEST) < 0) {
      return;
    }
    open = Optional.of(report);
    Interval interval =
        new Interval(start.at(), report.at(), (double) report.steps() - start.steps());
    boolean usual = setAside(interval, rested);
    boolean atFull = fullSince.isPresent() && !fullSince.get().isAfter(interval.from());
    if (usual && warm && atFull) {
      full.add(interval);
    }
    warm = true;
    recent.addLast(interval);
    if (recent.size() > RECENT) {
      recent.removeFirst();
    }
  }

  /** Whether the interval looks like steps all through; what does not is set aside. */
  private boolean setAside(Interval interval, boolean rested) {
    if (recent.size() < FEWEST) {
      return true;
    }
    double usual = Interval.medianRate(recent);
    if (interval.rate() > usual * UNLIKE_STEPS) {
      stepsAside += interval.steps() - usual * interval.seconds();
      return false;
    }
    if (rested || interval.rate() < usual / UNLIKE_STEPS) {
      double beside = Math.max(0, interval.seconds() - interval.steps() / usual);
      secondsAside += beside;
      secondsBetweenSteps += rested ? 0 : beside;
      return false;
    }
    return true;
  }

  /** Full power is another limit from now on, and so another speed: all counting begins anew. */
  void restart() {
    full = new FullSpeed();
    recent.clear();
    first = last;
    open = last;
    stepsAside = 0;
    secondsAside = 0;
    secondsBetweenSteps = 0;
    warm = false;
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
    return recent.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Interval.meanRate(recent));
  }

  /** How far the job has come; empty until its speed at full power is known. */
  Optional<Progress> progress(JobSpec spec, Optional<Progress.Rest> rest) {
    if (fullSpeed().isEmpty()) {
      return Optional.empty();
    }
    double speed = fullSpeed().getAsDouble();
    Report latest = last.orElseThrow();
    Instant since = since(latest.at());
    double counted = (double) latest.steps() - first.orElseThrow().steps() - stepsAside;
    boolean ends = spec.totalSteps().isPresent() && latest.steps() < spec.totalSteps().getAsLong();
    return Optional.of(
        new Progress(
            since,
            latest.at(),
            Math.max(0, counted) / speed,
            ends
                ? OptionalDouble.of(
                    remaining(spec.totalSteps().getAsLong() - latest.steps(), speed, spec))
                : OptionalDouble.empty(),
            ends ? spec.deadline() : Optional.empty(),
            ends ? rest : Optional.empty()));
  }

  /** A deadline is a time of day, so that what a job does between its steps counts as well. */
  private double remaining(long steps, double speed, JobSpec spec) {
    double elapsed = seconds(first.orElseThrow().at(), last.orElseThrow().at()) - secondsAside;
    double beside = spec.deadline().isPresent() && elapsed > 0 ? secondsBetweenSteps / elapsed : 0;
    return steps / speed * (1 + beside);
  }

  private Instant since(Instant asOf) {
    Instant since = first.orElseThrow().at().plusNanos((long) (secondsAside * 1e9));
    return since.isAfter(asOf) ? asOf : since;
  }

  private static double seconds(Instant from, Instant to) {
    return Duration.between(from, to).toNanos() / 1e9;
  }
}
