package chase.zeus.engine;

import chase.zeus.writes.WriteBounds;
import java.time.Duration;
import java.util.Optional;

/**
 * The safety rules of a host.
 *
 * @param mode whether limits are written
 * @param floorRatio the lowest limit as a share of the original limit, above 0 and up to 1
 * @param minimumDwell how long a limit stays before the policy may change it again
 * @param handsOff how long a GPU is not written after an external process set its limit for the
 *     first time
 * @param retryAfter how long to wait after a write that failed and may be retried
 * @param silence a job that does not report for this long has ended
 * @param profiling how jobs are profiled while they run; empty when they are not
 * @param freshness how long a reading is good for; an older one is not shown
 * @param writes how fast and how often limits are written
 * @param speed how many seconds of the grid pass in one of the clock; see {@link #replayed}
 */
public record SafetyRules(
    Mode mode,
    double floorRatio,
    Duration minimumDwell,
    Duration handsOff,
    Duration retryAfter,
    Duration silence,
    Optional<ProfilingRules> profiling,
    Duration freshness,
    WriteBounds writes,
    double speed) {
  /** How long a job may be silent by default. */
  public static final Duration DEFAULT_SILENCE = Duration.ofMinutes(10);

  /** How long a reading is good for by default. */
  public static final Duration DEFAULT_FRESHNESS = Duration.ofMinutes(1);

  /**
   * An external process that sets limits is given way for this long at any speed: two processes
   * must not set one GPU's limit by turns.
   */
  private static final Duration MIN_REPLAYED_HANDS_OFF = Duration.ofSeconds(5);

  /** Rules in real time, under which writes have no bounds. */
  public SafetyRules(
      Mode mode,
      double floorRatio,
      Duration minimumDwell,
      Duration handsOff,
      Duration retryAfter,
      Duration silence,
      Optional<ProfilingRules> profiling,
      Duration freshness) {
    this(
        mode,
        floorRatio,
        minimumDwell,
        handsOff,
        retryAfter,
        silence,
        profiling,
        freshness,
        WriteBounds.NONE,
        1);
  }

  /** The same, where a reading is good for the usual time. */
  public SafetyRules(
      Mode mode,
      double floorRatio,
      Duration minimumDwell,
      Duration handsOff,
      Duration retryAfter,
      Duration silence,
      Optional<ProfilingRules> profiling) {
    this(
        mode,
        floorRatio,
        minimumDwell,
        handsOff,
        retryAfter,
        silence,
        profiling,
        DEFAULT_FRESHNESS);
  }

  /** The same with the usual silence, and no job is measured. */
  public SafetyRules(
      Mode mode, double floorRatio, Duration minimumDwell, Duration handsOff, Duration retryAfter) {
    this(mode, floorRatio, minimumDwell, handsOff, retryAfter, DEFAULT_SILENCE, Optional.empty());
  }

  /** Refuses a floor outside (0, 1], negative times, and a silence or freshness of zero. */
  public SafetyRules {
    if (!(floorRatio > 0 && floorRatio <= 1)) {
      throw new IllegalArgumentException("floor ratio must lie in (0, 1]: " + floorRatio);
    }
    if (minimumDwell.isNegative() || handsOff.isNegative() || retryAfter.isNegative()) {
      throw new IllegalArgumentException("times must not be negative");
    }
    if (!silence.isPositive()) {
      throw new IllegalArgumentException("a job's silence must be above 0: " + silence);
    }
    if (!freshness.isPositive()) {
      throw new IllegalArgumentException("a reading must be good for more than 0: " + freshness);
    }
    if (!(speed > 0) || Double.isInfinite(speed)) {
      throw new IllegalArgumentException("speed must be finite and > 0: " + speed);
    }
  }

  /**
   * These rules for a recording of the grid that is played {@code speed} times as fast: how long
   * limits stay, how long an external limit is left alone and how jobs are measured follows it.
   * What a driver or a process needs does not: retries, the silence of a job and the age of a
   * reading.
   */
  public SafetyRules replayed(double speed) {
    Duration shorter = scaled(handsOff, speed);
    Duration least =
        handsOff.compareTo(MIN_REPLAYED_HANDS_OFF) < 0 ? handsOff : MIN_REPLAYED_HANDS_OFF;
    return new SafetyRules(
        mode,
        floorRatio,
        scaled(minimumDwell, speed),
        shorter.compareTo(least) < 0 ? least : shorter,
        retryAfter,
        silence,
        profiling.map(rules -> rules.replayed(speed)),
        freshness,
        writes.replayed(speed),
        this.speed * speed);
  }

  /** These rules with other bounds on writes. */
  public SafetyRules with(WriteBounds bounds) {
    return new SafetyRules(
        mode,
        floorRatio,
        minimumDwell,
        handsOff,
        retryAfter,
        silence,
        profiling,
        freshness,
        bounds,
        speed);
  }

  private static Duration scaled(Duration duration, double speed) {
    return Duration.ofNanos(Math.round(duration.toNanos() / speed));
  }

  /** Whether limits are written. */
  public enum Mode {
    /** Limits are decided and written. */
    CONTROL,
    /** Limits are decided and shown, and never written. */
    OBSERVE
  }
}
