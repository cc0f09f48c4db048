package chase.carbon.plausibility;

import chase.carbon.CarbonIntensity;
import chase.carbon.ClockSkew;
import chase.carbon.GramsPerKwh;
import chase.carbon.Provenance;
import chase.carbon.RejectReason;
import chase.carbon.SignalKind;
import chase.carbon.SignalKind.EmissionScope;
import chase.carbon.SignalKind.Margin;
import chase.carbon.plausibility.RejectedValues.RejectedValue;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Checks what one value alone shows: its kind, its range and its dates. The range is generous: it
 * catches wrong units and missing numbers, not bad days.
 */
public final class ValueCheck {
  /**
   * Nuclear power, the lowest lifecycle factor in use: 5.1 to 6.4 g/kWh (UNECE, "Carbon Neutrality
   * in the UNECE Region", 2021), rounded down.
   */
  private static final double LOWEST_LIFECYCLE = 4;

  /** Old lignite plants emit about 1,200 g/kWh; no whole region exceeds its dirtiest plant. */
  private static final double HIGHEST_AVERAGE = 1500;

  /** The last plant to start may be an old oil-fired one. */
  private static final double HIGHEST_MARGINAL = 3000;

  private static final String SANDBOX = "SANDBOX";

  private final SignalKind kind;
  private final double lowestGrams;
  private final double highestGrams;

  /**
   * What is wrong with a value.
   *
   * @param message the words that follow the value in a sentence
   */
  record Objection(RejectReason reason, String message) {
    static Optional<Objection> of(RejectReason reason, String message) {
      return Optional.of(new Objection(reason, message));
    }

    static Optional<Objection> missingNumber() {
      return of(RejectReason.ZERO, "is most likely a missing number");
    }

    RejectedValue reject(CarbonIntensity value, Instant now) {
      String number =
          reason == RejectReason.RANGE ? exact(value.value()) : value.value().toString();
      String line = "%s %s: %s %s".formatted(value.provider(), value.region(), number, message);
      return new RejectedValue(reason, line, Optional.of(value), now);
    }

    /** Rounded to whole grams, a number just outside the range would seem to lie inside. */
    private static String exact(GramsPerKwh value) {
      BigDecimal digits = BigDecimal.valueOf(value.value()).round(new MathContext(6));
      return digits.stripTrailingZeros().toPlainString() + " gCO2/kWh";
    }
  }

  /**
   * What can be true of a past that is only learned from: neither values outside the range of their
   * kind nor zeros that their neighbours do not bear out.
   */
  public static List<CarbonIntensity> believed(List<CarbonIntensity> ascending) {
    return ZeroCheck.believed(
        ascending.stream()
            .filter(value -> new ValueCheck(value.kind()).value(value).isEmpty())
            .toList());
  }

  ValueCheck(SignalKind kind) {
    this.kind = kind;
    boolean marginal = kind.margin() == Margin.MARGINAL;
    this.lowestGrams = !marginal && kind.scope() == EmissionScope.LIFECYCLE ? LOWEST_LIFECYCLE : 0;
    this.highestGrams = marginal ? HIGHEST_MARGINAL : HIGHEST_AVERAGE;
  }

  /** What is wrong with the value itself, whatever came before it. */
  Optional<Objection> value(CarbonIntensity value) {
    if (!value.kind().equals(kind)) {
      return Objection.of(
          RejectReason.OTHER_KIND,
          "is %s, not %s".formatted(value.kind().description(), kind.description()));
    }
    if (value.provenance() instanceof Provenance.Estimated estimated
        && estimated.method().toUpperCase(Locale.ROOT).contains(SANDBOX)) {
      return Objection.of(RejectReason.SANDBOX, "is made up, for a sandbox key");
    }
    if (ZeroCheck.isSuspicious(value) && value.kind().scope() == EmissionScope.LIFECYCLE) {
      return Objection.missingNumber();
    }
    return isInRange(value.value())
        ? Optional.empty()
        : Objection.of(RejectReason.RANGE, "lies outside " + range());
  }

  private boolean isInRange(GramsPerKwh value) {
    return value.value() >= lowestGrams && value.value() <= highestGrams;
  }

  private String range() {
    return String.format(Locale.ROOT, "%.0f to %.0f gCO2/kWh", lowestGrams, highestGrams);
  }

  /**
   * What is wrong with the dates of a value.
   *
   * @param before the last value that was believed
   */
  static Optional<Objection> dates(
      CarbonIntensity value, Optional<CarbonIntensity> before, Instant now) {
    Duration period = value.period();
    Duration ahead = period.compareTo(ClockSkew.TOLERATED) > 0 ? period : ClockSkew.TOLERATED;
    if (value.validFrom().isAfter(now.plus(ahead))) {
      return inFuture("is for " + value.validFrom());
    }
    if (value.publishedAt().isAfter(now.plus(ClockSkew.TOLERATED))) {
      return inFuture("was published at " + value.publishedAt());
    }
    return before.filter(last -> isOlder(value, last, now)).map(last -> backDated(value, last));
  }

  private static Optional<Objection> inFuture(String what) {
    return Objection.of(RejectReason.FUTURE_DATED, what + ", which is to come; is a clock wrong?");
  }

  private static Objection backDated(CarbonIntensity value, CarbonIntensity before) {
    return new Objection(
        RejectReason.BACK_DATED,
        "is for %s, published %s, after one for %s, published %s"
            .formatted(
                value.validFrom(), value.publishedAt(), before.validFrom(), before.publishedAt()));
  }

  /** A value for the next period may give way to that of the running one. */
  private static boolean isOlder(CarbonIntensity value, CarbonIntensity before, Instant now) {
    boolean periodWentBack =
        value.validFrom().isBefore(before.validFrom()) && !before.validFrom().isAfter(now);
    boolean publicationWentBack =
        value.validFrom().equals(before.validFrom())
            && value.publishedAt().isBefore(before.publishedAt());
    return periodWentBack || publicationWentBack;
  }
}
