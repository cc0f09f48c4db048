package chase.carbon.plausibility;

import chase.carbon.GramsPerKwh;
import java.util.Arrays;

/**
 * The recent values of a series: its lowest, its highest and its larger steps. Holds the last 336
 * values, which are two weeks of hours, a week of half hours and a day of five minutes.
 */
final class RecentValues {
  private static final int MOST = 336;

  /** With fewer values nothing is known of a series. */
  private static final int ENOUGH = 12;

  /** Keeps the steps of a very clean grid, 8 to 12 g/kWh, from counting as large ones. */
  private static final double FLOOR_GRAMS = 5;

  private static final double LARGE_STEP_QUANTILE = 0.95;

  private final double[] logs = new double[MOST];
  private final double[] steps = new double[MOST];
  private int seen;

  /** The logarithm of a value as this class compares them. */
  static double log(GramsPerKwh value) {
    return Math.log(value.value() + FLOOR_GRAMS);
  }

  void add(GramsPerKwh value) {
    double now = log(value);
    double before = seen == 0 ? now : logs[(seen - 1) % MOST];
    logs[seen % MOST] = now;
    steps[seen % MOST] = Math.abs(now - before);
    seen++;
  }

  void forget() {
    seen = 0;
  }

  boolean hasEnough() {
    return seen >= ENOUGH;
  }

  boolean isEmpty() {
    return seen == 0;
  }

  double lowestLog() {
    return Arrays.stream(logs, 0, Math.min(seen, MOST)).min().orElseThrow();
  }

  double highestLog() {
    return Arrays.stream(logs, 0, Math.min(seen, MOST)).max().orElseThrow();
  }

  /** The lowest value in gCO2/kWh. */
  double lowestGrams() {
    return Math.exp(lowestLog()) - FLOOR_GRAMS;
  }

  /** A step, in logarithms, that only one in twenty exceeds. */
  double largeStep() {
    double[] sorted = Arrays.copyOf(steps, Math.min(seen, MOST));
    Arrays.sort(sorted);
    return sorted[(int) (LARGE_STEP_QUANTILE * (sorted.length - 1))];
  }
}
