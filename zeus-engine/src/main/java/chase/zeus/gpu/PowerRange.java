package chase.zeus.gpu;

import chase.zeus.unit.Watts;

/**
 * The limits that a GPU accepts, both ends included.
 *
 * @param min the lowest limit
 * @param max the highest limit
 */
public record PowerRange(Watts min, Watts max) {
  /** Refuses an empty range with {@link IllegalArgumentException}. */
  public PowerRange {
    if (min.compareTo(max) > 0) {
      throw new IllegalArgumentException("power range is upside down: " + min + " to " + max);
    }
  }

  /** Whether the GPU would accept {@code limit}. */
  public boolean contains(Watts limit) {
    return limit.compareTo(min) >= 0 && limit.compareTo(max) <= 0;
  }

  /** The limit of this range that is nearest to {@code limit}. */
  public Watts clamp(Watts limit) {
    return limit.max(min).min(max);
  }

  /** Such as {@code 100 W to 300 W}. */
  @Override
  public String toString() {
    return min + " to " + max;
  }
}
