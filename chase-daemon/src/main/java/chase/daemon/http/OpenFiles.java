package chase.daemon.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How many files and connections the system lets this process have open. */
final class OpenFiles {
  private static final Path LIMITS = Path.of("/proc/self/limits");
  private static final String LINE = "Max open files";

  private OpenFiles() {}

  /** As the system says now; without end where it does not say. */
  static long max() {
    try {
      return max(Files.readAllLines(LIMITS));
    } catch (IOException e) {
      return Long.MAX_VALUE;
    }
  }

  /** Of the lines of {@code limits}, see proc(5): a name, the soft limit and the hard one. */
  static long max(List<String> limits) {
    return limits.stream()
        .filter(line -> line.startsWith(LINE))
        .map(line -> line.substring(LINE.length()).strip().split("\\s+", 2)[0])
        .filter(soft -> soft.matches("[0-9]{1,18}"))
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElse(Long.MAX_VALUE);
  }
}
