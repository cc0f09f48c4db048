package chase.carbon.forecast;

import chase.carbon.GramsPerKwh;
import chase.carbon.SignalKind.Margin;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Scores every model on a recording as if it had been live: a forecast follows from the values
 * before it, and each value is learned from once its forecasts are scored.
 */
public final class Backtest {
  private static final Duration DAY = Duration.ofDays(1);

  private final Forecaster forecaster;
  private final Duration step;
  private final Instant from;
  private final Instant to;
  private final List<Duration> horizons;
  private final boolean dayAhead;
  private final Map<Optional<Duration>, Map<ModelKind, ErrorSum>> sums = new HashMap<>();
  private final Map<Instant, List<PendingForecast>> pending = new HashMap<>();

  /**
   * A test of an average signal.
   *
   * @param from values from here on are scored
   * @param to values from here on are not
   * @param horizons how far ahead, from the start of the newest known slot to that of the forecast
   *     slot; multiples of the step
   * @param dayAhead whether whole days of UTC are also forecast at their beginning
   * @throws IllegalArgumentException when a horizon is not a positive multiple of the step
   */
  public Backtest(
      TimeGrid timeGrid, Instant from, Instant to, List<Duration> horizons, boolean dayAhead) {
    forecaster = new Forecaster(timeGrid, Margin.AVERAGE);
    step = timeGrid.step();
    this.from = from;
    this.to = to;
    this.horizons = List.copyOf(horizons);
    this.dayAhead = dayAhead;
    for (Duration horizon : horizons) {
      if (!horizon.isPositive() || horizon.toSeconds() % step.toSeconds() != 0) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "a horizon of %d min is no multiple of the signal's step of %d min",
                horizon.toMinutes(),
                step.toMinutes()));
      }
    }
  }

  /** A forecast whose time has not come. */
  private record PendingForecast(
      Optional<Duration> horizon,
      Map<ModelKind, GramsPerKwh> forecasts,
      Optional<ForecastPoint> interval) {}

  /** The errors of one model so far. */
  private static final class ErrorSum {
    private double errors;
    private long count;
    private long inside;
    private long intervals;
  }

  /**
   * How one model did.
   *
   * @param horizon how far ahead; empty for whole days, forecast at 00:00 UTC
   * @param errorRatio the mean of |truth - forecast| / truth over all values but zeros
   * @param coverage the share of values inside the 80 % interval, for the mix
   * @param count how many values were scored
   */
  public record ModelAccuracy(
      Optional<Duration> horizon,
      ModelKind model,
      double errorRatio,
      Optional<Double> coverage,
      long count) {}

  /** Scores the forecasts for {@code sample}, learns from it, and forecasts again. */
  public void add(Forecaster.ObservedValue sample) {
    List<PendingForecast> due = pending.remove(sample.from());
    if (due != null && !sample.from().isBefore(from) && sample.from().isBefore(to)) {
      due.forEach(forecast -> score(forecast, sample.value().value()));
    }
    forecaster.learn(sample);
    for (Duration horizon : horizons) {
      forecast(Optional.of(horizon), sample.from().plus(horizon));
    }
    Instant next = sample.from().plus(step);
    if (dayAhead && next.equals(next.truncatedTo(ChronoUnit.DAYS))) {
      for (Instant slot = next; slot.isBefore(next.plus(DAY)); slot = slot.plus(step)) {
        forecast(Optional.empty(), slot);
      }
    }
  }

  private void forecast(Optional<Duration> horizon, Instant slot) {
    if (slot.isBefore(from) || !slot.isBefore(to)) {
      return;
    }
    Map<ModelKind, GramsPerKwh> forecasts = new HashMap<>();
    for (ModelKind model : ModelKind.values()) {
      forecaster.forecastBy(model, slot).ifPresent(value -> forecasts.put(model, value));
    }
    Optional<ForecastPoint> interval = forecaster.forecast(slot, step).stream().findFirst();
    pending
        .computeIfAbsent(slot, at -> new ArrayList<>())
        .add(new PendingForecast(horizon, forecasts, interval));
  }

  private void score(PendingForecast forecast, double truth) {
    Map<ModelKind, ErrorSum> models =
        sums.computeIfAbsent(forecast.horizon(), horizon -> new HashMap<>());
    forecast
        .forecasts()
        .forEach((model, value) -> {
          ErrorSum sum = models.computeIfAbsent(model, name -> new ErrorSum());
          if (truth > 0) {
            sum.errors += Math.abs(truth - value.value()) / truth;
            sum.count++;
          }
          if (model == ModelKind.MIX && forecast.interval().isPresent()) {
            ForecastPoint interval = forecast.interval().get();
            sum.intervals++;
            sum.inside +=
                interval.low().value() <= truth && truth <= interval.high().value() ? 1 : 0;
          }
        });
  }

  /** The figures so far, by horizon, days ahead last, each with the models in their own order. */
  public List<ModelAccuracy> rows() {
    List<Optional<Duration>> tested = new ArrayList<>();
    horizons.forEach(horizon -> tested.add(Optional.of(horizon)));
    if (dayAhead) {
      tested.add(Optional.empty());
    }
    List<ModelAccuracy> rows = new ArrayList<>();
    for (Optional<Duration> horizon : tested) {
      for (ModelKind model : ModelKind.values()) {
        ErrorSum sum = sums.getOrDefault(horizon, Map.of()).get(model);
        if (sum != null && sum.count > 0) {
          rows.add(row(horizon, model, sum));
        }
      }
    }
    return rows;
  }

  private static ModelAccuracy row(Optional<Duration> horizon, ModelKind model, ErrorSum sum) {
    Optional<Double> coverage =
        sum.intervals > 0 ? Optional.of((double) sum.inside / sum.intervals) : Optional.empty();
    return new ModelAccuracy(horizon, model, sum.errors / sum.count, coverage, sum.count);
  }
}
