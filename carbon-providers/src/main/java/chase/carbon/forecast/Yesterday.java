package chase.carbon.forecast;

/**
 * The same time of the newest day that has a value then.
 *
 * @param slotsADay how many slots a day has
 */
record Yesterday(int slotsADay) implements Member {
  private static final int MOST_DAYS = 7;

  @Override
  public Model model() {
    return Model.YESTERDAY;
  }

  @Override
  public void learn(Timeline past) {}

  @Override
  public double ahead(Timeline past, int steps) {
    int days = Math.ceilDiv(steps, slotsADay);
    double log = Double.NaN;
    for (int back = days; back <= MOST_DAYS && Double.isNaN(log); back++) {
      log = past.at(past.newest() + steps - (long) back * slotsADay);
    }
    return log;
  }
}
