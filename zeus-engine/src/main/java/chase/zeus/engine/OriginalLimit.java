package chase.zeus.engine;

import chase.zeus.unit.Watts;
import java.util.Optional;

/**
 * The limit that goes back when Chase goes, and the one that the floor is taken of.
 *
 * @param limit the limit found, or the last that somebody else set
 * @param floorOf the highest limit that may be the original: what others, or an earlier Chase whose
 *     record is lost, lowered must not lower the floor
 */
public record OriginalLimit(Watts limit, Watts floorOf) {
  /** Refuses a floor of less than the limit with {@link IllegalArgumentException}. */
  public OriginalLimit {
    if (floorOf.compareTo(limit) < 0) {
      throw new IllegalArgumentException("the floor is never taken of less than the limit");
    }
  }

  /**
   * Which limit is believed on a card that shows {@code found}. One below what was last known to be
   * the original, or below the driver's default when nothing is known, may be what an earlier Chase
   * left behind.
   */
  public static OriginalLimit of(
      Watts found, Optional<Watts> lastKnown, Optional<Watts> defaultLimit) {
    return new OriginalLimit(found, found.max(lastKnown.or(() -> defaultLimit).orElse(found)));
  }

  /** A limit of which it is on record that it is the original. */
  public static OriginalLimit onRecord(Watts limit) {
    return new OriginalLimit(limit, limit);
  }

  /** Whether the limit may be a lowered one. */
  public boolean isDoubtful() {
    return !floorOf.sameLimitAs(limit);
  }

  /** Somebody else set {@code theirs}: it goes back from now on, and does not lower the floor. */
  OriginalLimit adopt(Watts theirs) {
    return new OriginalLimit(theirs, floorOf.max(theirs));
  }

  /** The lowest limit that Chase chooses, rounded up to the driver's own step. */
  Watts floor(double ratio) {
    return Watts.ofMilliwatts((long) Math.ceil(floorOf.value() * ratio * 1000 - 1e-6));
  }
}
