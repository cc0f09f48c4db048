package chase.daemon.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What is foreseen of a signal, and what stands behind it.
 *
 * @param ahead the periods after the running one
 * @param forecasts how well each model did lately
 * @param intervals how often the truth lay in the 80 % intervals
 * @param providers how it stands with each provider, in the order in which they are asked
 * @param prices the settled prices from the running period on
 */
public record OutlookBody(
    List<Ahead> ahead,
    List<Score> forecasts,
    List<Interval> intervals,
    List<Provider> providers,
    List<Price> prices) {
  /** Copies the lists. */
  public OutlookBody {
    ahead = List.copyOf(ahead);
    forecasts = List.copyOf(forecasts);
    intervals = List.copyOf(intervals);
    providers = List.copyOf(providers);
    prices = List.copyOf(prices);
  }

  /**
   * One period to come.
   *
   * @param from its start
   * @param to its end, excluded
   * @param gramsPerKwh what is expected
   * @param lowGramsPerKwh four in five values lie between this one and the next
   * @param highGramsPerKwh the upper end of that interval
   * @param origin {@code own-forecast} or {@code forecast}, the provider's
   * @param model which of Chase's models foresees it
   */
  public record Ahead(
      Instant from,
      Instant to,
      double gramsPerKwh,
      OptionalDouble lowGramsPerKwh,
      OptionalDouble highGramsPerKwh,
      String origin,
      Optional<String> model) {}

  /**
   * How well one model did lately at one horizon.
   *
   * @param model who foresaw
   * @param horizonSeconds how far ahead
   * @param errorRatio the mean error as a share of the truth
   * @param scored how many forecasts were scored
   * @param used whether it is the one that is used
   */
  public record Score(
      String model, long horizonSeconds, double errorRatio, long scored, boolean used) {}

  /**
   * How often the truth lay in the 80 % intervals at one horizon.
   *
   * @param horizonSeconds how far ahead
   * @param coverageRatio the share inside; 0.8 is right
   * @param scored how many intervals were scored
   */
  public record Interval(long horizonSeconds, double coverageRatio, long scored) {}

  /**
   * How it stands with one provider.
   *
   * @param provider who
   * @param region about where
   * @param trouble why it gave no number when it was asked last
   * @param forecastTrouble the same for its forecast
   * @param nextAsked when it is asked again
   * @param quarantined numbers that were held back, by reason
   * @param lastQuarantined why the last of them was
   * @param calls calls so far, by what became of them
   * @param callsLastHour calls sent in the last hour
   * @param callsPerHourAllowed the most that may be sent in an hour
   */
  public record Provider(
      String provider,
      String region,
      Optional<String> trouble,
      Optional<String> forecastTrouble,
      Instant nextAsked,
      Map<String, Long> quarantined,
      Optional<String> lastQuarantined,
      Map<String, Long> calls,
      Optional<Integer> callsLastHour,
      Optional<Integer> callsPerHourAllowed) {}

  /**
   * One settled price.
   *
   * @param from the start of its period
   * @param to the end of its period, excluded
   * @param pricePerMwh money for each MWh
   */
  public record Price(Instant from, Instant to, double pricePerMwh) {}
}
