package chase.zeus.policy;

import java.math.BigDecimal;

/**
 * How much slower than at full power a job may be, as a share: 0.03 is 3 %. A bound of 3 is more
 * likely 3 % than three times as slow, so that everything above 1 is refused.
 *
 * @param share 0 to 1
 */
public record SlowdownBound(double share) {
  /** The bound where none was chosen, such as that of the default policy. */
  public static final SlowdownBound DEFAULT = new SlowdownBound(0.03);

  private static final double MOST = 1;

  /** A smaller bound is a typing error in the exponent, unless it is 0. */
  private static final double LEAST = 1e-6;

  /**
   * Refuses what lies outside 0 to 1, or next to 0, with {@link IllegalArgumentException}, in one
   * line.
   */
  public SlowdownBound {
    if (!(share >= 0 && share <= MOST)) {
      throw new IllegalArgumentException(
          "a slowdown bound must lie in 0 to 1 (100 %): "
              + PolicyParser.shown(share)
              + PolicyParser.asPercent(share)
                  .map(meant -> "; did you mean " + meant + "?")
                  .orElse(""));
    }
    if (share > 0 && share < LEAST) {
      throw new IllegalArgumentException(
          "a slowdown bound must be 0, or 0.000001 or more: " + share);
    }
    share += 0.0; // minus zero is written as zero
  }

  /**
   * Reads a share such as {@code 0.03}, or a percentage such as {@code 3%}.
   *
   * @throws IllegalArgumentException that names what is wrong
   */
  public static SlowdownBound parse(String text) {
    String stripped = text.strip();
    boolean percent = stripped.endsWith("%");
    String number = percent ? stripped.substring(0, stripped.length() - 1).strip() : stripped;
    try {
      BigDecimal value = new BigDecimal(number);
      return new SlowdownBound((percent ? value.movePointLeft(2) : value).doubleValue());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is not a number", e);
    }
  }

  /** Such as {@code at most 3 % slower}. */
  public String text() {
    return "at most " + PolicyParser.percent(share) + " slower";
  }
}
