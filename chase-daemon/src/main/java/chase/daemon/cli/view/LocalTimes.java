package chase.daemon.cli.view;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Moments and spans as people read them, in their own zone.
 *
 * @param zone the reader's
 * @param now the moment at which it is read
 */
public record LocalTimes(ZoneId zone, Instant now) {
  /** As the daemon writes moments into its sentences. */
  private static final Pattern ISO =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?Z");

  private static final Duration SOON = Duration.ofMinutes(2);

  /** Such as {@code 14:05 CET}, or {@code 2026-12-01 14:05 CET} on another day than today. */
  public String time(Instant at) {
    return dated(at, ChronoUnit.MINUTES);
  }

  /** The same to the second. */
  public String second(Instant at) {
    return dated(at, ChronoUnit.SECONDS);
  }

  private String dated(Instant at, ChronoUnit precision) {
    ZonedDateTime local = at.atZone(zone);
    return day(local) + clock(local, precision) + " " + ZoneNames.of(zone, at);
  }

  private String day(ZonedDateTime local) {
    return local.toLocalDate().equals(now.atZone(zone).toLocalDate())
        ? ""
        : local.toLocalDate() + " ";
  }

  private static String clock(ZonedDateTime local, ChronoUnit precision) {
    String minutes = local.toLocalTime().truncatedTo(ChronoUnit.MINUTES).toString();
    return precision == ChronoUnit.MINUTES
        ? minutes
        : String.format(Locale.ROOT, "%s:%02d", minutes, local.getSecond());
  }

  /** How {@code at} is called in a zone, such as {@code CET}. */
  public String zoneName() {
    return ZoneNames.of(zone, now);
  }

  /** How long until {@code end}, such as {@code 28 min more}; the moment itself once it is over. */
  public String more(Instant end) {
    return end.isAfter(now) ? span(Duration.between(now, end)) + " more" : "until " + time(end);
  }

  /** Such as {@code in 4 min}; {@code now} once it is over. */
  public String in(Instant at) {
    return at.isAfter(now) ? "in " + span(Duration.between(now, at)) : "now";
  }

  /** Until when and how long, such as {@code for 28 min more, until 14:05 CET}. */
  public String until(Instant end) {
    return end.isAfter(now) ? "for " + more(end) + ", until " + time(end) : "until " + time(end);
  }

  /** How long ago, such as {@code 3 min ago}. */
  public String ago(Instant at) {
    return at.isAfter(now) ? time(at) : span(Duration.between(at, now)) + " ago";
  }

  /**
   * In the two largest units that count, such as {@code 28 min}, {@code 1 h 5 min}, {@code 3 d 4
   * h}.
   */
  public static String span(Duration span) {
    Duration length = span.isNegative() ? Duration.ZERO : span;
    if (length.compareTo(SOON) < 0) {
      return length.toSeconds() + " s";
    }
    Duration minutes = Duration.ofMinutes(Math.ceilDiv(length.toSeconds() - 29, 60));
    if (minutes.toHours() == 0) {
      return minutes.toMinutes() + " min";
    }
    return minutes.toDays() == 0
        ? two(minutes.toHours(), "h", minutes.toMinutesPart(), "min")
        : two(minutes.toDays(), "d", minutes.toHoursPart(), "h");
  }

  private static String two(long large, String unit, int small, String smaller) {
    return large + " " + unit + (small == 0 ? "" : " " + small + " " + smaller);
  }

  /** {@code text} with its moments in the reader's zone. */
  public String localized(String text) {
    return text.indexOf('Z') < 0
        ? text
        : ISO.matcher(text).replaceAll(found -> second(Instant.parse(found.group())));
  }
}
