package chase.carbon.forecast;

import java.util.Arrays;

/**
 * The newest values of a signal, one a slot, in logarithms of one plus the value: relative errors
 * become differences, and zero stays a number. A slot without a value is not a number.
 */
final class Timeline {
  private final double[] logs;
  private long newest = Long.MIN_VALUE;
  private long oldest = Long.MAX_VALUE;

  Timeline(int slots) {
    logs = new double[slots];
    Arrays.fill(logs, Double.NaN);
  }

  static double log(double value) {
    return Math.log1p(value);
  }

  static double value(double log) {
    return Math.max(0, Math.expm1(log));
  }

  boolean isEmpty() {
    return newest == Long.MIN_VALUE;
  }

  /** The newest slot that has a value. */
  long newest() {
    return newest;
  }

  /** The first slot since the start. */
  long oldest() {
    return oldest;
  }

  /** Adds the value of a slot that is newer than all before. */
  void add(long slot, double log) {
    if (isEmpty()) {
      oldest = slot;
    } else {
      long skipped = Math.min(slot - newest - 1, logs.length);
      for (long gap = slot - skipped; gap < slot; gap++) {
        logs[index(gap)] = Double.NaN;
      }
    }
    newest = slot;
    logs[index(slot)] = log;
  }

  /** The value of {@code slot}; not a number where it is unknown, too old or not yet there. */
  double at(long slot) {
    return slot > newest || slot < oldest || slot <= newest - logs.length
        ? Double.NaN
        : logs[index(slot)];
  }

  void clear() {
    Arrays.fill(logs, Double.NaN);
    newest = Long.MIN_VALUE;
    oldest = Long.MAX_VALUE;
  }

  private int index(long slot) {
    return (int) Math.floorMod(slot, (long) logs.length);
  }
}
