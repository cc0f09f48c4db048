package chase.zeus.gpu.nvml;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** C sources of the tests, compiled by gcc and run. */
final class CompiledC {
  private static final List<String> STRICT = List.of("-O1", "-Wall", "-Wextra", "-Werror");
  private static final List<String> LIBRARIES = List.of("-lm", "-lpthread");

  private CompiledC() {}

  /** Compiles {@code source} to {@code target}; any warning is an error. */
  static void compile(Path source, Path target, List<String> macros, String... options) {
    List<String> command = new ArrayList<>(List.of("gcc"));
    command.addAll(STRICT);
    command.addAll(List.of(options));
    command.addAll(macros);
    command.addAll(List.of("-o", target.toString(), source.toString()));
    command.addAll(LIBRARIES);
    run(command, "gcc not found: the fake NVML driver is compiled when tests run, install gcc");
  }

  /**
   * What {@code command} prints.
   *
   * @param missing the message where its program is not there
   * @throws IllegalStateException with what it printed, when it fails
   */
  static String run(List<String> command, String missing) {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new IllegalStateException(missing, e);
    }
    try (InputStream output = process.getInputStream()) {
      String text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(String.join(" ", command) + ": " + text.strip());
      }
      return text;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + command.getFirst(), e);
    }
  }
}
