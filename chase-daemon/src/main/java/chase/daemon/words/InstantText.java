package chase.daemon.words;

import java.time.DateTimeException;
import java.time.Instant;

/** Instants as people write them, near enough to now that clocks can add to them. */
public final class InstantText {
  /** The first that is taken. */
  public static final Instant EARLIEST = Instant.parse("1970-01-01T00:00:00Z");

  /** The last that is taken: nanoseconds in 64 bits reach no further than 292 years. */
  public static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

  private InstantText() {}

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
    if (instant.isBefore(EARLIEST) || instant.isAfter(LATEST)) {
      throw new IllegalArgumentException(
          what + ": '" + text + "' is not from " + EARLIEST + " to " + LATEST);
    }
    return instant;
  }
}
