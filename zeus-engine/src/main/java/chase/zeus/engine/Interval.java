package chase.zeus.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;

/**
 * Steps that a job did between two of its reports.
 *
 * @param from the earlier report
 * @param to the later one
 * @param steps how many, above 0
 */
record Interval(Instant from, Instant to, double steps) {
  double seconds() {
    return Duration.between(from, to).toNanos() / 1e9;
  }

  /** Steps a second. */
  double rate() {
    return steps / seconds();
  }

  /** The rate in the middle of {@code intervals}, at least one. */
  static double medianRate(Collection<Interval> intervals) {
    double[] rates = intervals.stream().mapToDouble(Interval::rate).sorted().toArray();
    int middle = rates.length / 2;
    return rates.length % 2 == 1 ? rates[middle] : (rates[middle - 1] + rates[middle]) / 2;
  }

  /** Steps a second over all of {@code intervals}, at least one. */
  static double meanRate(Collection<Interval> intervals) {
    return intervals.stream().mapToDouble(Interval::steps).sum() / seconds(intervals);
  }

  static double seconds(Collection<Interval> intervals) {
    return intervals.stream().mapToDouble(Interval::seconds).sum();
  }
}
