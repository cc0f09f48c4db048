package chase.carbon;

import java.time.Duration;
import java.util.Locale;

/**
 * How far this host's clock is from a provider's.
 *
 * @param ahead how far ahead; negative when it is behind
 */
public record ClockSkew(Duration ahead) {
  /** Dates of providers and of this host may differ by this; further apart, a clock is wrong. */
  public static final Duration TOLERATED = Duration.ofMinutes(10);

  /** More than the time of a call and common drift explain. */
  private static final Duration UNCOMMON = Duration.ofMinutes(2);

  /** Whether one of the clocks must be wrong. */
  public boolean isExcessive() {
    return ahead.abs().compareTo(UNCOMMON) > 0;
  }

  /** Such as {@code this host's clock is 7200 s ahead of the provider's}. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "this host's clock is %d s %s the provider's",
        ahead.abs().toSeconds(),
        ahead.isNegative() ? "behind" : "ahead of");
  }
}
