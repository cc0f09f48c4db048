package chase.daemon.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What is known of how a job reacts to power limits. */
public record ProfileBody(
    String state,
    Optional<String> because,
    Optional<Double> limitWatts,
    int limitsMeasured,
    int limitsPlanned,
    String throughputSource,
    Optional<String> energyBasis,
    double profilingSeconds,
    Optional<Double> profilingSecondsLost,
    Optional<Double> profilingJoulesAdded,
    long changes,
    List<PointBody> points) {
  /** Copies the list. */
  public ProfileBody {
    points = List.copyOf(points);
  }

  /** What was measured under one limit. */
  public record PointBody(
      double limitWatts,
      double powerWatts,
      double powerErrorRatio,
      double stepsPerSecond,
      double stepsErrorRatio,
      double samples,
      Instant measuredAt) {}
}
