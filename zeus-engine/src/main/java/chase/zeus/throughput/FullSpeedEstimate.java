package chase.zeus.throughput;

import chase.zeus.throughput.StepCounter.StepInterval;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * A job's speed at full power, in steps a second, by its own reports. It is one standard error
 * above the mean, so that noise costs savings and not the job's time.
 */
final class FullSpeedEstimate {
  private static final int FEWEST = 3;
  private static final double SHORTEST_SECONDS = 30;

  /** A job whose speed is never steady is known well enough after this long. */
  private static final double ENOUGH_SECONDS = 600;

  /** A job may change, so that older intervals do not count. */
  private static final double LONGEST_SECONDS = 1_200;

  private static final double PRECISE = 0.003;

  /** A rate further than this factor from the median is an outlier. */
  private static final double OUTLIER = 2;

  private final double speed;
  private final Deque<StepInterval> intervals = new ArrayDeque<>();
  private Optional<Double> rate = Optional.empty();

  /**
   * An estimate without intervals.
   *
   * @param speed how many seconds of the grid pass in one of the clock; the times above are the
   *     grid's
   */
  FullSpeedEstimate(double speed) {
    this.speed = speed;
  }

  /** An estimate that goes on with those intervals. */
  FullSpeedEstimate(double speed, List<StepInterval> earlier, Optional<Double> rate) {
    this(speed);
    this.intervals.addAll(earlier);
    this.rate = rate;
  }

  List<StepInterval> intervals() {
    return List.copyOf(intervals);
  }

  /** Adds an interval in which the job had full power all the time. */
  void add(StepInterval interval) {
    intervals.addLast(interval);
    while (intervals.size() > FEWEST && StepInterval.seconds(intervals) > LONGEST_SECONDS / speed) {
      intervals.removeFirst();
    }
    double median = StepInterval.medianRate(intervals);
    List<StepInterval> usual =
        intervals.stream()
            .filter(i -> i.rate() <= OUTLIER * median && i.rate() >= median / OUTLIER)
            .toList();
    estimate(usual);
  }

  private void estimate(List<StepInterval> usual) {
    double seconds = StepInterval.seconds(usual);
    if (usual.size() < FEWEST || seconds < SHORTEST_SECONDS / speed) {
      return;
    }
    double mean = StepInterval.meanRate(usual);
    double error = standardError(usual, mean, seconds);
    if (rate.isPresent() || error <= PRECISE * mean || seconds >= ENOUGH_SECONDS / speed) {
      rate = Optional.of(mean + error);
    }
  }

  /** The standard error of a ratio of sums, from the residuals of each interval. */
  private static double standardError(List<StepInterval> usual, double mean, double seconds) {
    double squares =
        usual.stream()
            .mapToDouble(i -> i.steps() - mean * i.seconds())
            .map(residual -> residual * residual)
            .sum();
    return Math.sqrt(squares * usual.size() / (usual.size() - 1.0)) / seconds;
  }

  /** Steps a second; empty until enough was seen. */
  Optional<Double> stepsPerSecond() {
    return rate;
  }
}
