package chase.carbon.history;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Replaces and moves files so that a crash leaves the old one or the new one, never half. */
final class SafeFile {
  private static final String DAMAGED = ".damaged";

  private SafeFile() {}

  /** Replaces the contents; on the disk once this returns. */
  static void write(Path path, Iterable<String> lines) throws IOException {
    StringBuilder text = new StringBuilder();
    for (String line : lines) {
      text.append(line).append('\n');
    }
    new AtomicFile(path).write(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Moves a damaged file to a name beside it that was free, and tells that name. */
  static Path moveAside(Path path) throws IOException {
    return Files.move(path, free(path));
  }

  /**
   * Gives a damaged file, which is about to be replaced, such a name besides its own; that needs no
   * room on the disk.
   */
  static Path keepAside(Path path) throws IOException {
    return Files.createLink(free(path), path);
  }

  private static Path free(Path path) {
    for (int i = 0; ; i++) {
      String ending = i == 0 ? DAMAGED : DAMAGED + "." + i;
      Path aside = path.resolveSibling(path.getFileName() + ending);
      if (!Files.exists(aside)) {
        return aside;
      }
    }
  }
}
