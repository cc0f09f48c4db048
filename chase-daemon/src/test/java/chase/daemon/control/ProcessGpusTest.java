package chase.daemon.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chase.daemon.fixtures.FakeProcess;
import chase.daemon.fixtures.TestDaemon;
import chase.daemon.fixtures.TestPeers;
import chase.daemon.host.HostProcess;
import chase.daemon.host.ProcessTable;
import chase.daemon.host.SocketPeer;
import chase.zeus.gpu.GpuId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host on which a shell (100) runs a launcher (200) that has two workers (201, 202). */
class ProcessGpusTest {
  private static final GpuId FIRST = new GpuId("GPU-a");
  private static final GpuId SECOND = new GpuId("GPU-b");

  @TempDir private Path proc;
  private String user = "";

  @BeforeEach
  void aHost() throws IOException {
    user = Files.getOwner(proc).getName();
    Files.writeString(proc.resolve("stat"), "btime 1700000000\n");
    process(1, 0, 1);
    process(100, 1, 100);
    process(200, 100, 100);
    process(201, 200, 201);
    process(202, 200, 202);
    process(300, 100, 100);
  }

  private void process(long pid, long parent, long session, long... insideIds) throws IOException {
    Path folder = Files.createDirectories(proc.resolve(Long.toString(pid)));
    Files.writeString(
        folder.resolve("stat"),
        String.format(
            Locale.ROOT,
            "%d (python) S %d %d %d %s 6000",
            pid,
            parent,
            pid,
            session,
            "0 ".repeat(14)));
    Files.writeString(folder.resolve("cmdline"), "python\0train.py\0");
    String ids = Arrays.stream(insideIds).mapToObj(id -> "\t" + id).collect(Collectors.joining());
    Files.writeString(folder.resolve("status"), "Name:\tpython\nNSpid:\t" + pid + ids + "\n");
  }

  private ProcessGpus computing(Map<GpuId, Long> pids) {
    return new ProcessGpus(
        new ProcessTable(proc),
        pids.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, e -> List.of(process(e.getValue())))));
  }

  private static HostProcess process(long pid) {
    return new HostProcess(pid, "ann", "python", Duration.ofSeconds(60), TestDaemon.NOON);
  }

  private Optional<SocketPeer> peer(long pid) {
    return Optional.of(TestPeers.of(user, new FakeProcess(pid, true)));
  }

  @Test
  void aLauncherHasTheGpusOfAllItsWorkersThoughTheyHaveSessionsOfTheirOwn() {
    ProcessGpus.JobOwner found = computing(Map.of(SECOND, 202L, FIRST, 201L)).of(200, peer(201));
    assertThat(found.gpus()).containsExactly(FIRST, SECOND);
    assertThat(found.user()).contains(user);
  }

  @Test
  void aWorkerHasItsOwnGpuAlone() {
    assertThat(computing(Map.of(FIRST, 201L, SECOND, 202L)).of(202, peer(202)).gpus())
        .containsExactly(SECOND);
  }

  @Test
  void aProcessThatDoesNotComputeHasWhatItsNearestParentOfTheSameSessionHas() {
    assertThat(computing(Map.of(FIRST, 100L)).of(300, peer(300)).gpus()).containsExactly(FIRST);
    assertThatThrownBy(() -> computing(Map.of(FIRST, 200L)).of(300, peer(300)))
        .hasMessageContaining("no GPU shows process 300");
    assertThatThrownBy(() -> computing(Map.of(FIRST, 200L)).of(201, peer(201)))
        .hasMessageContaining("no GPU shows process 201");
  }

  @Test
  void aProcessOfAnotherUserMayOnlyBeNamedByRoot() {
    ProcessGpus gpus = computing(Map.of(FIRST, 201L));
    SocketPeer stranger = TestPeers.of("mallory", new FakeProcess(300, true));
    assertThatThrownBy(() -> gpus.of(201, Optional.of(stranger)))
        .hasMessage("field 'pid': process 201 is another user's");
    SocketPeer root = TestPeers.of("root", new FakeProcess(300, true));
    assertThat(gpus.of(201, Optional.of(root)).gpus()).containsExactly(FIRST);
  }

  @Test
  void aLaterProcessWithTheSameIdIsNotTakenForTheClient() {
    SocketPeer gone = TestPeers.of(user, new FakeProcess(201, false));
    assertThatThrownBy(() -> computing(Map.of(FIRST, 201L)).of(201, Optional.of(gone)))
        .hasMessage("the process that opened this connection has ended: connect anew");
  }

  @Test
  void theFirstProcessIsInNoJob() {
    assertThatThrownBy(() -> computing(Map.of(FIRST, 201L)).of(1, peer(1)))
        .hasMessage("field 'pid': there is no process 1 to be seen");
  }

  @Test
  void aContainersProcessesAreNamedAsTheyAreCalledInThere() throws IOException {
    process(4000, 1, 4000, 1);
    process(4100, 4000, 4000, 7);
    ProcessGpus gpus = computing(Map.of(FIRST, 4100L, SECOND, 201L));
    assertThat(gpus.of(7, peer(4100)).gpus()).containsExactly(FIRST);
    assertThatThrownBy(() -> gpus.of(201, peer(4100)))
        .hasMessageStartingWith("field 'pid': in a container only the calling process");
  }
}
