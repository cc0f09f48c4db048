package chase.zeus.gpu;

/** A part of a card with a clock of its own. */
public enum ClockDomain {
  /** The graphics and SM clock. */
  GPU,
  /** The memory clock. */
  MEMORY
}
