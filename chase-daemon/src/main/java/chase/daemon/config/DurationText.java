package chase.daemon.config;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as people write them: {@code 500ms}, {@code 30s}, {@code 5m}, {@code 1h30m}, ISO-8601. */
final class DurationText {
  static final String EXPECTED = "a time such as 500ms, 30s, 5m, 2h, 7d or PT30S";

  private static final Pattern PARTS =
      Pattern.compile("(\\d{1,9}d)?(\\d{1,9}h)?(\\d{1,9}m)?(\\d{1,9}s)?(\\d{1,9}ms)?");

  private DurationText() {}

  /** Refuses what is no time, a negative one included, with {@link IllegalArgumentException}. */
  static Duration parse(String text) {
    String lower = text.strip().toLowerCase(Locale.ROOT);
    Matcher parts = PARTS.matcher(lower);
    if (!lower.isEmpty() && parts.matches()) {
      return Duration.ofDays(amount(parts, 1))
          .plusHours(amount(parts, 2))
          .plusMinutes(amount(parts, 3))
          .plusSeconds(amount(parts, 4))
          .plusMillis(amount(parts, 5));
    }
    return iso(text.strip());
  }

  private static long amount(Matcher parts, int group) {
    String part = parts.group(group);
    return part == null ? 0 : Long.parseLong(part.replaceAll("\\D", ""));
  }

  private static Duration iso(String text) {
    try {
      Duration duration = Duration.parse(text);
      if (duration.isNegative()) {
        throw new IllegalArgumentException("negative: " + text);
      }
      return duration;
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("not a time: " + text, e);
    }
  }
}
