package chase.carbon.plausibility;

import chase.carbon.CarbonIntensity;
import chase.carbon.SignalKind.Margin;
import java.time.Duration;
import java.util.Optional;

/**
 * Rejects a value that is far from all recent ones, until the periods after it confirm it. A
 * marginal signal may fall to nothing and come back at any moment; of it only a rise far beyond all
 * recent values is rejected.
 */
final class OutlierDetector {
  /** How far beyond the recent extremes a value may lie. */
  private static final double BEYOND = Math.log(1.5);

  private static final double BEYOND_MARGINAL = Math.log(2.5);

  /** A smaller step from one period to the next is never rejected. */
  private static final double SMALL_STEP = Math.log(1.8);

  /** A step of so few grams is weather, however large it is beside a clean grid's values. */
  private static final double SMALL_GRAMS = 15;

  /** How many of the series' own large steps a step must measure to be rejected. */
  private static final double LARGE_STEPS = 4;

  /** After a hole of this length nothing is known of the value before it. */
  private static final Duration LONG_HOLE = Duration.ofHours(12);

  /** What lasts this long is no glitch: known ones last a quarter of an hour. */
  private static final Duration CONFIRMED_AFTER = Duration.ofMinutes(30);

  private static final int FEWEST_CONFIRMATIONS = 2;
  private static final int MOST_CONFIRMATIONS = 6;

  private final RecentValues recent;
  private Optional<CarbonIntensity> suspect = Optional.empty();
  private int confirmations;

  OutlierDetector(RecentValues recent) {
    this.recent = recent;
  }

  /** Whether {@code value} is rejected, given the last one that was believed. */
  boolean isOutlier(CarbonIntensity before, CarbonIntensity value) {
    boolean sameModel = before.modelDate().equals(value.modelDate());
    if (!recent.hasEnough() || !sameModel || !isFar(before, value)) {
      suspect = Optional.empty();
      return false;
    }
    if (suspect.isEmpty() || isFar(suspect.get(), value)) {
      suspect = Optional.of(value);
      confirmations = 0;
      return true;
    }
    if (value.validFrom().isAfter(suspect.get().validFrom())) {
      confirmations++;
    }
    if (confirmations < confirmationsNeeded(value)) {
      suspect = Optional.of(value);
      return true;
    }
    suspect = Optional.empty();
    return false;
  }

  private boolean isFar(CarbonIntensity before, CarbonIntensity value) {
    double step = RecentValues.log(value.value()) - RecentValues.log(before.value());
    boolean small = Math.abs(value.value().value() - before.value().value()) <= SMALL_GRAMS;
    return !small && isBeyond(value) && Math.abs(step) > suspiciousStep(before, value);
  }

  private boolean isBeyond(CarbonIntensity value) {
    double log = RecentValues.log(value.value());
    if (value.kind().margin() == Margin.MARGINAL) {
      return log > recent.highestLog() + BEYOND_MARGINAL;
    }
    return log > recent.highestLog() + BEYOND || log < recent.lowestLog() - BEYOND;
  }

  private double suspiciousStep(CarbonIntensity before, CarbonIntensity value) {
    Duration apart = Duration.between(before.validFrom(), value.validFrom());
    if (apart.compareTo(LONG_HOLE) > 0) {
      return Double.POSITIVE_INFINITY;
    }
    double periods = Math.max(1, (double) apart.toNanos() / value.period().toNanos());
    return Math.max(SMALL_STEP, LARGE_STEPS * recent.largeStep() * Math.sqrt(periods));
  }

  private static int confirmationsNeeded(CarbonIntensity value) {
    long periods = CONFIRMED_AFTER.dividedBy(value.period());
    return Math.clamp(periods, FEWEST_CONFIRMATIONS, MOST_CONFIRMATIONS);
  }
}
