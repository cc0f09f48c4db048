package chase.daemon.cli.simulate;

import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What the libraries refuse is the user's input, and they name the offending thing. */
final class CommandInput {
  private CommandInput() {}

  /** The answer to {@code question}; what it refuses ends {@code command} with its usage. */
  static <T> T orUsageError(CommandSpec command, Supplier<T> question) {
    try {
      return question.get();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()));
    }
  }
}
