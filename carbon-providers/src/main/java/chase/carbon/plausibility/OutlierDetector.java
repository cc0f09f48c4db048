package chase.carbon.plausibility;

import chase.carbon.CarbonIntensity;
import chase.carbon.SignalKind.Margin;
import java.time.Duration;
import java.util.Optional;

/**
 * Holds a value back that is far from everything of late, until the periods after it confirm it. A
 * marginal signal may fall to nothing and come back at any moment; of it only a rise far beyond
 * everything of late is doubted.
 */
final class OutlierDetector {
  /** How far beyond the extremes of late a value may lie. */
  private static final double BEYOND = Math.log(1.5);

  private static final double BEYOND_MARGINAL = Math.log(2.5);

  /** A smaller step from one period to the next is never doubted. */
  private static final double SMALL_STEP = Math.log(1.8);

  /** A step of so few grams is weather, however large it is beside a clean grid's numbers. */
  private static final double SMALL_GRAMS = 15;

  /** How many of the series' own large steps a step must measure to be doubted. */
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

  /** Whether {@code sample} is to be held back, given the last one that was believed. */
  boolean isOutlier(CarbonIntensity before, CarbonIntensity sample) {
    boolean sameModel = before.modelDate().equals(sample.modelDate());
    if (!recent.hasEnough() || !sameModel || !isFar(before, sample)) {
      suspect = Optional.empty();
      return false;
    }
    if (suspect.isEmpty() || isFar(suspect.get(), sample)) {
      suspect = Optional.of(sample);
      confirmations = 0;
      return true;
    }
    if (sample.validFrom().isAfter(suspect.get().validFrom())) {
      confirmations++;
    }
    if (confirmations < confirmationsNeeded(sample)) {
      suspect = Optional.of(sample);
      return true;
    }
    suspect = Optional.empty();
    return false;
  }

  private boolean isFar(CarbonIntensity before, CarbonIntensity sample) {
    double step = RecentValues.log(sample.value()) - RecentValues.log(before.value());
    boolean small = Math.abs(sample.value().value() - before.value().value()) <= SMALL_GRAMS;
    return !small && isBeyond(sample) && Math.abs(step) > doubtfulStep(before, sample);
  }

  private boolean isBeyond(CarbonIntensity sample) {
    double log = RecentValues.log(sample.value());
    if (sample.kind().margin() == Margin.MARGINAL) {
      return log > recent.highestLog() + BEYOND_MARGINAL;
    }
    return log > recent.highestLog() + BEYOND || log < recent.lowestLog() - BEYOND;
  }

  private double doubtfulStep(CarbonIntensity before, CarbonIntensity sample) {
    Duration apart = Duration.between(before.validFrom(), sample.validFrom());
    if (apart.compareTo(LONG_HOLE) > 0) {
      return Double.POSITIVE_INFINITY;
    }
    double periods = Math.max(1, (double) apart.toNanos() / sample.period().toNanos());
    return Math.max(SMALL_STEP, LARGE_STEPS * recent.largeStep() * Math.sqrt(periods));
  }

  private static int confirmationsNeeded(CarbonIntensity sample) {
    long periods = CONFIRMED_AFTER.dividedBy(sample.period());
    return Math.clamp(periods, FEWEST_CONFIRMATIONS, MOST_CONFIRMATIONS);
  }
}
