package chase.daemon.explain;

import chase.carbon.CarbonIntensity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether the carbon intensity of now is low or high for this grid. The only place that says so.
 *
 * @param level where it lies in the range
 * @param low the lowest intensity of the range, gCO2/kWh
 * @param high the highest
 * @param basis what the range is taken from
 */
public record IntensityLevel(RangePart level, double low, double high, LevelBasis basis) {
  /** Less than this part of a day is no day to compare with. */
  private static final int PARTS_OF_A_DAY = 4;

  /** A range narrower than this share of its highest value says nothing. */
  private static final double FLAT = 0.05;

  /** Where in a range. */
  public enum RangePart {
    /** In its lowest third. */
    LOW,
    /** Between. */
    MIDDLE,
    /** In its highest third. */
    HIGH,
    /** The range is too narrow to tell. */
    STEADY
  }

  /** What a range is taken from. */
  public enum LevelBasis {
    /** The numbers of the day before now. */
    LAST_DAY("the last day's"),
    /** The outlook, for as long as too little of the past is known. */
    OUTLOOK("the outlook's");

    private final String words;

    LevelBasis(String words) {
      this.words = words;
    }
  }

  /**
   * The level of {@code current}; empty where there is nothing to compare it with.
   *
   * @param past the numbers of the last day
   * @param ahead the outlook
   * @param day how long a day of this grid lasts
   */
  public static Optional<IntensityLevel> of(
      CarbonIntensity current,
      List<CarbonIntensity> past,
      List<CarbonIntensity> ahead,
      Duration day,
      Instant now) {
    boolean known =
        !past.isEmpty()
            && Duration.between(past.getFirst().validFrom(), now)
                    .compareTo(day.dividedBy(PARTS_OF_A_DAY))
                >= 0;
    if (!known && ahead.isEmpty()) {
      return Optional.empty();
    }
    List<CarbonIntensity> range =
        known
            ? past
            : ahead.stream().filter(one -> one.validFrom().isBefore(now.plus(day))).toList();
    double grams = current.value().value();
    double low = values(range).min(Double::compare).map(v -> Math.min(v, grams)).orElse(grams);
    double high = values(range).max(Double::compare).map(v -> Math.max(v, grams)).orElse(grams);
    return Optional.of(
        new IntensityLevel(
            part(grams, low, high), low, high, known ? LevelBasis.LAST_DAY : LevelBasis.OUTLOOK));
  }

  private static Stream<Double> values(List<CarbonIntensity> range) {
    return range.stream().map(one -> one.value().value());
  }

  private static RangePart part(double grams, double low, double high) {
    if (high - low <= FLAT * high) {
      return RangePart.STEADY;
    }
    double share = (grams - low) / (high - low);
    if (share <= 1.0 / 3) {
      return RangePart.LOW;
    }
    return share >= 2.0 / 3 ? RangePart.HIGH : RangePart.MIDDLE;
  }

  /** Such as {@code low: in the lowest third of the last day's 120 to 480 gCO2/kWh}. */
  public String text() {
    String where =
        switch (level) {
          case LOW -> "low: in the lowest third of";
          case MIDDLE -> "middling: in the middle third of";
          case HIGH -> "high: in the highest third of";
          case STEADY -> "steady:";
        };
    return String.format(Locale.ROOT, "%s %s %.0f to %.0f gCO2/kWh", where, basis.words, low, high);
  }
}
