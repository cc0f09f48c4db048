package chase.carbon.forecast;

import java.time.Duration;
import java.util.List;

/**
 * How forecasts did, as of the newest value.
 *
 * @param scores every model at every horizon at which one of its forecasts has come due
 * @param coverage the intervals at every such horizon
 */
public record ForecastScores(List<ModelScore> scores, List<IntervalCoverage> coverage) {
  /** Nothing scored yet. */
  public static final ForecastScores NONE = new ForecastScores(List.of(), List.of());

  /** Copies the lists. */
  public ForecastScores {
    scores = List.copyOf(scores);
    coverage = List.copyOf(coverage);
  }

  /**
   * How one model did recently at one horizon.
   *
   * @param horizon from the start of the newest slot then known to the start of the forecast slot
   * @param errorRatio the mean of |truth - forecast| / truth, recent ones counting more
   * @param count how many forecasts were scored, ever
   * @param used whether this is what is used: the mix, to which all others only add
   */
  public record ModelScore(
      ModelKind model, Duration horizon, double errorRatio, long count, boolean used) {}

  /**
   * How often values lay inside the 80 % interval, at one horizon.
   *
   * @param horizon as in {@link ModelScore}
   * @param ratio the share inside, recent ones counting more; 0.8 is right
   * @param count how many intervals were scored, ever
   */
  public record IntervalCoverage(Duration horizon, double ratio, long count) {}
}
