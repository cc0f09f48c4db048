package chase.daemon.cli;

import java.util.Locale;

/** Numbers as people read them. */
final class Figure {
  private Figure() {}

  /** {@code 250} or {@code 212.5}: at most one decimal. */
  static String of(double value) {
    double tenths = Math.rint(value * 10) / 10;
    return String.format(Locale.ROOT, tenths == Math.rint(tenths) ? "%.0f" : "%.1f", tenths);
  }

  /** A share of one in whole percent, such as {@code 79 %}. */
  static String percent(double ratio) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * ratio);
  }
}
