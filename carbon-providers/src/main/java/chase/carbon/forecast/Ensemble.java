package chase.carbon.forecast;

import chase.carbon.SignalKind.Margin;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** What is known of a signal since its last break: its past, the models, and how they did. */
final class Ensemble {
  private static final Duration REACH = Duration.ofDays(4);
  private static final Duration FINE_REACH = Duration.ofDays(2);

  /** Shorter steps hold little more; models learn and are scored no more often than this. */
  private static final Duration FINE = Duration.ofMinutes(30);

  private static final Duration MARGINAL_REACH = Duration.ofHours(1);
  private static final int DAYS_KEPT = 8;

  private final TimeGrid timeGrid;
  private final Horizons horizons;
  private final int ownReach;
  private final SlotBuffer past;
  private final DailyProfile profile;
  private final ForecastModel.ProviderModel providerModel;
  private final List<ForecastModel> models;
  private final ForecastVerification verification;

  /**
   * Nothing known.
   *
   * @param margin whether the signal is an average or a marginal one
   */
  Ensemble(TimeGrid timeGrid, Margin margin) {
    this.timeGrid = timeGrid;
    boolean fine = timeGrid.step().compareTo(FINE) < 0;
    int stride = fine ? Math.max(1, timeGrid.steps(FINE)) : 1;
    int day = timeGrid.slotsPerDay();
    horizons = Horizons.upTo(fine ? FINE_REACH : REACH, timeGrid);
    past = new SlotBuffer(DAYS_KEPT * day);
    profile = new DailyProfile(day);
    providerModel = new ForecastModel.ProviderModel(3 * horizons.longest());
    ownReach = margin == Margin.MARGINAL ? timeGrid.stepsToCover(MARGINAL_REACH) : reach();
    models =
        Stream.concat(
                Stream.of(
                        new ForecastModel.PersistenceModel(),
                        new ForecastModel.YesterdayModel(day),
                        DailyProfile.ProfileModel.of(profile, timeGrid),
                        new ShortTermRegression(timeGrid, horizons, profile, stride),
                        new DayAheadRegression(timeGrid, horizons, profile, stride))
                    .<ForecastModel>map(model -> new ForecastModel.LimitedReach(model, ownReach)),
                Stream.of(providerModel))
            .toList();
    verification = new ForecastVerification(timeGrid, models, horizons, stride);
  }

  boolean hasStarted() {
    return !past.isEmpty();
  }

  long newest() {
    return past.newest();
  }

  /** How many steps after the newest value a forecast reaches. */
  int reach() {
    return horizons.longest();
  }

  void learn(long slot, double level) {
    fillUpTo(slot);
    verification.score(slot, level);
    past.add(slot, level);
    profile.learn(past);
    models.forEach(model -> model.learn(past));
    verification.recordForecasts(past);
  }

  private void fillUpTo(long slot) {
    if (past.isEmpty()) {
      return;
    }
    double[] forecasts = new double[Math.toIntExact(slot - past.newest() - 1)];
    for (int i = 0; i < forecasts.length; i++) {
      forecasts[i] = verification.mean(past, i + 1);
    }
    for (double level : forecasts) {
      past.add(past.newest() + 1, level);
    }
  }

  void useProviderForecast(Forecaster.ProviderForecast forecast) {
    providerModel.replace(forecast, timeGrid);
    if (hasStarted()) {
      verification.recordForecasts(past);
    }
  }

  /** Which model's forecast is used {@code steps} after the newest value. */
  ModelKind used(int steps) {
    return steps > ownReach ? ModelKind.PROVIDER : ModelKind.MIX;
  }

  /** The level that a model forecasts {@code steps} after the newest value, or not a number. */
  double level(ModelKind kind, int steps) {
    for (ForecastModel model : models) {
      if (model.kind() == kind) {
        return model.forecast(past, steps);
      }
    }
    return verification.mean(past, steps);
  }

  IntervalEstimator interval(int steps) {
    return verification.interval(steps);
  }

  ForecastVerification verification() {
    return verification;
  }
}
