package chase.carbon.forecast;

/**
 * The usual course of a day, and the newest deviation from it, of which 94 % is left after an hour.
 * That figure is the same for every grid; the regressions find better ones.
 *
 * @param profile what is usual
 * @param keptPerStep what is left of a deviation after one step
 */
record Profile(DailyProfile profile, double keptPerStep) implements ForecastModel {
  private static final double KEPT_AN_HOUR = 0.94;

  static Profile of(DailyProfile course, TimeGrid rhythm) {
    return new Profile(course, keptAStep(rhythm));
  }

  static double keptAStep(TimeGrid rhythm) {
    return Math.pow(KEPT_AN_HOUR, rhythm.step().toMinutes() / 60.0);
  }

  @Override
  public ModelKind kind() {
    return ModelKind.PROFILE;
  }

  @Override
  public void learn(SlotBuffer past) {}

  @Override
  public double forecast(SlotBuffer past, int steps) {
    return profile.at(past.newest() + steps)
        + profile.deviation(past, past.newest()) * Math.pow(keptPerStep, steps);
  }
}
