package chase.daemon.cli.run;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A program that cannot be run, in the words and with the exit code of a shell.
 *
 * @param exitCode 127 where it is not there, 126 where it may not be run
 * @param message one line that names it
 */
public record ProgramFault(int exitCode, String message) {
  private static final int NOT_FOUND = 127;
  private static final int NOT_EXECUTABLE = 126;

  /**
   * What is wrong with the program {@code name}; empty where it can be run. Looks at the disk.
   *
   * @param path where programs are looked for, as the variable {@code PATH} has it
   */
  public static Optional<ProgramFault> of(String name, String path) {
    try {
      if (name.contains("/")) {
        return of(name, Path.of(name));
      }
      Optional<ProgramFault> found =
          Optional.of(new ProgramFault(NOT_FOUND, name + ": command not found"));
      for (String folder : path.split(":", -1)) {
        Path file = Path.of(folder).resolve(name);
        if (Files.isRegularFile(file)) {
          if (Files.isExecutable(file)) {
            return Optional.empty();
          }
          found = Optional.of(new ProgramFault(NOT_EXECUTABLE, file + ": permission denied"));
        }
      }
      return found;
    } catch (InvalidPathException e) {
      return Optional.of(new ProgramFault(NOT_FOUND, "'" + name + "': command not found"));
    }
  }

  private static Optional<ProgramFault> of(String name, Path file) {
    if (Files.isDirectory(file)) {
      return Optional.of(new ProgramFault(NOT_EXECUTABLE, name + ": is a directory"));
    }
    if (!Files.exists(file)) {
      return Optional.of(new ProgramFault(NOT_FOUND, name + ": no such file"));
    }
    return Files.isExecutable(file)
        ? Optional.empty()
        : Optional.of(new ProgramFault(NOT_EXECUTABLE, name + ": permission denied"));
  }
}
