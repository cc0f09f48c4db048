package chase.daemon.grid;

import chase.carbon.fallback.SourceStatus;
import chase.carbon.forecast.ForecastPoint;
import chase.carbon.forecast.SeriesForecast;
import java.util.List;

/**
 * What stands behind the signal.
 *
 * @param sources how it stands with each provider, in order
 * @param forecasts how the forecasts did
 * @param ownForecast Chase's own forecast with its intervals, where it has one
 */
public record Insight(
    List<SourceStatus> sources,
    SeriesForecast.ForecastScores forecasts,
    List<ForecastPoint> ownForecast) {
  /** Nothing known. */
  public static final Insight NONE =
      new Insight(List.of(), new SeriesForecast.ForecastScores(List.of(), List.of()), List.of());

  /** Copies the lists. */
  public Insight {
    sources = List.copyOf(sources);
    ownForecast = List.copyOf(ownForecast);
  }
}
