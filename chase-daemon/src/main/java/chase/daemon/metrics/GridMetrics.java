package chase.daemon.metrics;

import static chase.daemon.metrics.Metric.counter;
import static chase.daemon.metrics.Metric.gauge;
import static chase.daemon.metrics.Metric.info;

import chase.carbon.CarbonIntensity;
import chase.daemon.grid.GridState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The grid's signal and how good it is. */
final class GridMetrics {
  private static final List<Duration> HORIZONS =
      Stream.of(1, 4, 12, 24).map(Duration::ofHours).toList();

  static final List<Metric> ALL =
      List.of(
          gauge(
              "chase_grid_carbon_intensity_grams_per_kilowatt_hour",
              "Carbon intensity that Chase acts on, gCO2/kWh; gone while no number may be trusted.",
              scrape -> trusted(scrape).map(GridMetrics::intensity)),
          gauge(
              "chase_grid_carbon_intensity_forecast_grams_per_kilowatt_hour",
              "Carbon intensity that is expected this far ahead, gCO2/kWh.",
              scrape -> HORIZONS.stream().flatMap(ahead -> forecast(scrape, ahead))),
          gauge(
              "chase_grid_carbon_intensity_reference_grams_per_kilowatt_hour",
              "Carbon intensity that counts as dirty, gCO2/kWh.",
              scrape -> scrape.grid().reference().stream().map(Sample::of)),
          info(
              "chase_signal_info",
              "What kind of number the carbon intensity is.",
              scrape -> scrape.grid().current().stream().map(GridMetrics::identity)),
          gauge(
              "chase_signal_trusted",
              "Whether the last number may be acted on, 1 or 0.",
              scrape -> Stream.of(Sample.of(scrape.grid().trustedAt(scrape.now()) ? 1 : 0))),
          gauge(
              "chase_signal_age_seconds",
              "Time since the period ended that the last number describes; 0 while it runs.",
              scrape ->
                  scrape.grid().current().stream()
                      .map(current -> Sample.of(current.age(scrape.now()).toMillis() / 1000.0))),
          gauge(
              "chase_signal_last_success_timestamp_seconds",
              "When the last number reached this host.",
              scrape ->
                  scrape.grid().current().stream()
                      .map(current -> Sample.of(Sample.seconds(current.fetchedAt())))),
          counter(
              "chase_signal_polls_total",
              "Times that the provider was polled, by whether it returned a number.",
              scrape -> polls(scrape.grid())));

  private GridMetrics() {}

  private static Stream<CarbonIntensity> trusted(Scrape scrape) {
    return scrape.grid().current().stream()
        .filter(current -> scrape.grid().trustedAt(scrape.now()));
  }

  private static Stream<Sample> forecast(Scrape scrape, Duration ahead) {
    Instant then = scrape.now().plus(ahead);
    return scrape.grid().forecast().stream()
        .filter(period -> scrape.grid().trustedAt(scrape.now()) && period.covers(then))
        .limit(1)
        .map(period ->
            Sample.of(
                period.value().value(),
                "horizon",
                ahead.toHours() + "h",
                "kind",
                period.provenance().label()));
  }

  private static Sample intensity(CarbonIntensity current) {
    return Sample.of(
        current.value().value(),
        "zone",
        current.region().code(),
        "kind",
        current.provenance().label(),
        "provider",
        current.provider());
  }

  private static Sample identity(CarbonIntensity current) {
    return Sample.of(
        1,
        "zone",
        current.region().code(),
        "provider",
        current.provider(),
        "kind",
        current.provenance().label(),
        "margin",
        current.kind().margin().name().toLowerCase(Locale.ROOT),
        "scope",
        current.kind().scope().name().toLowerCase(Locale.ROOT));
  }

  private static Stream<Sample> polls(GridState grid) {
    return Stream.of(
        polled(grid, "ok", grid.pollsOk()), polled(grid, "failed", grid.pollsFailed()));
  }

  private static Sample polled(GridState grid, String result, long count) {
    return Sample.of(
        (double) count,
        "provider",
        grid.provider(),
        "zone",
        grid.region().code(),
        "result",
        result);
  }
}
