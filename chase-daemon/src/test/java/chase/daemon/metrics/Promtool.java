package chase.daemon.metrics;

import static org.assertj.core.api.Assertions.fail;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Prometheus's own linter, where this machine has it. */
final class Promtool {
  private Promtool() {}

  /**
   * Leaves the test aside on a machine without promtool, unless {@code CHASE_REQUIRE_PROMTOOL} says
   * that it must be there.
   */
  static void assumeThere() {
    if (!onPath() && System.getenv("CHASE_REQUIRE_PROMTOOL") != null) {
      fail("promtool is not on the PATH (Debian: apt-get install prometheus)");
    }
    Assumptions.assumeTrue(onPath(), "promtool is not on the PATH");
  }

  /** What {@code promtool check metrics} complains about in {@code page}; empty when nothing. */
  static String check(Path page) throws IOException, InterruptedException {
    Process promtool =
        new ProcessBuilder("promtool", "check", "metrics")
            .redirectInput(page.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exit = promtool.waitFor();
    return exit == 0 ? said : "exit " + exit + ": " + said;
  }

  private static boolean onPath() {
    for (String dir : System.getenv("PATH").split(File.pathSeparator, -1)) {
      if (Files.isExecutable(Path.of(dir, "promtool"))) {
        return true;
      }
    }
    return false;
  }
}
