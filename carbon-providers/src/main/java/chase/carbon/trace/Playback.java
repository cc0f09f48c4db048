package chase.carbon.trace;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Transposes trace time onto wall time. Rows are searched by their wall time, so what is found
 * always covers the wanted instant, whatever the rounding.
 *
 * @param trace what is played
 * @param originMillis the trace time that is played at {@code wallStart}
 * @param wallStart when the playing began
 * @param speed trace time over wall time
 */
record Playback(Trace trace, long originMillis, Instant wallStart, double speed) {
  private static final double NANOS_PER_MILLI = 1e6;

  private static final Duration SHORTEST_ROW = Duration.ofNanos(1000);

  /**
   * Begins to play at {@code wallStart}.
   *
   * @throws IllegalArgumentException when the start lies outside the trace, or the speed leaves a
   *     row less than a microsecond
   */
  static Playback from(Trace trace, PlaybackSettings settings, Instant wallStart) {
    settings.start().ifPresent(start -> refuseOutside(trace, start));
    long origin = settings.start().orElse(trace.first()).toEpochMilli();
    Playback playback = new Playback(trace, origin, wallStart, settings.speed());
    if (playback.shortestRow().compareTo(SHORTEST_ROW) < 0) {
      throw new IllegalArgumentException(
          "trace speed: " + settings.speed() + " leaves a row of " + trace.file() + " under 1 us");
    }
    return playback;
  }

  private static void refuseOutside(Trace trace, Instant start) {
    if (start.isBefore(trace.first()) || !start.isBefore(trace.end())) {
      throw new IllegalArgumentException(
          "trace start: %s lies outside %s, which runs from %s to %s"
              .formatted(start, trace.file(), trace.first(), trace.end()));
    }
  }

  /** When the trace's time {@code millis} comes up in the given round, which may be negative. */
  Instant wall(long round, long millis) {
    double elapsed = round * (double) trace.span().toMillis() + (millis - originMillis);
    return wallStart.plusNanos(Math.round(elapsed * NANOS_PER_MILLI / speed));
  }

  /** The round that {@code now} falls into: 0 is the first, which may begin part way. */
  long roundAt(Instant now) {
    double elapsed = speed * wallStart.until(now, ChronoUnit.NANOS) / NANOS_PER_MILLI;
    double played = elapsed + (originMillis - trace.startMillis(0));
    long round = (long) Math.floor(played / trace.span().toMillis());
    while (wall(round, trace.startMillis(0)).isAfter(now)) {
      round--;
    }
    while (!wall(round + 1, trace.startMillis(0)).isAfter(now)) {
      round++;
    }
    return round;
  }

  /** The last row of the round that began at or before {@code now}; -1 before the first. */
  int rowAt(long round, Instant now) {
    int low = 0;
    int high = trace.rows();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (wall(round, trace.startMillis(middle)).isAfter(now)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low - 1;
  }

  /** How long a time of the trace lasts on the wall. */
  Duration wallDuration(Duration traced) {
    return Duration.ofNanos(Math.round(traced.toNanos() / speed));
  }

  /** How long the shortest row lasts on the wall. */
  private Duration shortestRow() {
    return Duration.ofNanos((long) (trace.shortestMillis() * NANOS_PER_MILLI / speed));
  }
}
