package chase.daemon.cli.simulate;

import chase.daemon.cli.ChaseCommand;
import chase.daemon.cli.view.ColumnChoice;
import chase.daemon.cli.view.TextLayout;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What the user of a command gave: options, files, and the terminal that shows the answer. */
final class CommandInput {
  private CommandInput() {}

  /**
   * The result of {@code work}. What it refuses is the user's input, and it names the offending
   * part: {@code command} ends as wrongly used.
   */
  static <T> T orUsageError(CommandSpec command, Supplier<T> work) {
    try {
      return work.get();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()));
    }
  }

  /** How the answer of {@code command} is laid out. */
  static TextLayout layout(CommandSpec command) {
    return TextLayout.of(ChaseCommand.terminal(command), ColumnChoice.usual(), true);
  }

  /**
   * The text of {@code file}.
   *
   * @throws IllegalArgumentException that names the file and why it cannot be read
   */
  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(file + ": no such file", e);
    } catch (AccessDeniedException e) {
      throw new IllegalArgumentException(file + ": no permission to read it", e);
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(file + ": not UTF-8 text", e);
    } catch (IOException e) {
      throw new IllegalArgumentException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }
}
