package chase.zeus.engine;

import chase.zeus.unit.Watts;
import java.util.Optional;

/**
 * The limit that is restored when Chase stops, and the limit that the floor is a share of.
 *
 * @param limit the limit at the start, or the last that an external process set
 * @param floorOf the highest limit that may be the original: a limit that others lowered, or an
 *     earlier Chase whose record is lost, must not lower the floor
 */
public record OriginalLimit(Watts limit, Watts floorOf) {
  /** Refuses a floor of less than the limit with {@link IllegalArgumentException}. */
  public OriginalLimit {
    if (floorOf.compareTo(limit) < 0) {
      throw new IllegalArgumentException("the floor is never taken of less than the limit");
    }
  }

  /**
   * The original limit of a GPU that has the limit {@code found}. A limit below the last known
   * original, or below the driver's default where no original is known, may be left over from an
   * earlier Chase.
   */
  public static OriginalLimit of(
      Watts found, Optional<Watts> lastKnown, Optional<Watts> defaultLimit) {
    return new OriginalLimit(found, found.max(lastKnown.or(() -> defaultLimit).orElse(found)));
  }

  /** A limit that is on record as the original. */
  public static OriginalLimit onRecord(Watts limit) {
    return new OriginalLimit(limit, limit);
  }

  /** Whether the limit may be one that was lowered. */
  public boolean isDoubtful() {
    return !floorOf.sameLimitAs(limit);
  }

  /** An external process set {@code external}: it is restored from now on, and lowers no floor. */
  OriginalLimit adopt(Watts external) {
    return new OriginalLimit(external, floorOf.max(external));
  }

  /** The lowest limit that Chase chooses, rounded up to the driver's own step. */
  Watts floor(double ratio) {
    return Watts.ofMilliwatts((long) Math.ceil(floorOf.value() * ratio * 1000 - 1e-6));
  }
}
