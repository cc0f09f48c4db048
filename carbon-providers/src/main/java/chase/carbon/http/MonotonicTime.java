package chase.carbon.http;

import io.github.bucket4j.TimeMeter;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Time that passes as it does on a wall clock, but never runs backwards: while the clock catches up
 * with itself no time passes, so that a clock set back by a day does not stop calls for a day.
 */
final class MonotonicTime implements TimeMeter {
  private final InstantSource clock;
  private final AtomicReference<ClockReading> last;

  private record ClockReading(Instant wall, long nanos) {
    ClockReading at(Instant now) {
      long passed = wall.until(now, ChronoUnit.NANOS);
      return new ClockReading(now, nanos + Math.max(0, passed));
    }
  }

  MonotonicTime(InstantSource clock) {
    this.clock = clock;
    this.last = new AtomicReference<>(new ClockReading(clock.instant(), 0));
  }

  @Override
  public long currentTimeNanos() {
    Instant now = clock.instant();
    return last.updateAndGet(reading -> reading.at(now)).nanos();
  }

  @Override
  public boolean isWallClockBased() {
    return true;
  }
}
