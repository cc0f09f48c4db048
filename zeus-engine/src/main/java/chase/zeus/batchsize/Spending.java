package chase.zeus.batchsize;

import chase.zeus.unit.Joules;

/**
 * What a training run has used since it began.
 *
 * @param energy its energy
 * @param weightedJoules its energy, each joule times what it weighed when it was used: 1 when
 *     energy itself is to be saved, the carbon intensity or the price relative to its reference
 *     when those are
 * @param seconds its time
 */
public record Spending(Joules energy, double weightedJoules, double seconds) {
  /** Nothing used yet. */
  public static final Spending NONE = new Spending(Joules.ZERO, 0, 0);

  /** Refuses negative and non-finite numbers with {@link IllegalArgumentException}. */
  public Spending {
    if (!(weightedJoules >= 0) || Double.isInfinite(weightedJoules)) {
      throw new IllegalArgumentException(
          "weighted joules must be finite and >= 0: " + weightedJoules);
    }
    if (!(seconds >= 0) || Double.isInfinite(seconds)) {
      throw new IllegalArgumentException("seconds must be finite and >= 0: " + seconds);
    }
  }

  /** Spending where every joule weighs 1. */
  public static Spending of(Joules energy, double seconds) {
    return new Spending(energy, energy.value(), seconds);
  }

  /** Both together. */
  public Spending plus(Spending other) {
    return new Spending(
        energy.plus(other.energy), weightedJoules + other.weightedJoules, seconds + other.seconds);
  }

  /** Whether nothing here is less than in {@code earlier}. */
  boolean continues(Spending earlier) {
    return energy.compareTo(earlier.energy) >= 0
        && weightedJoules >= earlier.weightedJoules
        && seconds >= earlier.seconds;
  }
}
