package chase.daemon.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What is known of how a job reacts to power limits; part of {@link JobBody}.
 *
 * @param state {@code settling}, {@code measuring}, {@code waiting}, {@code silent}, {@code done},
 *     {@code aborted} or {@code none}
 * @param because why it ended early
 * @param limitWatts the limit that is tried, or waited for
 * @param limitsMeasured how many limits the last run has measured
 * @param limitsPlanned how many it may measure at most
 * @param throughputSource who counts the job's work: {@code reported}
 * @param energyBasis {@code counter} or {@code integrated}
 * @param profilingSeconds how long measuring took so far
 * @param profilingSecondsLost how much longer than at full power its work took meanwhile
 * @param profilingJoulesAdded how much more energy than at full power it took, on all GPUs; below 0
 *     where it saved some
 * @param changes how often the job was found to have changed
 * @param points what was measured, from the lowest limit to the highest
 */
public record ProfileBody(
    String state,
    Optional<String> because,
    OptionalDouble limitWatts,
    int limitsMeasured,
    int limitsPlanned,
    String throughputSource,
    Optional<String> energyBasis,
    double profilingSeconds,
    OptionalDouble profilingSecondsLost,
    OptionalDouble profilingJoulesAdded,
    long changes,
    List<Point> points) {
  /** Copies the list. */
  public ProfileBody {
    points = List.copyOf(points);
  }

  /**
   * What was measured under one limit.
   *
   * @param limitWatts the limit
   * @param powerWatts the draw of one GPU
   * @param powerErrorRatio its standard error as a share of it
   * @param stepsPerSecond the job's speed
   * @param stepsErrorRatio its standard error as a share of it
   * @param samples how many samples both are worth
   * @param measuredAt when it was last added to
   */
  public record Point(
      double limitWatts,
      double powerWatts,
      double powerErrorRatio,
      double stepsPerSecond,
      double stepsErrorRatio,
      double samples,
      Instant measuredAt) {}
}
