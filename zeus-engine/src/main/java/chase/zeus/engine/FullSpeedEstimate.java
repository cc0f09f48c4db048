package chase.zeus.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What a job does at full power, in steps a second, by its own reports. It leans to the fast side
 * by one standard error, so that noise costs saving and not the job's time.
 */
final class FullSpeedEstimate {
  private static final int FEWEST = 3;
  private static final double SHORTEST_SECONDS = 30;

  /** A job whose speed is never steady is known well enough after this long. */
  private static final double ENOUGH_SECONDS = 600;

  /** A job may change, so that what it did long ago says nothing any more. */
  private static final double LONGEST_SECONDS = 1_200;

  private static final double PRECISE = 0.003;

  /** A rate further than this factor from the median is no rate of the job's. */
  private static final double OUTLIER = 2;

  private final Deque<StepCounter.StepInterval> intervals = new ArrayDeque<>();
  private OptionalDouble rate = OptionalDouble.empty();

  /** Takes in what the job did while it had full power all the time. */
  void add(StepCounter.StepInterval interval) {
    intervals.addLast(interval);
    while (intervals.size() > FEWEST
        && StepCounter.StepInterval.seconds(intervals) > LONGEST_SECONDS) {
      intervals.removeFirst();
    }
    double median = StepCounter.StepInterval.medianRate(intervals);
    List<StepCounter.StepInterval> usual =
        intervals.stream()
            .filter(i -> i.rate() <= OUTLIER * median && i.rate() >= median / OUTLIER)
            .toList();
    estimate(usual);
  }

  private void estimate(List<StepCounter.StepInterval> usual) {
    double seconds = StepCounter.StepInterval.seconds(usual);
    if (usual.size() < FEWEST || seconds < SHORTEST_SECONDS) {
      return;
    }
    double mean = StepCounter.StepInterval.meanRate(usual);
    double error = standardError(usual, mean, seconds);
    if (rate.isPresent() || error <= PRECISE * mean || seconds >= ENOUGH_SECONDS) {
      rate = OptionalDouble.of(mean + error);
    }
  }

  /** Of a ratio of sums, from the residuals of each interval. */
  private static double standardError(
      List<StepCounter.StepInterval> usual, double mean, double seconds) {
    double squares =
        usual.stream()
            .mapToDouble(i -> i.steps() - mean * i.seconds())
            .map(residual -> residual * residual)
            .sum();
    return Math.sqrt(squares * usual.size() / (usual.size() - 1.0)) / seconds;
  }

  /** Steps a second; empty until enough was seen. */
  OptionalDouble stepsPerSecond() {
    return rate;
  }
}
