package chase.zeus.gpu;

/**
 * What Chase turns on a card only when a user asks for it by name, and never by itself. A driver
 * tells no locked clocks, so that unlocking means the card's own, whoever had locked them.
 */
public interface GpuSettings {
  /**
   * Whether the driver stays loaded without clients.
   *
   * @throws GpuException when the card does not tell
   */
  boolean persistenceMode() throws GpuException;

  /**
   * Sets whether the driver stays loaded without clients.
   *
   * @throws GpuException of kind {@link GpuException.Kind#REFUSED} when the right is missing, or
   *     the card has no such knob
   */
  void persistenceMode(boolean on) throws GpuException;

  /**
   * Keeps a clock within {@code range}, or as near to it as power and heat allow.
   *
   * @throws GpuException of kind {@link GpuException.Kind#REFUSED} when the card does not accept
   *     the range, the right is missing, or the card has no such knob
   */
  void lockClocks(ClockDomain domain, ClockRange range) throws GpuException;

  /**
   * Lets the card choose a clock again.
   *
   * @throws GpuException of kind {@link GpuException.Kind#REFUSED} when the right is missing, or
   *     the card has no such knob
   */
  void unlockClocks(ClockDomain domain) throws GpuException;

  /** A part of a card with a clock of its own. */
  public enum ClockDomain {
    /** The graphics and SM clock. */
    GPU,
    /** The memory clock. */
    MEMORY
  }

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
}
