package chase.carbon.plausibility;

import chase.carbon.CarbonIntensity;
import chase.carbon.Provenance;
import chase.carbon.SignalKind.EmissionScope;
import chase.carbon.SignalKind.Margin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Distinguishes a true zero from a missing number that was written as zero. A grid comes to zero
 * from small values and leaves it by small ones, a missing number stands beside any: so a zero is
 * as credible as its neighbours in time, and a row of zeros as those at its ends. Marginal values
 * come to nothing at any moment, a recording is what its file says, and of whole life cycles no
 * grid is ever at zero.
 */
public final class ZeroCheck {
  /** A value up to this may come before or after a true zero. */
  private static final double NEAR_ZERO_GRAMS = 15;

  /** What lies further away in time is no evidence. */
  private static final Duration NEAR = Duration.ofHours(3);

  private ZeroCheck() {}

  /** What is known of a zero from the values around it. */
  enum Evidence {
    /** A value beside it is near zero. */
    BORNE_OUT,
    /** The values beside it are not near zero. */
    REFUTED,
    /** There is no value beside it. */
    NONE
  }

  /** Whether a value is a zero that may stand for a missing one. */
  static boolean isSuspicious(CarbonIntensity value) {
    return value.value().value() == 0
        && value.kind().margin() == Margin.AVERAGE
        && !(value.provenance() instanceof Provenance.Replayed);
  }

  /**
   * All values but the zeros that their neighbours refute. A zero without evidence in the list
   * stays in it.
   *
   * @param ascending values of one series
   */
  public static List<CarbonIntensity> credible(List<CarbonIntensity> ascending) {
    return without(ascending, evidence -> evidence == Evidence.REFUTED);
  }

  /** All values but the zeros that their neighbours do not bear out. */
  public static List<CarbonIntensity> believed(List<CarbonIntensity> ascending) {
    return without(ascending, evidence -> evidence != Evidence.BORNE_OUT);
  }

  /** Whether a zero is left out. */
  private interface ZeroRule {
    boolean test(Evidence evidence);
  }

  private static List<CarbonIntensity> without(List<CarbonIntensity> ascending, ZeroRule refusal) {
    List<CarbonIntensity> left = new ArrayList<>();
    int at = 0;
    while (at < ascending.size()) {
      int end = endOfZeros(ascending, at);
      if (end == at) {
        end = at + 1;
        left.add(ascending.get(at));
      } else if (!refusal.test(evidence(ascending, at, 0))) {
        left.addAll(ascending.subList(at, end));
      }
      at = end;
    }
    return left;
  }

  /** The end of the row of zeros that begins at {@code place}; {@code place} where none does. */
  private static int endOfZeros(List<CarbonIntensity> ascending, int place) {
    int end = place;
    while (end < ascending.size()
        && isSuspicious(ascending.get(end))
        && (end == place || isNear(ascending.get(end - 1), ascending.get(end)))) {
      end++;
    }
    return end;
  }

  static boolean isNear(CarbonIntensity earlier, CarbonIntensity later) {
    return Duration.between(earlier.validTo(), later.validFrom()).compareTo(NEAR) <= 0;
  }

  /**
   * The evidence of the values before and after the one at {@code place}.
   *
   * @param believed how many at the beginning of the list are believed already, zeros included
   */
  static Evidence evidence(List<CarbonIntensity> ascending, int place, int believed) {
    if (ascending.get(place).kind().scope() == EmissionScope.LIFECYCLE) {
      return Evidence.REFUTED;
    }
    Optional<CarbonIntensity> before = neighbour(ascending, place, -1, believed);
    Optional<CarbonIntensity> after = neighbour(ascending, place, 1, believed);
    if (before.filter(ZeroCheck::isNearZero).isPresent()
        || after.filter(ZeroCheck::isNearZero).isPresent()) {
      return Evidence.BORNE_OUT;
    }
    return before.isPresent() || after.isPresent() ? Evidence.REFUTED : Evidence.NONE;
  }

  /** The value at the end of a row of zeros, in one direction of time. */
  private static Optional<CarbonIntensity> neighbour(
      List<CarbonIntensity> ascending, int place, int step, int believed) {
    int at = place;
    while (at + step >= 0 && at + step < ascending.size()) {
      CarbonIntensity one = ascending.get(at);
      CarbonIntensity next = ascending.get(at + step);
      if (!(step > 0 ? isNear(one, next) : isNear(next, one))) {
        return Optional.empty();
      }
      if (at + step < believed || !isSuspicious(next)) {
        return Optional.of(next);
      }
      at += step;
    }
    return Optional.empty();
  }

  private static boolean isNearZero(CarbonIntensity value) {
    return value.value().value() <= NEAR_ZERO_GRAMS;
  }
}
