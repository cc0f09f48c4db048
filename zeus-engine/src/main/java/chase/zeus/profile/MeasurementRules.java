package chase.zeus.profile;

import java.time.Duration;

/**
 * How a window under one limit is measured.
 *
 * @param warmUp the time that is left out after a change of the limit or a pause
 * @param sample the shortest interval that counts; shorter ones are combined
 * @param samples the fewest samples of a window
 * @param precision the relative standard error at which a window is done, such as 0.015
 * @param longest the measured time after which a window is done anyway
 * @param silence a longer interval without work is a pause of the job
 * @param patience how long one limit may take, warm-up included, before the session ends
 */
public record MeasurementRules(
    Duration warmUp,
    Duration sample,
    int samples,
    double precision,
    Duration longest,
    Duration silence,
    Duration patience) {
  /**
   * Power readings are means over a second and energy counters move every 100 ms, so that three
   * seconds of warm-up and intervals of a second leave nothing of the limit before.
   */
  public static final MeasurementRules DEFAULT =
      new MeasurementRules(
          Duration.ofSeconds(3),
          Duration.ofSeconds(1),
          4,
          0.015,
          Duration.ofMinutes(1),
          Duration.ofMinutes(2),
          Duration.ofMinutes(15));

  private static final Duration MIN_REPLAYED_WARM_UP = Duration.ofSeconds(2);
  private static final Duration MIN_REPLAYED_SAMPLE = Duration.ofMillis(500);
  private static final Duration MIN_REPLAYED_WINDOW = Duration.ofSeconds(2);
  private static final Duration MIN_REPLAYED_SILENCE = Duration.ofSeconds(5);
  private static final Duration MIN_REPLAYED_PATIENCE = Duration.ofSeconds(30);

  /** A job that misses so many reports in a row has paused. */
  private static final int SILENT_REPORTS = 3;

  /**
   * A limit that takes as long as so many windows of the minimum number of samples never settles.
   */
  private static final int PATIENT_WINDOWS = 3;

  /** Refuses negative times, a window of no samples and a precision outside (0, 1). */
  public MeasurementRules {
    if (warmUp.isNegative() || sample.isNegative() || longest.isNegative()) {
      throw new IllegalArgumentException("times of a window must not be negative");
    }
    if (!silence.isPositive() || !patience.isPositive()) {
      throw new IllegalArgumentException("silence and patience must be above zero");
    }
    if (samples < 1) {
      throw new IllegalArgumentException("a window needs at least 1 sample: " + samples);
    }
    if (!(precision > 0 && precision < 1)) {
      throw new IllegalArgumentException("precision must lie between 0 and 1: " + precision);
    }
  }

  /**
   * These rules for a job that reports every {@code interval}: limits of time are raised where they
   * would cut off too few reports.
   */
  public MeasurementRules reportedEvery(Duration interval) {
    return new MeasurementRules(
        warmUp,
        sample,
        samples,
        precision,
        longest,
        longer(silence, interval.multipliedBy(SILENT_REPORTS)),
        longer(patience, interval.multipliedBy((long) samples * PATIENT_WINDOWS)));
  }

  /**
   * These rules for a recording of the grid that is played {@code speed} times as fast, with
   * windows that a GPU can still be measured in: its draw follows a limit within a second or two.
   */
  public MeasurementRules replayed(double speed) {
    return new MeasurementRules(
        replayed(warmUp, speed, MIN_REPLAYED_WARM_UP),
        replayed(sample, speed, MIN_REPLAYED_SAMPLE),
        samples,
        precision,
        replayed(longest, speed, MIN_REPLAYED_WINDOW),
        replayed(silence, speed, MIN_REPLAYED_SILENCE),
        replayed(patience, speed, MIN_REPLAYED_PATIENCE));
  }

  private static Duration replayed(Duration duration, double speed, Duration minimum) {
    Duration scaled = Duration.ofNanos(Math.round(duration.toNanos() / speed));
    return longer(scaled, duration.compareTo(minimum) < 0 ? duration : minimum);
  }

  /** About how long one limit takes when the job reports every {@code interval}. */
  public Duration expected(Duration interval) {
    Duration counted = longer(sample, interval);
    long enough = (long) Math.ceil(Math.pow(Estimate.ASSUMED_DEVIATION / precision, 2));
    Duration precise = counted.multipliedBy(enough);
    Duration measuring = precise.compareTo(longest) < 0 ? precise : longest;
    return warmUp.plus(counted).plus(longer(measuring, counted.multipliedBy(samples)));
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) >= 0 ? one : other;
  }
}
