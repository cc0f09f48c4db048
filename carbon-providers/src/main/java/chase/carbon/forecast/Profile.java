package chase.carbon.forecast;

import java.util.Arrays;

/**
 * The usual course of a day, and the newest deviation from it, which fades by 6 % an hour (facts
 * measured on eleven grids; the exact figure matters little).
 */
final class Profile implements Member {
  private static final double SLOWEST = 0.08;
  private static final double KEPT_AN_HOUR = 0.94;

  private final double[] usual;
  private final int[] seen;
  private final double keptAStep;

  Profile(int slotsADay) {
    usual = new double[slotsADay];
    seen = new int[slotsADay];
    keptAStep = Math.pow(KEPT_AN_HOUR, 24.0 / slotsADay);
  }

  @Override
  public Model model() {
    return Model.PROFILE;
  }

  @Override
  public void learn(Timeline past) {
    int time = time(past.newest());
    seen[time]++;
    double weight = Math.max(SLOWEST, 1.0 / seen[time]);
    usual[time] += weight * (past.at(past.newest()) - usual[time]);
  }

  @Override
  public double ahead(Timeline past, int steps) {
    double deviation = past.at(past.newest()) - at(past.newest());
    return at(past.newest() + steps) + deviation * Math.pow(keptAStep, steps);
  }

  /** What is usual at the time of {@code slot}; not a number where that was never seen. */
  double at(long slot) {
    int time = time(slot);
    return seen[time] == 0 ? Double.NaN : usual[time];
  }

  void clear() {
    Arrays.fill(seen, 0);
    Arrays.fill(usual, 0);
  }

  private int time(long slot) {
    return (int) Math.floorMod(slot, (long) usual.length);
  }
}
