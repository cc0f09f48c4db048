package chase.daemon.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real daemon whose state directory is a file system of its own, mounted for that process alone:
 * while it cannot be written, no limit is set.
 */
class FullDiskTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;
  private DyingHost host;
  private Optional<Process> running = Optional.empty();

  @BeforeEach
  void prepare() throws Exception {
    assumeTrue(mayMount(), "mounting takes root and a mount namespace");
    host = new DyingHost(directory, new Random(FaultTable.seed()));
    host.renew();
  }

  private static boolean mayMount() throws Exception {
    Process unshare =
        new ProcessBuilder("unshare", "-m", "sh", "-c", "mount -t tmpfs none /mnt")
            .redirectErrorStream(true)
            .start();
    unshare.getInputStream().readAllBytes();
    return unshare.waitFor() == 0;
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

  /** The daemon on a state directory that {@code prepared} makes of a fresh file system. */
  private void start(String prepared) throws Exception {
    Path state = Files.createDirectories(host.state());
    running =
        Optional.of(
            host.daemon(
                DaemonImage.ofTests(),
                List.of(
                    "unshare",
                    "-m",
                    "sh",
                    "-c",
                    "mount -t tmpfs -o size=256k none "
                        + state
                        + " && "
                        + prepared
                        + "; exec \"$@\"",
                    "sh"),
                Map.of()));
    await()
        .atMost(PATIENCE)
        .until(() -> !daemon().isAlive() || Files.exists(directory.resolve("chase.sock")));
  }

  /** What the daemon sees at {@code path}. */
  private Path seen(Path path) {
    return Path.of("/proc/" + daemon().pid() + "/root" + path);
  }

  private String log() throws Exception {
    return Files.readString(host.log());
  }

  private void awaitObserving() {
    await().atMost(PATIENCE).until(() -> host.gpus().contains("\"reason\":\"retrying\""));
    assertThat(host.requested()).isEqualTo(host.originals());
    assertThat(host.driver().log()).isEmpty();
  }

  @Test
  void onAFullDiskChaseObservesUntilThereIsRoom() throws Exception {
    start("dd if=/dev/zero of=" + host.state() + "/ballast bs=1k 2>/dev/null");
    awaitObserving();
    assertThat(log()).contains("Chase only observes until it can be written");

    Files.delete(seen(host.state().resolve("ballast")));
    host.awaitLowered();
    daemon().destroy();
    assertThat(daemon().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(host.requested()).isEqualTo(host.originals());
  }

  @Test
  void onAReadOnlyDiskChaseObservesUntilARestart() throws Exception {
    start("mount -o remount,ro " + host.state());
    awaitObserving();
    assertThat(log())
        .contains("Chase only observes until it can be written")
        .contains("Read-only file system when Chase started, which needs a restart");

    daemon().destroy();
    assertThat(daemon().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(daemon().exitValue()).isEqualTo(143);
    assertThat(host.driver().log()).isEmpty();
  }
}
