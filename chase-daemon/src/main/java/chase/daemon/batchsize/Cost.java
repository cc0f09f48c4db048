package chase.daemon.batchsize;

import java.util.Locale;

/** What a joule of a recurring job is charged by. */
public enum Cost {
  /** Every joule weighs the same. */
  ENERGY,
  /** A joule weighs as much as the grid emits for it. */
  CARBON,
  /** A joule weighs as much as it is paid for. */
  PRICE;

  /** Such as {@code carbon}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
