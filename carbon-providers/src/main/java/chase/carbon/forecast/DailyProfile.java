package chase.carbon.forecast;

/**
 * The usual day: a fading mean for each slot, or for each half hour where slots are shorter, with
 * straight lines from the middle of one to the middle of the next.
 */
final class DailyProfile {
  /** The least weight of a new day, so that the last twelve days count most. */
  private static final double SLOWEST = 0.08;

  private static final int MAX_BINS = 48;

  private final double[] usual;
  private final long[] seen;
  private final int slotsPerDay;
  private final int slotsPerBin;

  DailyProfile(int slotsPerDay) {
    this.slotsPerDay = slotsPerDay;
    int wide = Math.ceilDiv(slotsPerDay, MAX_BINS);
    while (slotsPerDay % wide != 0) {
      wide++;
    }
    slotsPerBin = wide;
    usual = new double[slotsPerDay / wide];
    seen = new long[usual.length];
  }

  /** Adds the newest value of {@code past}. */
  void learn(SlotBuffer past) {
    int bin = time(past.newest()) / slotsPerBin;
    seen[bin]++;
    double weight = Math.max(SLOWEST / slotsPerBin, 1.0 / seen[bin]);
    usual[bin] += weight * (past.at(past.newest()) - usual[bin]);
  }

  /** The level that is usual in {@code slot}; not a number where it was never seen. */
  double at(long slot) {
    double bins = (time(slot) + 0.5) / slotsPerBin - 0.5;
    int below = (int) Math.floor(bins);
    double share = bins - below;
    double before = bin(below);
    return share == 0 ? before : (1 - share) * before + share * bin(below + 1);
  }

  /** How far the level of {@code slot} lies above the usual; zero where either is unknown. */
  double deviation(SlotBuffer past, long slot) {
    double above = past.at(slot) - at(slot);
    return Double.isNaN(above) ? 0 : above;
  }

  private double bin(int bin) {
    int index = Math.floorMod(bin, usual.length);
    return seen[index] == 0 ? Double.NaN : usual[index];
  }

  private int time(long slot) {
    return (int) Math.floorMod(slot, (long) slotsPerDay);
  }

  /**
   * The usual day, and the newest deviation from it, of which 94 % is left after an hour. That
   * figure is the same for every grid; the regressions find better ones.
   *
   * @param profile what is usual
   * @param keptPerStep what is left of a deviation after one step
   */
  record ProfileModel(DailyProfile profile, double keptPerStep) implements ForecastModel {
    private static final double KEPT_AN_HOUR = 0.94;

    static ProfileModel of(DailyProfile profile, TimeGrid timeGrid) {
      return new ProfileModel(profile, keptPerStep(timeGrid));
    }

    static double keptPerStep(TimeGrid timeGrid) {
      return Math.pow(KEPT_AN_HOUR, timeGrid.step().toMinutes() / 60.0);
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
}
