package chase.daemon.text;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers as people read them. */
public final class Numbers {
  private static final MathContext THREE_DIGITS = new MathContext(3);

  private Numbers() {}

  /** {@code 250} or {@code 212.5}: at most one decimal. */
  public static String oneDecimal(double value) {
    double tenths = Math.rint(value * 10) / 10;
    return String.format(Locale.ROOT, tenths == Math.rint(tenths) ? "%.0f" : "%.1f", tenths);
  }

  /** A share of one in whole percent, such as {@code 79 %}. */
  public static String wholePercent(double ratio) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * ratio);
  }

  /** A share of one in percent with one decimal, such as {@code 2.5 %}. */
  public static String percent(double share) {
    double tenths = Math.rint(share * 1000) / 10 + 0.0; // minus zero is written as zero
    return String.format(Locale.ROOT, "%.1f %%", tenths);
  }

  /** At most three digits, such as {@code 12.3} or {@code 0.00451}. */
  public static String threeDigits(double number) {
    BigDecimal rounded = BigDecimal.valueOf(number).round(THREE_DIGITS);
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }
}
