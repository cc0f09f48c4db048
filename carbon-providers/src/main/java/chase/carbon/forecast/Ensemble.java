package chase.carbon.forecast;

import chase.carbon.SignalKind.Margin;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** All that is known of a signal since its last break: its past, the members, and their review. */
final class Ensemble {
  private static final Duration REACH = Duration.ofDays(4);
  private static final Duration FINE_REACH = Duration.ofDays(2);

  /** Shorter steps tell little more; models are taught and scored at this pace at most. */
  private static final Duration FINE = Duration.ofMinutes(30);

  private static final Duration MARGINAL_REACH = Duration.ofHours(1);
  private static final int DAYS_KEPT = 8;

  private final TimeGrid rhythm;
  private final Horizons horizons;
  private final int ownReach;
  private final SlotBuffer past;
  private final DailyProfile course;
  private final ForecastModel.ProviderModel published;
  private final List<ForecastModel> members;
  private final ForecastVerification review;

  /**
   * Nothing known.
   *
   * @param margin whether the signal is an average or a marginal one
   */
  Ensemble(TimeGrid rhythm, Margin margin) {
    this.rhythm = rhythm;
    boolean fine = rhythm.step().compareTo(FINE) < 0;
    int stride = fine ? Math.max(1, rhythm.steps(FINE)) : 1;
    int day = rhythm.slotsPerDay();
    horizons = Horizons.upTo(fine ? FINE_REACH : REACH, rhythm);
    past = new SlotBuffer(DAYS_KEPT * day);
    course = new DailyProfile(day);
    published = new ForecastModel.ProviderModel(2 * horizons.longest());
    ownReach = margin == Margin.MARGINAL ? rhythm.stepsToCover(MARGINAL_REACH) : reach();
    members =
        Stream.concat(
                Stream.of(
                        new ForecastModel.PersistenceModel(),
                        new ForecastModel.YesterdayModel(day),
                        DailyProfile.ProfileModel.of(course, rhythm),
                        new ShortTermRegression(rhythm, horizons, course, stride),
                        new DayAheadRegression(rhythm, horizons, course, stride))
                    .<ForecastModel>map(member -> new ForecastModel.LimitedReach(member, ownReach)),
                Stream.of(published))
            .toList();
    review = new ForecastVerification(rhythm, members, horizons, stride);
  }

  boolean hasStarted() {
    return !past.isEmpty();
  }

  long newest() {
    return past.newest();
  }

  /** How many steps after the newest value anything is foreseen. */
  int reach() {
    return horizons.longest();
  }

  void learn(long slot, double level) {
    fillUpTo(slot);
    review.score(slot, level);
    past.add(slot, level);
    course.learn(past);
    members.forEach(member -> member.learn(past));
    review.recordForecasts(past);
  }

  private void fillUpTo(long slot) {
    if (past.isEmpty()) {
      return;
    }
    double[] foreseen = new double[Math.toIntExact(slot - past.newest() - 1)];
    for (int i = 0; i < foreseen.length; i++) {
      foreseen[i] = review.mean(past, i + 1);
    }
    for (double level : foreseen) {
      past.add(past.newest() + 1, level);
    }
  }

  void useProviderForecast(Forecaster.ProviderForecast forecast) {
    published.replace(forecast, rhythm);
    if (hasStarted()) {
      review.recordForecasts(past);
    }
  }

  /** Whose forecast is used {@code steps} after the newest value. */
  ModelKind used(int steps) {
    return steps > ownReach ? ModelKind.PROVIDER : ModelKind.MIX;
  }

  /** What {@code model} foresees {@code steps} after the newest value, or not a number. */
  double level(ModelKind model, int steps) {
    for (ForecastModel member : members) {
      if (member.kind() == model) {
        return member.forecast(past, steps);
      }
    }
    return review.mean(past, steps);
  }

  IntervalEstimator spread(int steps) {
    return review.spread(steps);
  }

  ForecastVerification review() {
    return review;
  }
}
