package chase.daemon.metrics;

import static chase.daemon.metrics.Metric.counter;
import static chase.daemon.metrics.Metric.gauge;

import chase.carbon.EnergyPrice;
import chase.carbon.fallback.SourceStatus;
import chase.carbon.forecast.ForecastScores.IntervalCoverage;
import chase.carbon.forecast.ForecastScores.ModelScore;
import chase.carbon.http.CallCounts;
import chase.zeus.policy.EnergyOutlook;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** What stands behind the signal: its level, its forecasts, its providers, and the price. */
final class SignalMetrics {
  /** All horizons of all models would be a thousand series. */
  private static final List<Duration> HORIZONS =
      Stream.of(5, 15, 30, 60, 240, 720, 1_440, 2_880).map(Duration::ofMinutes).toList();

  static final List<Metric> ALL =
      List.of(
          gauge(
              "chase_signal_fallback_level",
              "How far the signal has fallen back: 0 live, 1 the provider's forecast, 2 Chase's"
                  + " own, 3 the last number, 4 a yearly mean, 5 no signal.",
              scrape -> Stream.of(Sample.of(scrape.grid().level().number()))),
          gauge(
              "chase_energy_weight_ratio",
              "What a joule weighs now, as a share of the reference; gone without a trusted"
                  + " signal.",
              scrape -> scrape.snapshot().outlook().stream().flatMap(o -> weight(o, scrape))),
          gauge(
              "chase_energy_price_per_megawatt_hour",
              "Price of energy that Chase acts on; gone while no price may be trusted.",
              SignalMetrics::price),
          gauge(
              "chase_forecast_error_ratio",
              "Mean recent error of each model's forecasts as a share of the truth.",
              scrape -> scores(scrape, ModelScore::errorRatio)),
          gauge(
              "chase_forecast_used",
              "Whether this model's forecast is the one used at this horizon, 1 or 0.",
              scrape -> scores(scrape, score -> score.used() ? 1 : 0)),
          gauge(
              "chase_forecast_interval_coverage_ratio",
              "How often recently the truth lay in the 80 % interval; 0.8 is right.",
              scrape ->
                  scrape.grid().details().forecasts().coverage().stream()
                      .filter(one -> HORIZONS.contains(one.horizon()))
                      .map(SignalMetrics::coverage)),
          counter(
              "chase_signal_calls_total",
              "Calls to providers, by outcome; held_back ones were not sent.",
              scrape -> scrape.calls().stream().flatMap(SignalMetrics::calls)),
          gauge(
              "chase_signal_calls_last_hour",
              "Calls that were sent to the provider within the last hour.",
              scrape -> scrape.calls().stream().map(one -> of(one, one.lastHour()))),
          gauge(
              "chase_signal_calls_hourly_budget",
              "The most calls that may be sent to the provider in an hour.",
              scrape -> scrape.calls().stream().map(one -> of(one, one.hourlyBudget()))),
          counter(
              "chase_signal_parts_left_out_total",
              "Parts of answers that could not be read and were left out; the rest was used.",
              scrape -> scrape.calls().stream().map(one -> of(one, (double) one.skippedParts()))),
          counter(
              "chase_signal_quarantined_total",
              "Numbers that were held back because they cannot be true, by reason.",
              scrape ->
                  scrape.grid().details().sources().stream().flatMap(SignalMetrics::quarantined)));

  private SignalMetrics() {}

  private static Stream<Sample> weight(EnergyOutlook outlook, Scrape scrape) {
    return outlook.trustedAt(scrape.now())
        ? Stream.of(Sample.of(outlook.weightAt(scrape.now()) / outlook.reference()))
        : Stream.empty();
  }

  private static Stream<Sample> price(Scrape scrape) {
    return scrape.grid().price().filter(price -> price.trustedAt(scrape.now())).stream()
        .flatMap(price -> price.current(scrape.now()).stream())
        .map(SignalMetrics::price);
  }

  private static Sample price(EnergyPrice price) {
    return Sample.of(
        price.value().value(),
        "zone",
        price.region().code(),
        "kind",
        price.provenance().label(),
        "provider",
        price.provider(),
        "currency",
        price.value().currency().getCurrencyCode());
  }

  private static Stream<Sample> scores(Scrape scrape, ToDoubleFunction<ModelScore> value) {
    return scrape.grid().details().forecasts().scores().stream()
        .filter(score -> HORIZONS.contains(score.horizon()))
        .map(score ->
            Sample.of(
                value.applyAsDouble(score),
                "model",
                score.model().label(),
                "horizon",
                label(score.horizon())));
  }

  private static Sample coverage(IntervalCoverage one) {
    return Sample.of(one.ratio(), "horizon", label(one.horizon()));
  }

  private static Stream<Sample> calls(CallCounts calls) {
    return calls.total().entrySet().stream()
        .map(entry ->
            Sample.of(
                (double) entry.getValue(),
                "provider",
                calls.provider(),
                "outcome",
                word(entry.getKey())));
  }

  private static Sample of(CallCounts calls, double value) {
    return Sample.of(value, "provider", calls.provider());
  }

  private static Stream<Sample> quarantined(SourceStatus link) {
    return link.rejected().counts().entrySet().stream()
        .map(entry ->
            Sample.of(
                (double) entry.getValue(),
                "provider",
                link.provider(),
                "zone",
                link.region().code(),
                "reason",
                word(entry.getKey())));
  }

  private static String label(Duration horizon) {
    return horizon.toHours() > 0 ? horizon.toHours() + "h" : horizon.toMinutes() + "m";
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
