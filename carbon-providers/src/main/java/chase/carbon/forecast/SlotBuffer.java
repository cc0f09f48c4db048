package chase.carbon.forecast;

import java.util.Arrays;

/**
 * The newest values of a signal, one a slot, as {@link ValueScale}s. A slot that was skipped holds
 * its forecast, or is not a number.
 */
final class SlotBuffer {
  private final double[] levels;
  private long newest = Long.MIN_VALUE;
  private long oldest = Long.MAX_VALUE;

  SlotBuffer(int slots) {
    levels = new double[slots];
  }

  boolean isEmpty() {
    return newest == Long.MIN_VALUE;
  }

  /** The newest slot; there must be one. */
  long newest() {
    return newest;
  }

  /** How many slots lie between the first one and the newest, both included. */
  long length() {
    return isEmpty() ? 0 : newest - oldest + 1;
  }

  /** Adds the slot after the newest one, or the very first one. */
  void add(long slot, double level) {
    if (isEmpty()) {
      Arrays.fill(levels, Double.NaN);
      oldest = slot;
    }
    newest = slot;
    levels[index(slot)] = level;
  }

  /** The level of {@code slot}; not a number where it is unknown, too old or not yet there. */
  double at(long slot) {
    return slot > newest || slot < oldest || slot <= newest - levels.length
        ? Double.NaN
        : levels[index(slot)];
  }

  private int index(long slot) {
    return (int) Math.floorMod(slot, (long) levels.length);
  }

  /**
   * The scale that models work in: twice the square root of the value in units of 100 gCO2/kWh.
   * Errors of high values count less than on a plain scale and errors of values near zero less than
   * in logarithms, and zero is a number.
   */
  static final class ValueScale {
    private static final double UNIT = 100;

    private ValueScale() {}

    static double level(double value) {
      return 2 * Math.sqrt(value / UNIT);
    }

    /** The value at {@code level}; zero below zero, which models may forecast. */
    static double value(double level) {
      double root = Math.max(0, level) / 2;
      return UNIT * root * root;
    }
  }
}
