package chase.daemon.cli;

/** A command cannot be done; the message is the line that the user sees. */
public final class CommandException extends RuntimeException {
  private final int exitCode;

  /** One that ends the command with {@code exitCode}. */
  public CommandException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  int exitCode() {
    return exitCode;
  }
}
