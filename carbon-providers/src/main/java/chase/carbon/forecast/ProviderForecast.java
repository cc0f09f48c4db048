package chase.carbon.forecast;

import chase.carbon.GramsPerKwh;
import java.time.Instant;
import java.util.List;

/**
 * A forecast that a provider published.
 *
 * @param points its periods, in any order; where two overlap the later in the list counts
 */
public record ProviderForecast(List<ForecastPeriod> points) {
  /** Copies the list. */
  public ProviderForecast {
    points = List.copyOf(points);
  }

  /**
   * One period.
   *
   * @param from its start
   * @param to its end, excluded
   * @param value what the provider foresees
   */
  public record ForecastPeriod(Instant from, Instant to, GramsPerKwh value) {
    /** Refuses an empty period with {@link IllegalArgumentException}. */
    public ForecastPeriod {
      if (!from.isBefore(to)) {
        throw new IllegalArgumentException("empty period: " + from + " to " + to);
      }
    }
  }
}
