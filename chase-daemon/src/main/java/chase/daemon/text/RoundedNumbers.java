package chase.daemon.text;

import java.util.Locale;

/** Numbers as people read them. */
public final class RoundedNumbers {
  private RoundedNumbers() {}

  /** {@code 250} or {@code 212.5}: at most one decimal. */
  public static String oneDecimal(double value) {
    double tenths = Math.rint(value * 10) / 10;
    return String.format(Locale.ROOT, tenths == Math.rint(tenths) ? "%.0f" : "%.1f", tenths);
  }

  /** A share of one in whole percent, such as {@code 79 %}. */
  public static String wholePercent(double ratio) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * ratio);
  }
}
