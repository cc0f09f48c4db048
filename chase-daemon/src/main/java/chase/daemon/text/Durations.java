package chase.daemon.text;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Times as people write them: {@code 500ms}, {@code 90s}, {@code 1h30m}, {@code 2d}. */
public final class Durations {
  /** What a text must be, for messages. */
  public static final String EXPECTED = "a time such as 500ms, 90s, 1h30m or 2d";

  private static final Pattern PARTS =
      Pattern.compile("(\\d{1,9}d)?(\\d{1,9}h)?(\\d{1,9}m)?(\\d{1,9}s)?(\\d{1,9}ms)?");

  private static final Duration MAXIMUM = Duration.ofDays(36_500);

  private Durations() {}

  /**
   * Reads days, hours, minutes, seconds and milliseconds in that order, or ISO-8601 such as {@code
   * PT30M}; never a negative time, and none of over 100 years, which clocks cannot add.
   *
   * @throws IllegalArgumentException that names the text
   */
  public static Duration parse(String text) {
    Duration duration = parseUnbounded(text);
    if (duration.compareTo(MAXIMUM) > 0) {
      throw new IllegalArgumentException("'" + text + "' is longer than " + format(MAXIMUM));
    }
    return duration;
  }

  /** Like {@link #parse} for who has a bound of their own to name. */
  public static Duration parseUnbounded(String text) {
    try {
      return read(text);
    } catch (ArithmeticException e) {
      throw refusal(text, e);
    }
  }

  private static Duration read(String text) {
    String lower = text.strip().toLowerCase(Locale.ROOT);
    Matcher parts = PARTS.matcher(lower);
    if (!lower.isEmpty() && parts.matches()) {
      return Duration.ofDays(amount(parts, 1))
          .plusHours(amount(parts, 2))
          .plusMinutes(amount(parts, 3))
          .plusSeconds(amount(parts, 4))
          .plusMillis(amount(parts, 5));
    }
    return iso(text, lower);
  }

  private static long amount(Matcher parts, int group) {
    String part = parts.group(group);
    return part == null ? 0 : Long.parseLong(part.replaceAll("\\D", ""));
  }

  private static Duration iso(String text, String lower) {
    try {
      Duration duration = Duration.parse(lower);
      if (duration.isNegative()) {
        throw refusal(text, null);
      }
      return duration;
    } catch (DateTimeParseException e) {
      throw refusal(text, e);
    }
  }

  /** Whole seconds in the short form, such as {@code 1h30m}; {@code 0s} for less than one. */
  public static String format(Duration duration) {
    String text =
        part(duration.toDaysPart(), "d")
            + part(duration.toHoursPart(), "h")
            + part(duration.toMinutesPart(), "m")
            + part(duration.toSecondsPart(), "s");
    return text.isEmpty() ? "0s" : text;
  }

  /** The shorter of two durations. */
  public static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static String part(long amount, String unit) {
    return amount == 0 ? "" : amount + unit;
  }

  private static IllegalArgumentException refusal(String text, @Nullable Throwable cause) {
    return new IllegalArgumentException("'" + text + "' is not " + EXPECTED, cause);
  }
}
