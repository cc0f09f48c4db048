package chase.zeus.gpu;

/**
 * Settings of a GPU that Chase changes only when a user requests it explicitly, never
 * automatically. A driver does not report locked clocks, so unlocking restores the GPU's own
 * clocks, even if another program had locked them.
 */
public interface GpuSettings {
  /**
   * Whether the driver stays loaded without clients.
   *
   * @throws GpuException when the GPU does not report it
   */
  boolean persistenceMode() throws GpuException;

  /**
   * Sets whether the driver stays loaded without clients.
   *
   * @throws GpuException of kind {@link GpuException.Kind#REFUSED} when the permission is missing,
   *     or the GPU has no such setting
   */
  void persistenceMode(boolean on) throws GpuException;

  /**
   * Locks a clock to {@code range}, or as close to it as power and temperature allow.
   *
   * @throws GpuException of kind {@link GpuException.Kind#REFUSED} when the GPU does not accept the
   *     range, the permission is missing, or the GPU has no such setting
   */
  void lockClocks(ClockDomain domain, ClockRange range) throws GpuException;

  /**
   * Unlocks a clock: the GPU chooses it again.
   *
   * @throws GpuException of kind {@link GpuException.Kind#REFUSED} when the permission is missing,
   *     or the GPU has no such setting
   */
  void unlockClocks(ClockDomain domain) throws GpuException;

  /** A part of a GPU with a clock of its own. */
  public enum ClockDomain {
    /** The graphics and SM clock. */
    GPU,
    /** The memory clock. */
    MEMORY
  }

  /**
   * The clocks that a GPU may run at, both ends included.
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
