package chase.daemon.text;

import chase.carbon.TimeBounds;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.function.Supplier;

/** Instants as people write them, near enough to now that clocks can add to them. */
public final class InstantParser {
  private InstantParser() {}

  /**
   * Reads ISO-8601 in UTC.
   *
   * @param what what messages call it, such as {@code --from}
   * @throws IllegalArgumentException that names it and the text
   */
  public static Instant parse(String what, String text) {
    Instant instant;
    try {
      instant = Instant.parse(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          what + ": '" + text + "' is not a time such as 2026-11-23T18:00:00Z", e);
    }
    if (!TimeBounds.contains(instant)) {
      throw new IllegalArgumentException(
          what
              + ": '"
              + text
              + "' is not from "
              + TimeBounds.EARLIEST
              + " to "
              + TimeBounds.LATEST);
    }
    return instant;
  }

  /**
   * Reads a time that is over as people write it: ISO-8601, a local date or time, or {@code -7d},
   * so long before now.
   *
   * @param what what messages call it, such as {@code --from}
   * @param clock the time, in the zone of who writes
   * @throws IllegalArgumentException that names it and the text
   */
  public static Instant parsePast(String what, String text, Clock clock) {
    String written = text.strip().replace(' ', 'T');
    Optional<Instant> read =
        attempt(() -> OffsetDateTime.parse(written).toInstant())
            .or(() ->
                attempt(() -> LocalDateTime.parse(written).atZone(clock.getZone()).toInstant()))
            .or(() ->
                attempt(() -> LocalDate.parse(written).atStartOfDay(clock.getZone()).toInstant()))
            .or(() ->
                written.startsWith("-") ? ago(written.substring(1), clock) : Optional.empty());
    return read.filter(TimeBounds::contains)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "%s: '%s' is not a time such as 2026-11-23T18:00:00Z, 2026-11-23 or -7d"
                    .formatted(what, text)));
  }

  private static Optional<Instant> ago(String span, Clock clock) {
    return attempt(() -> clock.instant().minus(Durations.parse(span)));
  }

  private static Optional<Instant> attempt(Supplier<Instant> reading) {
    try {
      return Optional.of(reading.get());
    } catch (DateTimeException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
