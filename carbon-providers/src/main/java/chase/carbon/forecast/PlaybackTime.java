package chase.carbon.forecast;

import chase.carbon.CarbonIntensity;
import chase.carbon.Provenance;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How a series' time runs: at the pace of the wall for live numbers, faster or slower for a
 * recording.
 *
 * @param step the series' sampling period, in its own time
 * @param speed its own time over wall time
 */
record PlaybackTime(Duration step, double speed) {
  /** A recording's times are rounded to the nanosecond; its speed is only as good as that. */
  private static final double SAME_SPEED = 1e-3;

  /** The tempo of live numbers, or that between two of a recording; empty where there is none. */
  static Optional<PlaybackTime> after(Optional<CarbonIntensity> before, CarbonIntensity sample) {
    if (!(sample.provenance() instanceof Provenance.Replayed)) {
      return isValidStep(sample.period())
          ? Optional.of(new PlaybackTime(sample.period(), 1))
          : Optional.empty();
    }
    return before.flatMap(earlier -> between(earlier, sample));
  }

  private static Optional<PlaybackTime> between(CarbonIntensity earlier, CarbonIntensity sample) {
    Duration own = Duration.between(recorded(earlier), recorded(sample));
    Duration wall = Duration.between(earlier.validFrom(), sample.validFrom());
    if (!own.isPositive() || !wall.isPositive()) {
      return Optional.empty();
    }
    double speed = (double) own.toNanos() / wall.toNanos();
    Duration step = rounded(sample.period().toNanos() * speed);
    return isValidStep(step) ? Optional.of(new PlaybackTime(step, speed)) : Optional.empty();
  }

  private static Duration rounded(double nanos) {
    double seconds = nanos / 1e9;
    double whole = Math.rint(seconds);
    return Math.abs(seconds - whole) <= SAME_SPEED * seconds
        ? Duration.ofSeconds((long) whole)
        : Duration.ofNanos((long) nanos);
  }

  private static boolean isValidStep(Duration step) {
    long minutes = step.toMinutes();
    return minutes > 0
        && step.equals(Duration.ofMinutes(minutes))
        && TimeGrid.DAY.toMinutes() % minutes == 0;
  }

  /** When a number was true in the series' own time. */
  static Instant recorded(CarbonIntensity sample) {
    return sample.provenance() instanceof Provenance.Replayed replayed
        ? replayed.recordedAt()
        : sample.validFrom();
  }

  /** The series' own time at a moment on the wall. */
  Instant toRecorded(CarbonIntensity newest, Instant wall) {
    double nanos = Duration.between(newest.validFrom(), wall).toNanos() * speed;
    return recorded(newest).plusNanos((long) nanos);
  }

  /** The moment on the wall at which the series' own time comes up. */
  Instant toWall(CarbonIntensity newest, Instant own) {
    double nanos = Duration.between(recorded(newest), own).toNanos() / speed;
    return newest.validFrom().plusNanos(Math.round(nanos));
  }
}
