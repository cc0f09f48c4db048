package chase.daemon.text;

import chase.carbon.TimeBounds;
import java.time.DateTimeException;
import java.time.Instant;

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
}
