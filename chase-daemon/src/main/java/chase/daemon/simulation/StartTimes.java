package chase.daemon.simulation;

import chase.zeus.replay.WeightTrace;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** When the jobs of a simulation begin. */
public final class StartTimes {
  /** Forecasts look back a day, so jobs begin that late where the recording is long enough. */
  private static final Duration HISTORY = Duration.ofDays(1);

  private StartTimes() {}

  /**
   * {@code count} starts in ascending order, one in each equal part of the recording, at whole
   * minutes chosen by {@code seed}; a single start is the earliest possible.
   *
   * @param longest the longest that a job may take
   * @throws IllegalArgumentException when not even one such job fits
   */
  public static List<Instant> spread(
      WeightTrace recording, Duration longest, int count, long seed) {
    Instant latest = recording.to().minus(longest);
    if (latest.isBefore(recording.from())) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the signal covers %.1f h, and the job may need %.1f h",
              hours(Duration.between(recording.from(), recording.to())),
              hours(longest)));
    }
    Instant late = recording.from().plus(HISTORY);
    Instant earliest = late.isAfter(latest) ? recording.from() : late;
    if (count == 1) {
      return List.of(earliest);
    }
    double room = Duration.between(earliest, latest).toMillis();
    Random random = new Random(seed);
    List<Instant> starts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      long offset = (long) ((i + random.nextDouble()) / count * room);
      Instant minute = earliest.plusMillis(offset).truncatedTo(ChronoUnit.MINUTES);
      starts.add(minute.isBefore(earliest) ? earliest : minute);
    }
    return starts;
  }

  private static double hours(Duration time) {
    return time.toSeconds() / 3600.0;
  }
}
