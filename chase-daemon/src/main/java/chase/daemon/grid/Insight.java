package chase.daemon.grid;

import chase.carbon.LinkReport;
import chase.carbon.forecast.SeriesForecast;
import java.util.List;

/**
 * What stands behind the signal.
 *
 * @param links how it stands with each provider, in order
 * @param forecasts how the forecasts did
 */
public record Insight(List<LinkReport> links, SeriesForecast.Standing forecasts) {
  /** Nothing known. */
  public static final Insight NONE =
      new Insight(List.of(), new SeriesForecast.Standing(List.of(), List.of()));

  /** Copies the list. */
  public Insight {
    links = List.copyOf(links);
  }
}
