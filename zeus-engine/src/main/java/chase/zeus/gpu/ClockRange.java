package chase.zeus.gpu;

/**
 * The clocks that a card may run at, both ends included.
 *
 * @param minMegahertz the lowest
 * @param maxMegahertz the highest
 */
public record ClockRange(int minMegahertz, int maxMegahertz) {
  /** Refuses an empty range, and clocks below 0, with {@link IllegalArgumentException}. */
  public ClockRange {
    if (minMegahertz < 0 || minMegahertz > maxMegahertz) {
      throw new IllegalArgumentException(
          "no range of clocks: " + minMegahertz + " MHz to " + maxMegahertz + " MHz");
    }
  }

  /** Such as {@code 900 MHz to 1400 MHz}. */
  @Override
  public String toString() {
    return minMegahertz + " MHz to " + maxMegahertz + " MHz";
  }
}
