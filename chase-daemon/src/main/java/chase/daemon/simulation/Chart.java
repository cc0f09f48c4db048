package chase.daemon.simulation;

import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

/**
 * What a picture shows, before it is drawn ({@link ChartSvg}): panels above each other over one
 * axis.
 *
 * @param height its height, where the width is 760
 */
record Chart(List<Panel> panels, Axis across, int height) {
  /**
   * Curves and marks over a scale of their own, drawn in this order.
   *
   * @param share how high the panel is compared with the others
   */
  record Panel(Axis up, List<Series> series, int share) {}

  /** One entry of the legend, and what it stands for. */
  record Series(String name, ChartColour colour, Look look, List<Place> points) {}

  /** A place on a panel, in the units of its axes. */
  record Place(double across, double up) {}

  /** How the points of a series are shown. */
  sealed interface Look {
    /** Joined by straight lines. */
    record Line(boolean dashed) implements Look {}

    /** Each holds until the next one. */
    record Steps(double width) implements Look {}

    /** Each by a mark, the {@code i}th of a few that differ. */
    record Mark(int i) implements Look {}
  }

  /** A scale, and the distance between its round numbers, which have a line each. */
  record Axis(String meaning, double low, double high, double step) {
    private static final int MOST_STEPS = 8;
    private static final double MARGIN = 0.05;

    /** A scale on which zero and every value have a place, with some room at both ends. */
    static Axis roomy(String meaning, DoubleStream values) {
      return of(meaning, DoubleStream.concat(DoubleStream.of(0), values), MARGIN, MARGIN);
    }

    /** A scale from zero. */
    static Axis fromZero(String meaning, DoubleStream values) {
      return of(meaning, DoubleStream.concat(DoubleStream.of(0), values), 0, MARGIN);
    }

    /** A scale around the values, which may lie far above zero. */
    static Axis around(String meaning, DoubleStream values) {
      return of(meaning, values, MARGIN, MARGIN);
    }

    /** A scale from zero that ends with {@code last}. */
    static Axis upTo(String meaning, double last) {
      return of(meaning, DoubleStream.of(0, last), 0, 0);
    }

    private static Axis of(String meaning, DoubleStream values, double below, double above) {
      var range = values.summaryStatistics();
      double low = range.getMin();
      double width = range.getMax() - low;
      if (width <= 0) {
        // One value alone: its place is in the middle.
        width = Math.max(Math.abs(low) / 10, 1e-3);
        low -= width / 2;
      }
      double high = low + width * (1 + above);
      return new Axis(meaning, low - width * below, high, step(width / MOST_STEPS));
    }

    /** The first of 1, 2, 5, 10, 20 and so on that is no less. */
    private static double step(double least) {
      double ten = Math.pow(10, Math.floor(Math.log10(least)));
      return DoubleStream.of(1, 2, 5, 10)
          .map(times -> times * ten)
          .filter(step -> step >= least)
          .findFirst()
          .orElse(10 * ten);
    }

    /** The round numbers on it. */
    double[] ticks() {
      return LongStream.rangeClosed((long) Math.ceil(low / step), (long) Math.floor(high / step))
          .mapToDouble(number -> number * step)
          .toArray();
    }

    /** Such a number in words. */
    String label(double tick) {
      int decimals = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
      return String.format(Locale.ROOT, "%,." + decimals + "f", tick == 0 ? 0.0 : tick);
    }

    /** Where a value lies: 0 at the low end, 1 at the high one. */
    double place(double value) {
      return (value - low) / (high - low);
    }
  }
}
