package chase.zeus.batchsize;

import chase.zeus.unit.Joules;

/**
 * The energy and time that a trial has used since it began.
 *
 * @param energy its energy
 * @param weightedJoules its energy, each joule times its weight when it was used: 1 when energy
 *     counts, the carbon intensity or the price relative to its reference when those do
 * @param seconds its time
 */
public record TrialUsage(Joules energy, double weightedJoules, double seconds) {
  /** The maximum plausible energy: what a large power station makes in ten days. */
  public static final double MAX_JOULES = 1e15;

  /** The maximum plausible time: 30,000 years. */
  public static final double MAX_SECONDS = 1e12;

  /** Nothing used yet. */
  public static final TrialUsage NONE = new TrialUsage(Joules.ZERO, 0, 0);

  /**
   * Refuses negative, non-finite and implausibly large numbers with {@link
   * IllegalArgumentException}.
   */
  public TrialUsage {
    if (energy.value() > MAX_JOULES) {
      throw new IllegalArgumentException(
          "joules must be at most %s: %s".formatted(MAX_JOULES, energy.value()));
    }
    if (seconds > MAX_SECONDS && seconds < Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException(
          "seconds must be at most %s: %s".formatted(MAX_SECONDS, seconds));
    }
    if (!(weightedJoules >= 0) || Double.isInfinite(weightedJoules)) {
      throw new IllegalArgumentException(
          "weighted joules must be finite and >= 0: " + weightedJoules);
    }
    if (!(seconds >= 0) || Double.isInfinite(seconds)) {
      throw new IllegalArgumentException("seconds must be finite and >= 0: " + seconds);
    }
  }

  /** Usage in which every joule weighs 1. */
  public static TrialUsage of(Joules energy, double seconds) {
    return new TrialUsage(energy, energy.value(), seconds);
  }

  /** The sum of both. */
  public TrialUsage plus(TrialUsage other) {
    return new TrialUsage(
        energy.plus(other.energy), weightedJoules + other.weightedJoules, seconds + other.seconds);
  }

  /** Of each figure the larger one. */
  public TrialUsage max(TrialUsage other) {
    return new TrialUsage(
        energy.compareTo(other.energy) >= 0 ? energy : other.energy,
        Math.max(weightedJoules, other.weightedJoules),
        Math.max(seconds, other.seconds));
  }
}
