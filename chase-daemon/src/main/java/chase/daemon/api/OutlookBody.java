package chase.daemon.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The forecast of a signal, and what is behind it. */
public record OutlookBody(
    List<PeriodBody> ahead,
    List<ModelErrorBody> forecasts,
    List<IntervalBody> intervals,
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

  /** One period to come. */
  public record PeriodBody(
      Instant from,
      Instant to,
      double gramsPerKwh,
      Optional<Double> lowGramsPerKwh,
      Optional<Double> highGramsPerKwh,
      String origin,
      Optional<String> model) {}

  /** The recent error of one model at one horizon. */
  public record ModelErrorBody(
      String model, long horizonSeconds, double errorRatio, long scored, boolean used) {}

  /** How often the truth lay in the 80 % intervals at one horizon. */
  public record IntervalBody(long horizonSeconds, double coverageRatio, long scored) {}

  /** The state of one provider. */
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

  /** One settled price. */
  public record Price(Instant from, Instant to, double pricePerMwh) {}
}
