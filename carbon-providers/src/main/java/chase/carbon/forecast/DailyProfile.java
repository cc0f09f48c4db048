package chase.carbon.forecast;

/**
 * The usual course of a day: a fading mean for each slot, or for each half hour where slots are
 * shorter, with straight lines from the middle of one to the middle of the next.
 */
final class DailyProfile {
  /** The least weight of a new day, so that the last twelve days count most. */
  private static final double SLOWEST = 0.08;

  private static final int MOST_BINS = 48;

  private final double[] usual;
  private final long[] seen;
  private final int slotsADay;
  private final int slotsABin;

  DailyProfile(int slotsADay) {
    this.slotsADay = slotsADay;
    int wide = Math.ceilDiv(slotsADay, MOST_BINS);
    while (slotsADay % wide != 0) {
      wide++;
    }
    slotsABin = wide;
    usual = new double[slotsADay / wide];
    seen = new long[usual.length];
  }

  /** Takes the newest value of {@code past} in. */
  void learn(SlotBuffer past) {
    int bin = time(past.newest()) / slotsABin;
    seen[bin]++;
    double weight = Math.max(SLOWEST / slotsABin, 1.0 / seen[bin]);
    usual[bin] += weight * (past.at(past.newest()) - usual[bin]);
  }

  /** The level that is usual in {@code slot}; not a number where it was never seen. */
  double at(long slot) {
    double bins = (time(slot) + 0.5) / slotsABin - 0.5;
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
    return (int) Math.floorMod(slot, (long) slotsADay);
  }

  /**
   * The usual course of a day, and the newest deviation from it, of which 94 % is left after an
   * hour. That figure is the same for every grid; the regressions find better ones.
   *
   * @param profile what is usual
   * @param keptPerStep what is left of a deviation after one step
   */
  record ProfileModel(DailyProfile profile, double keptPerStep) implements ForecastModel {
    private static final double KEPT_AN_HOUR = 0.94;

    static ProfileModel of(DailyProfile course, TimeGrid rhythm) {
      return new ProfileModel(course, keptAStep(rhythm));
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
}
