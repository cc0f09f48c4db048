package chase.carbon;

import java.util.Locale;

/** Why a value is not believed. */
public enum RejectReason {
  /** No grid emits that much, or that little. */
  RANGE,
  /** It lies far outside the recent values, and nothing has confirmed it yet. */
  JUMP,
  /** It is average where marginal was announced, direct where lifecycle was, or the reverse. */
  OTHER_KIND,
  /** It has not changed for so long that the feed must be frozen. */
  FLAT_LINE,
  /** Zero where zero cannot be: most likely a missing number. */
  ZERO,
  /** The provider marks it as made up. */
  SANDBOX,
  /** The provider answered without a value. */
  MISSING,
  /** It is older than the last one of the same provider. */
  BACK_DATED,
  /** It comes from the future. */
  FUTURE_DATED,
  /** The reader of the provider's answers refused it. */
  UNREADABLE;

  /** The reason as labels and messages write it, such as {@code flat-line}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The reason for a value that no grid emits: a missing one where it is zero. */
  public static RejectReason ofImpossible(double number) {
    return number == 0 ? ZERO : RANGE;
  }
}
