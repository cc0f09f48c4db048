package chase.daemon.text;

/** How important a line of the log must be to be written, from the most talkative on. */
public enum LogLevel {
  /** Everything, also what only helps to find a fault. */
  DEBUG,
  /** What Chase does. */
  INFO,
  /** What somebody should look at. */
  WARNING,
  /** What went wrong in Chase itself. */
  ERROR
}
