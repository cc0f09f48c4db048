package chase.daemon.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chase.daemon.config.ChaseConfig;
import chase.daemon.fixtures.FakeGpu;
import chase.daemon.fixtures.FakeGpus;
import chase.daemon.gpu.journal.StateException;
import chase.daemon.gpu.journal.StatePaths;
import chase.zeus.gpu.GpuId;
import chase.zeus.unit.Watts;
import chase.zeus.writes.WriteBounds;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The locks of two daemons and of {@code chase restore}. */
class LockedJournalsTest {
  private static final InstantSource CLOCK = InstantSource.system();
  private static final String OTHER =
      "another Chase (process %s) sets the limits of this host's GPUs and holds "
          .formatted(ProcessHandle.current().pid());

  @TempDir Path directory;

  private Path lock() {
    return directory.resolve("run/gpus.lock");
  }

  private StatePaths state(String name, Path lock) {
    return new StatePaths(directory.resolve(name), Optional.empty(), Optional.of(lock));
  }

  private LockedJournals daemon(String state) throws StateException {
    return LockedJournals.openForDaemon(state(state, lock()), CLOCK);
  }

  private String restore(StatePaths paths) throws StateException {
    StringWriter out = new StringWriter();
    LockedJournals.restoreWithoutDaemon(
        paths,
        () -> new FakeGpus(List.of(new FakeGpu(0))),
        Duration.ofSeconds(1),
        WriteBounds.DEFAULT_RAISE_WATTS_PER_SECOND,
        CLOCK,
        new PrintWriter(out, true));
    return out.toString();
  }

  @Test
  void aSecondChaseWithAnotherStateDirectoryIsRefusedAndTheFirstIsNamed() throws Exception {
    LockedJournals first = daemon("first");
    assertThatThrownBy(() -> daemon("second"))
        .isInstanceOfSatisfying(StateException.class, e -> assertThat(e.isTemporary()).isTrue())
        .hasMessageStartingWith(OTHER + lock());
    first.close();
    daemon("second").close();
  }

  @Test
  void aDaemonThatIsRefusedLeavesNoLockBehind() throws Exception {
    LockedJournals first = daemon("first");
    assertThatThrownBy(() -> daemon("second")).isInstanceOf(StateException.class);
    LockedJournals.openForDaemon(StatePaths.of(directory.resolve("second")), CLOCK).close();
    assertThatThrownBy(() -> daemon("first")).hasMessageStartingWith(OTHER);
    first.close();
    LockedJournals same = LockedJournals.openForDaemon(state("first", lock()), CLOCK);
    same.close();
  }

  @Test
  void onlyItsOwnerMayUseTheLock() throws Exception {
    daemon("first").close();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(lock())))
        .isEqualTo("rw-------");
    assertThat(lock()).hasContent(Long.toString(ProcessHandle.current().pid()));
  }

  @Test
  void restoreKeepsItsHandsOffGpusThatARunningDaemonHas() throws Exception {
    Files.createDirectories(directory.resolve("second"));
    LockedJournals first = daemon("first");
    assertThatThrownBy(() -> restore(state("second", lock()))).hasMessageStartingWith(OTHER);
    first.close();
    assertThat(restore(state("second", lock()))).startsWith("nothing to restore");
  }

  @Test
  void restoreNeedsNoLockThatNoDaemonMade() throws Exception {
    Files.createDirectories(directory.resolve("second"));
    assertThat(restore(state("second", lock()))).startsWith("nothing to restore");
    assertThat(lock()).doesNotExist();
  }

  @Test
  void aDaemonThatCanKeepNoOtherAwayOnlyObserves() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    LockedJournals observer =
        LockedJournals.openForDaemon(state("first", file.resolve("gpus.lock")), CLOCK);
    assertThat(observer.unwritable().orElseThrow())
        .startsWith("cannot lock " + file.resolve("gpus.lock") + ": ")
        .contains("another Chase could set the same GPUs' limits");
    assertThatThrownBy(() ->
            observer
                .journals()
                .limits()
                .intend(new GpuId("GPU-0"), "Card", new Watts(400), new Watts(300)))
        .message()
        .startsWith("cannot lock " + file.resolve("gpus.lock") + ": ")
        .endsWith(
            " when Chase started, so that another Chase could set the same GPUs' limits;"
                + " once it can, Chase needs a restart");
    observer.close();
  }

  @Test
  void aLinkIsNoLock() throws IOException, StateException {
    Path elsewhere = Files.writeString(directory.resolve("elsewhere"), "precious");
    Files.createDirectories(lock().getParent());
    Files.createSymbolicLink(lock(), elsewhere);
    LockedJournals observer = daemon("first");
    assertThat(observer.unwritable().orElseThrow()).startsWith("cannot lock ");
    assertThat(elsewhere).hasContent("precious");
    observer.close();
  }

  @Test
  void onlyTheDriversOwnGpusNeedALock() throws Exception {
    assertThat(lockOf("{}")).contains(Path.of("/run/chase/gpus.lock"));
    assertThat(lockOf("{library: /usr/lib/x86_64-linux-gnu/libnvidia-ml.so.1}"))
        .contains(Path.of("/run/chase/gpus.lock"));
    assertThat(lockOf("{backend: simulated}")).isEmpty();
  }

  @Test
  void aLibraryThatIsTriedInATemporaryDirectoryNeedsNoLock() throws Exception {
    Files.writeString(directory.resolve("libnvidia-ml.so.1"), "a driver for tests");
    assertThat(lockOf("{library: libnvidia-ml.so.1}")).isEmpty();
    Path elsewhere = Path.of("/proc/self/maps");
    Files.createSymbolicLink(directory.resolve("link.so"), elsewhere);
    assertThat(lockOf("{library: link.so}")).contains(Path.of("/run/chase/gpus.lock"));
  }

  private Optional<Path> lockOf(String gpu) throws Exception {
    return LockedJournals.paths(
            ChaseConfig.parse("chase.yaml", "gpu: " + gpu + "\n", directory, Map.of()))
        .gpuLock();
  }
}
