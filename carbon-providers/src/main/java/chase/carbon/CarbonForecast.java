package chase.carbon;

import java.util.List;

/** Tells what a provider expects of its region's hours to come. Calls block, as a source's do. */
public interface CarbonForecast {
  /**
   * The provider's newest forecast: periods in ascending order, none overlapping, from the one that
   * runs now as far as the provider's plan reaches. Holes stay holes. Never empty.
   *
   * @throws CarbonUnavailable when there is none, {@code ENDPOINT_NOT_IN_PLAN} where the plan has
   *     no forecast
   * @throws InterruptedException when the calling thread is told to stop
   */
  List<CarbonIntensity> forecast() throws CarbonUnavailable, InterruptedException;
}
