package chase.daemon.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import chase.daemon.fixtures.Repository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * {@code install.sh --uninstall} on this host as it is seen by one process alone, with a {@code
 * chase} whose restore ends as the test wants.
 */
class UninstallTest {
  /** What the script removes lies on layers that end with the process. */
  private static final String ON_LAYERS =
      """
      mount -t tmpfs none /mnt && mkdir /mnt/upper /mnt/work &&
        mount -t overlay overlay -o lowerdir=/usr,upperdir=/mnt/upper,workdir=/mnt/work /usr &&
        mount -t tmpfs none /run || exit 99
      mkdir -p /usr/lib/chase
      printf '#!/bin/sh\\necho "ran: $*"; exit %s\\n' "$1" > /usr/bin/chase
      chmod +x /usr/bin/chase
      "$2/systemd/install.sh" --uninstall
      echo "exit $?"
      ls -d /usr/bin/chase /usr/lib/chase 2>/dev/null
      exit 0
      """;

  /** What the script and a listing of what is left print. */
  private static String uninstall(int restoreEndsWith) throws IOException, InterruptedException {
    Process shell =
        new ProcessBuilder(
                "unshare",
                "-m",
                "sh",
                "-c",
                ON_LAYERS,
                "sh",
                Integer.toString(restoreEndsWith),
                Repository.root().toString())
            .redirectErrorStream(true)
            .start();
    String printed = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exit = shell.waitFor();
    assumeTrue(exit == 0, "mounting takes root and a mount namespace: " + printed);
    return printed;
  }

  @Test
  void nothingIsRemovedWhileALimitIsLeft() throws Exception {
    assertThat(uninstall(1).lines())
        .contains("ran: restore", "exit 1", "/usr/bin/chase", "/usr/lib/chase")
        .anyMatch(line -> line.contains("not every limit is back"));
  }

  @Test
  void whereEverythingIsRestoredChaseGoes() throws Exception {
    assertThat(uninstall(0).lines())
        .contains("ran: restore", "exit 0")
        .doesNotContain("/usr/bin/chase", "/usr/lib/chase");
  }

  @Test
  void afterEveryEndOfTheServiceTheLimitsAreRestored() {
    assertThat(Repository.text(Repository.root().resolve("systemd/chased.service")))
        .containsPattern(Pattern.compile("(?m)^ExecStopPost=/usr/bin/chase restore$"));
  }
}
