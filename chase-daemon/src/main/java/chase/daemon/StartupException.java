package chase.daemon;

import chase.daemon.config.ConfigException;
import chase.daemon.gpu.journal.StateException;

/** The daemon cannot start; the message is one line that names the offending thing. */
public final class StartupException extends Exception {
  private final boolean temporary;

  private StartupException(String message, boolean passing) {
    super(message);
    this.temporary = passing;
  }

  /** A failure that only a person can mend: the same start would fail again. */
  public static StartupException permanent(String message) {
    return new StartupException(message, false);
  }

  /** A failure that may pass: the same start may succeed later. */
  public static StartupException temporary(String message) {
    return new StartupException(message, true);
  }

  /** A failure of the state directory. */
  static StartupException of(StateException failure) {
    return new StartupException(String.valueOf(failure.getMessage()), failure.isTemporary());
  }

  /** A failure of the configuration. */
  static StartupException of(ConfigException failure) {
    return new StartupException(
        String.valueOf(failure.getMessage()), failure instanceof ConfigException.Transient);
  }

  /** Whether the same start may succeed later. */
  public boolean isTemporary() {
    return temporary;
  }
}
