package chase.daemon.grid;

import chase.carbon.fallback.SourceStatus;
import chase.carbon.forecast.ForecastPoint;
import chase.carbon.forecast.SeriesForecast;
import java.util.List;

/**
 * What stands behind the signal.
 *
 * @param links how it stands with each provider, in order
 * @param forecasts how the forecasts did
 * @param foreseen Chase's own forecast with its intervals, where it has one
 */
public record Insight(
    List<SourceStatus> links,
    SeriesForecast.ForecastScores forecasts,
    List<ForecastPoint> foreseen) {
  /** Nothing known. */
  public static final Insight NONE =
      new Insight(List.of(), new SeriesForecast.ForecastScores(List.of(), List.of()), List.of());

  /** Copies the lists. */
  public Insight {
    links = List.copyOf(links);
    foreseen = List.copyOf(foreseen);
  }
}
