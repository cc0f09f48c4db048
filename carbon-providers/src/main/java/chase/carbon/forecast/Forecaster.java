package chase.carbon.forecast;

import chase.carbon.CarbonIntensity;
import chase.carbon.GramsPerKwh;
import chase.carbon.SignalKind.Margin;
import chase.carbon.forecast.SlotBuffer.ValueScale;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Forecasts one region's signal. Feed it every value once, in order; history on disk is fed in the
 * same way and brings back the same state. For one thread at a time.
 *
 * <p>Several models forecast at once. Each is scored at each horizon when the forecast time
 * arrives, and what is used is their mix, whose weights follow from those scores. A marginal signal
 * jumps, so that its past says little about its future: beyond an hour only its provider's own
 * forecast is used.
 */
public final class Forecaster {
  private final TimeGrid timeGrid;
  private final Margin margin;
  private Ensemble ensemble;
  private Optional<LocalDate> modelDate = Optional.empty();

  /**
   * A forecaster that has learned nothing.
   *
   * @param margin whether the signal is an average or a marginal one
   */
  public Forecaster(TimeGrid timeGrid, Margin margin) {
    this.timeGrid = timeGrid;
    this.margin = margin;
    ensemble = new Ensemble(timeGrid, margin);
  }

  /**
   * Learns from {@code sample}, unless its slot is not newer than the newest that is known. Where
   * slots were skipped, the forecasts for them take the place of their values, and nothing is
   * scored.
   */
  public LearnResult learn(ObservedValue sample) {
    long slot = timeGrid.slot(sample.from());
    if (ensemble.hasStarted() && slot <= ensemble.newest()) {
      return slot == ensemble.newest() ? LearnResult.REPEATED : LearnResult.OUTDATED;
    }
    boolean restarts = ensemble.hasStarted() && breaks(sample, slot);
    if (restarts) {
      ensemble = new Ensemble(timeGrid, margin);
    }
    modelDate = sample.modelDate().or(() -> modelDate);
    ensemble.learn(slot, ValueScale.level(sample.value().value()));
    return restarts ? LearnResult.RESTARTED : LearnResult.LEARNED;
  }

  /** A new model of the provider's shifts the level; after a long silence the past is no guide. */
  private boolean breaks(ObservedValue sample, long slot) {
    boolean newModel =
        sample.modelDate().isPresent()
            && modelDate.isPresent()
            && !sample.modelDate().equals(modelDate);
    return newModel || slot - ensemble.newest() > ensemble.reach();
  }

  /**
   * Replaces the provider's earlier forecast. It is scored against the values from the newest on,
   * like the models' own forecasts.
   */
  public void useProviderForecast(ProviderForecast forecast) {
    ensemble.useProviderForecast(forecast);
  }

  /**
   * The forecast from {@code now} on, slot by slot: first the slot after the newest value, or the
   * slot around {@code now} where that is later. It ends where {@code horizon} or the reach ends,
   * which is four days after the newest value, two days where the step is under half an hour, and
   * for a marginal signal one hour or as far as the provider's forecast goes. Empty before the
   * first value.
   */
  public List<ForecastPoint> forecast(Instant now, Duration horizon) {
    List<ForecastPoint> ahead = new ArrayList<>();
    if (!ensemble.hasStarted()) {
      return ahead;
    }
    long newest = ensemble.newest();
    long end = Math.min(timeGrid.slot(now.plus(horizon).minusNanos(1)), newest + ensemble.reach());
    for (long slot = Math.max(newest + 1, timeGrid.slot(now)); slot <= end; slot++) {
      int steps = Math.toIntExact(slot - newest);
      ModelKind model = ensemble.used(steps);
      double level = ensemble.level(model, steps);
      if (Double.isNaN(level)) {
        break;
      }
      ahead.add(point(slot, model, ValueScale.value(level), ensemble.interval(steps)));
    }
    return ahead;
  }

  /**
   * One model's forecast for the slot around {@code at}; empty where it has none, and outside of
   * what {@link #forecast} covers for an average signal.
   */
  public Optional<GramsPerKwh> forecastBy(ModelKind model, Instant at) {
    if (!ensemble.hasStarted()) {
      return Optional.empty();
    }
    long steps = timeGrid.slot(at) - ensemble.newest();
    if (steps < 1 || steps > ensemble.reach()) {
      return Optional.empty();
    }
    double level = ensemble.level(model, (int) steps);
    return Double.isNaN(level)
        ? Optional.empty()
        : Optional.of(new GramsPerKwh(ValueScale.value(level)));
  }

  private ForecastPoint point(
      long slot, ModelKind model, double value, IntervalEstimator interval) {
    return new ForecastPoint(
        timeGrid.start(slot),
        timeGrid.start(slot + 1),
        new GramsPerKwh(value),
        new GramsPerKwh(interval.low(value)),
        new GramsPerKwh(interval.high(value)),
        model);
  }

  /** How every model did at every horizon, and how often values lay inside the intervals. */
  public ForecastScores scores() {
    return ensemble.verification().scores();
  }

  /** What learning from a value did. */
  public enum LearnResult {
    /** The value is the newest one, and was learned from. */
    LEARNED,
    /**
     * The first one after a change of the provider's model, or a long silence: everything before is
     * forgotten.
     */
    RESTARTED,
    /** Its slot is known already: the first value counts, later ones change nothing. */
    REPEATED,
    /** It is older than the newest one: what was skipped stays a gap. */
    OUTDATED
  }

  /**
   * One value of the past.
   *
   * @param from the start of the period that it describes
   * @param value the intensity
   * @param modelDate the date of the provider's model, where it names one; a new one shifts levels
   */
  public record ObservedValue(Instant from, GramsPerKwh value, Optional<LocalDate> modelDate) {
    /** A value whose provider names no model. */
    public static ObservedValue of(Instant from, GramsPerKwh value) {
      return new ObservedValue(from, value, Optional.empty());
    }

    /** The value of {@code intensity} over its period. */
    public static ObservedValue of(CarbonIntensity intensity) {
      return new ObservedValue(intensity.validFrom(), intensity.value(), intensity.modelDate());
    }
  }

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
     * @param value what the provider expects
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
}
