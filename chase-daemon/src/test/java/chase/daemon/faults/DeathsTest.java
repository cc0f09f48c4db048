package chase.daemon.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The deaths of a real daemon beside SIGTERM and SIGKILL, which others try. */
class DeathsTest {
  private static final int SIGABRT = 134;
  private static final int SIGINT = 130;
  private static final int CRASHED = 70;

  @TempDir Path directory;
  private DyingHost host;
  private Optional<Process> running = Optional.empty();

  @BeforeEach
  void prepare() throws Exception {
    host = new DyingHost(directory, new Random(FaultTable.seed()));
    host.renew();
  }

  @AfterEach
  void leaveNoProcess() throws Exception {
    if (running.isPresent()) {
      running.get().destroyForcibly().waitFor(30, TimeUnit.SECONDS);
    }
  }

  private Process daemon() {
    return running.orElseThrow();
  }

  /** A lowering daemon that gets {@code signal}: its exit code. */
  private int endAfter(String signal) throws Exception {
    // Where tests run in the background a shell has had them ignore SIGINT.
    running =
        Optional.of(
            host.daemon(
                DaemonImage.ofTests(),
                List.of(
                    "env", "--default-signal=INT", "sh", "-c", "ulimit -c 0; exec \"$@\"", "sh"),
                Map.of()));
    host.awaitLowered();
    new ProcessBuilder("kill", "-" + signal, Long.toString(daemon().pid())).start().waitFor();
    return end();
  }

  private int end() throws Exception {
    assertThat(daemon().waitFor(60, TimeUnit.SECONDS)).isTrue();
    return daemon().exitValue();
  }

  @Test
  void anInterruptedDaemonRestoresEveryLimit() throws Exception {
    assertThat(endAfter("INT")).isEqualTo(SIGINT);
    assertThat(host.requested()).isEqualTo(host.originals());
  }

  /** As systemd does when the watchdog starves, and then runs {@code chase restore}. */
  @Test
  void afterTheWatchdogsAbortTheCommandRestoresEveryLimit() throws Exception {
    assertThat(endAfter("ABRT")).isEqualTo(SIGABRT);
    assertThat(host.requested()).isNotEqualTo(host.originals());
    assertThat(host.restore(DaemonImage.ofTests())).isTrue();
    assertThat(host.requested()).isEqualTo(host.originals());
  }

  @Test
  void anExceptionThatNoVerticleExpectsEndsTheDaemonWithEveryLimitBack() throws Exception {
    running =
        Optional.of(host.daemon(DaemonImage.ofTests("chase.daemon.CrashingDaemon"), Map.of()));
    assertThat(end()).isEqualTo(CRASHED);
    assertThat(host.requested()).isEqualTo(host.originals());
    assertThat(host.driver().log()).isNotEmpty();
    assertThat(Files.readString(host.log())).contains("nobody expects this");
  }
}
