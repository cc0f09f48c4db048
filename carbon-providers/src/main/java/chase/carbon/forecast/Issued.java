package chase.carbon.forecast;

import java.util.Arrays;

/** What was foreseen from each of the last origins, until its time arrives. */
final class Issued {
  private final int stride;
  private final int series;
  private final int horizons;
  private final long[] origins;
  private final float[] logs;

  /**
   * Room for forecasts.
   *
   * @param origins how many origins are kept
   * @param stride how many slots lie between two of them
   * @param series how many forecasts are kept of each horizon
   */
  Issued(int origins, int stride, int series, int horizons) {
    this.stride = stride;
    this.series = series;
    this.horizons = horizons;
    this.origins = new long[origins];
    this.logs = new float[origins * series * horizons];
    clear();
  }

  /** Makes room for the forecasts from {@code origin}, forgetting the oldest. */
  void open(long origin) {
    origins[row(origin)] = origin;
    int first = index(origin, 0, 0);
    Arrays.fill(logs, first, first + series * horizons, Float.NaN);
  }

  void put(long origin, int one, int horizon, double log) {
    logs[index(origin, one, horizon)] = (float) log;
  }

  /** What was foreseen; not a number where nothing was, or where it is forgotten. */
  double at(long origin, int one, int horizon) {
    return origins[row(origin)] == origin ? logs[index(origin, one, horizon)] : Double.NaN;
  }

  void clear() {
    Arrays.fill(origins, Long.MIN_VALUE);
  }

  private int row(long origin) {
    return (int) Math.floorMod(Math.floorDiv(origin, stride), (long) origins.length);
  }

  private int index(long origin, int one, int horizon) {
    return (row(origin) * series + one) * horizons + horizon;
  }
}
