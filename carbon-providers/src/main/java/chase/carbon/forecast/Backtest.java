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
import java.util.OptionalDouble;

/**
 * Scores every model on a recording as if it had been live: what is foreseen at a moment follows
 * from the values before it, and each value is learned from once its forecasts are made.
 */
public final class Backtest {
  private static final Duration DAY = Duration.ofDays(1);

  private final Forecaster forecaster;
  private final Duration step;
  private final Instant from;
  private final Instant to;
  private final List<Duration> horizons;
  private final boolean dayAhead;
  private final Map<TestedHorizon, Map<ModelKind, ErrorSum>> sums = new HashMap<>();
  private final Map<Instant, List<PendingForecast>> open = new HashMap<>();

  /**
   * A test of an average signal.
   *
   * @param from values from here on are scored
   * @param to values from here on are not
   * @param horizons how far ahead, from the start of the newest slot known to that of the slot
   *     foreseen; multiples of the step
   * @param dayAhead whether whole days of UTC are also foreseen at their beginning
   * @throws IllegalArgumentException when a horizon is not a positive multiple of the step
   */
  public Backtest(
      TimeGrid rhythm, Instant from, Instant to, List<Duration> horizons, boolean dayAhead) {
    forecaster = new Forecaster(rhythm, Margin.AVERAGE);
    step = rhythm.step();
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

  /**
   * What is asked of the models.
   *
   * @param horizon how far ahead; empty for the days ahead
   */
  private record TestedHorizon(Optional<Duration> horizon) {}

  /** A forecast whose time has not come. */
  private record PendingForecast(
      TestedHorizon question,
      Map<ModelKind, GramsPerKwh> foreseen,
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
   * @param horizon how far ahead; empty for whole days foreseen at 00:00 UTC
   * @param model who foresaw
   * @param errorRatio the mean of |truth - forecast| / truth over all values but zeros
   * @param coverage the share of values inside the 80 % interval, for the mix
   * @param count how many values were scored
   */
  public record ModelAccuracy(
      Optional<Duration> horizon,
      ModelKind model,
      double errorRatio,
      OptionalDouble coverage,
      long count) {}

  /** Scores what was foreseen for {@code sample}, learns from it, and foresees anew. */
  public void add(Forecaster.ObservedValue sample) {
    List<PendingForecast> due = open.remove(sample.from());
    if (due != null && !sample.from().isBefore(from) && sample.from().isBefore(to)) {
      due.forEach(forecast -> score(forecast, sample.value().value()));
    }
    forecaster.learn(sample);
    for (Duration horizon : horizons) {
      forecast(new TestedHorizon(Optional.of(horizon)), sample.from().plus(horizon));
    }
    Instant next = sample.from().plus(step);
    if (dayAhead && next.equals(next.truncatedTo(ChronoUnit.DAYS))) {
      for (Instant slot = next; slot.isBefore(next.plus(DAY)); slot = slot.plus(step)) {
        forecast(new TestedHorizon(Optional.empty()), slot);
      }
    }
  }

  private void forecast(TestedHorizon question, Instant slot) {
    if (slot.isBefore(from) || !slot.isBefore(to)) {
      return;
    }
    Map<ModelKind, GramsPerKwh> foreseen = new HashMap<>();
    for (ModelKind model : ModelKind.values()) {
      forecaster.forecastBy(model, slot).ifPresent(value -> foreseen.put(model, value));
    }
    Optional<ForecastPoint> interval = forecaster.forecast(slot, step).stream().findFirst();
    open.computeIfAbsent(slot, at -> new ArrayList<>())
        .add(new PendingForecast(question, foreseen, interval));
  }

  private void score(PendingForecast forecast, double truth) {
    Map<ModelKind, ErrorSum> models =
        sums.computeIfAbsent(forecast.question(), question -> new HashMap<>());
    forecast
        .foreseen()
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
    List<TestedHorizon> questions = new ArrayList<>();
    horizons.forEach(horizon -> questions.add(new TestedHorizon(Optional.of(horizon))));
    if (dayAhead) {
      questions.add(new TestedHorizon(Optional.empty()));
    }
    List<ModelAccuracy> rows = new ArrayList<>();
    for (TestedHorizon question : questions) {
      for (ModelKind model : ModelKind.values()) {
        ErrorSum sum = sums.getOrDefault(question, Map.of()).get(model);
        if (sum != null && sum.count > 0) {
          rows.add(row(question, model, sum));
        }
      }
    }
    return rows;
  }

  private static ModelAccuracy row(TestedHorizon question, ModelKind model, ErrorSum sum) {
    OptionalDouble coverage =
        sum.intervals > 0
            ? OptionalDouble.of((double) sum.inside / sum.intervals)
            : OptionalDouble.empty();
    return new ModelAccuracy(
        question.horizon(), model, sum.errors / sum.count, coverage, sum.count);
  }
}
