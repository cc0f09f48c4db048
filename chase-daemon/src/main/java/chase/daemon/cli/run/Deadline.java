package chase.daemon.cli.run;

import chase.daemon.text.Durations;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.function.Supplier;

/** When something must be done, as people write it. */
public final class Deadline {
  private Deadline() {}

  /**
   * Reads a time from now such as {@code 8h}, a time of day such as {@code 18:00} (the next one), a
   * local time such as {@code 2026-12-01T18:00}, or ISO-8601 with an offset.
   *
   * @throws IllegalArgumentException that names the text
   */
  public static Instant parse(String text, Instant now, ZoneId zone) {
    String written = text.strip().replace(' ', 'T');
    return attempt(() -> OffsetDateTime.parse(written).toInstant())
        .or(() -> attempt(() -> LocalDateTime.parse(written).atZone(zone).toInstant()))
        .or(() -> attempt(() -> next(LocalTime.parse(written), now.atZone(zone))))
        .or(() -> attempt(() -> now.plus(Durations.parse(written))))
        .orElseThrow(() ->
            new IllegalArgumentException(
                "'%s' is not a time such as 8h, 18:00, 2026-12-01T18:00 or 2026-12-01T18:00:00Z"
                    .formatted(text)));
  }

  private static Instant next(LocalTime time, ZonedDateTime now) {
    ZonedDateTime today = now.with(time);
    return (today.isAfter(now) ? today : now.plusDays(1).with(time)).toInstant();
  }

  private static Optional<Instant> attempt(Supplier<Instant> reading) {
    try {
      return Optional.of(reading.get());
    } catch (DateTimeException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
