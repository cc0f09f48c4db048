package chase.carbon.forecast;

/**
 * The same time of the newest day that has a value then.
 *
 * @param slotsPerDay how many slots a day has
 */
record Yesterday(int slotsPerDay) implements ForecastModel {
  private static final int MOST_DAYS = 7;

  @Override
  public ModelKind kind() {
    return ModelKind.YESTERDAY;
  }

  @Override
  public void learn(SlotBuffer past) {}

  @Override
  public double forecast(SlotBuffer past, int steps) {
    int days = Math.ceilDiv(steps, slotsPerDay);
    double log = Double.NaN;
    for (int back = days; back <= MOST_DAYS && Double.isNaN(log); back++) {
      log = past.at(past.newest() + steps - (long) back * slotsPerDay);
    }
    return log;
  }
}
