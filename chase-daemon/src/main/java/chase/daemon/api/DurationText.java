package chase.daemon.api;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Times as people write them: {@code 90s}, {@code 30m}, {@code 1h30m}, {@code 2d}. */
public final class DurationText {
  private static final Pattern SHORT =
      Pattern.compile("(\\d{1,9}d)?((?:\\d{1,9}h)?(?:\\d{1,9}m)?(?:\\d{1,9}s)?)");

  private DurationText() {}

  /**
   * Reads days, hours, minutes and seconds in that order, or ISO-8601 such as {@code PT30M}.
   *
   * @throws IllegalArgumentException that names the text
   */
  public static Duration parse(String text) {
    String lower = text.strip().toLowerCase(Locale.ROOT);
    try {
      return Duration.parse(lower.startsWith("p") ? lower : iso(text, lower));
    } catch (DateTimeParseException e) {
      throw refused(text, e);
    }
  }

  /** Whole seconds in the short form, such as {@code 1h30m}; {@code 0s} for less than one. */
  public static String of(Duration duration) {
    String text =
        part(duration.toDaysPart(), "d")
            + part(duration.toHoursPart(), "h")
            + part(duration.toMinutesPart(), "m")
            + part(duration.toSecondsPart(), "s");
    return text.isEmpty() ? "0s" : text;
  }

  private static String part(long amount, String unit) {
    return amount == 0 ? "" : amount + unit;
  }

  private static String iso(String text, String lower) {
    var matcher = SHORT.matcher(lower);
    if (lower.isEmpty() || !matcher.matches()) {
      throw refused(text, null);
    }
    String days = matcher.group(1) == null ? "" : matcher.group(1);
    String time = matcher.group(2);
    return "p" + days + (time.isEmpty() ? "" : "t" + time);
  }

  private static IllegalArgumentException refused(String text, @Nullable Throwable cause) {
    return new IllegalArgumentException(
        "'" + text + "' is not a time such as 90s, 30m, 1h30m or 2d", cause);
  }
}
