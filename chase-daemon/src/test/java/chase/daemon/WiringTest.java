package chase.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import chase.daemon.config.ChaseConfig;
import chase.daemon.events.Notification;
import chase.daemon.fixtures.FakeGpu;
import chase.daemon.fixtures.FakeGpus;
import chase.daemon.gpu.GpuBackend;
import chase.daemon.gpu.LockedJournals;
import chase.daemon.gpu.journal.StateException;
import chase.daemon.gpu.journal.StatePaths;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuException.Kind;
import chase.zeus.gpu.Gpus;
import chase.zeus.unit.Watts;
import chase.zeus.writes.WriteBounds;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WiringTest {
  private static final InstantSource CLOCK = InstantSource.system();
  private static final Watts FOUND = new Watts(400);

  @TempDir Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final FakeGpu gpu = new FakeGpu(0);
  private final FakeGpu other = new FakeGpu(1);
  private final FakeGpus gpus = new FakeGpus(List.of(gpu, other));

  @AfterEach
  void stop() throws Exception {
    gpu.release();
    vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private Path state() {
    return directory.resolve("state");
  }

  private ChaseConfig config(String more) throws Exception {
    // The tests have GPUs of their own, and so keep away from the lock of this host's.
    Path library = directory.resolve("libnvidia-ml.so.1");
    Files.writeString(library, "");
    String text =
        """
        policy: fixed:250
        state-directory: state
        gpu: {library: %s, telemetry-period: 100ms, call-deadline: 500ms, minimum-dwell: 0s}
        """
            .formatted(library);
    return ChaseConfig.parse(
        "chase.yaml", text + more, directory, Map.of("CHASE_SOCKET", socket()));
  }

  /** Beside it is the journals' second place, which must be none of this host's. */
  private String socket() {
    return directory.resolve("chase.sock").toString();
  }

  private RunningDaemon start(String more) throws Exception {
    return RunningDaemon.start(vertx, config(more), () -> gpus, CLOCK);
  }

  private RunningDaemon startAndLower() throws Exception {
    RunningDaemon daemon = start("");
    await().until(() -> bothAt(250));
    return daemon;
  }

  private boolean bothAt(double watts) {
    return gpu.requested().equals(new Watts(watts)) && other.requested().equals(new Watts(watts));
  }

  private String restore(boolean expected) throws Exception {
    StringWriter out = new StringWriter();
    boolean complete =
        LockedJournals.restoreWithoutDaemon(
            StatePaths.of(state()),
            () -> gpus,
            Duration.ofMillis(500),
            WriteBounds.DEFAULT_RAISE_WATTS_PER_SECOND,
            CLOCK,
            new PrintWriter(out, true));
    assertThat(complete).isEqualTo(expected);
    return out.toString();
  }

  @Test
  void theDaemonSetsLimitsAndPutsThemBackWhenItGoes() throws Exception {
    RunningDaemon daemon = startAndLower();
    assertThat(daemon.grid().provider()).isEqualTo("none");
    daemon.close();
    assertThat(bothAt(400)).isTrue();
    assertThat(gpus.closed()).isTrue();
    assertThat(restore(true)).isEqualTo("nothing to restore" + System.lineSeparator());
  }

  @Test
  void restoreIsRefusedWhileADaemonRuns() throws Exception {
    RunningDaemon daemon = startAndLower();
    assertThatThrownBy(() -> restore(true))
        .isInstanceOf(StateException.class)
        .hasMessage(
            String.format(
                Locale.ROOT,
                "a running Chase daemon (process %d) uses the state directory %s",
                ProcessHandle.current().pid(),
                state()));
    assertThat(bothAt(250)).isTrue();
    daemon.close();
  }

  @Test
  void aSecondDaemonIsRefusedAndDisturbsNothing() throws Exception {
    RunningDaemon daemon = startAndLower();
    assertThatThrownBy(() -> start("")).isInstanceOf(StateException.class);
    assertThat(bothAt(250)).isTrue();
    daemon.close();
  }

  @Test
  void theNextStartPutsBackWhatADeadDaemonLeft() throws Exception {
    leaveBehind(250);
    RunningDaemon daemon = start("mode: control\n");
    assertThat(daemon.snapshot().gpus())
        .allSatisfy(view -> assertThat(view.original()).contains(FOUND));
    daemon.close();
    assertThat(bothAt(400)).isTrue();
  }

  @Test
  void restorePutsBackWhatADeadDaemonLeft() throws Exception {
    leaveBehind(250);
    assertThat(restore(true).lines())
        .containsExactlyInAnyOrder(
            "GPU 0 (GPU-0) is back from 250 W to 400 W",
            "GPU 1 (GPU-1) is back from 250 W to 400 W");
    assertThat(bothAt(400)).isTrue();
  }

  @Test
  void restoreThatFailsPrintsThatAndKeepsTheRecord() throws Exception {
    leaveBehind(250);
    gpu.failWrites(Optional.of(Kind.REFUSED));
    assertThat(restore(false)).contains("GPU 0 (GPU-0) could not be set back to 400 W");
    gpu.failWrites(Optional.empty());
    assertThat(restore(true)).contains("GPU 0 (GPU-0) is back");
  }

  @Test
  void restoreWithoutAStateDirectoryHasNothingToDo() throws Exception {
    assertThat(restore(true)).startsWith("nothing to restore: ");
    assertThat(state()).doesNotExist();
  }

  /** What a daemon that was killed leaves: its journal and its limits. */
  private void leaveBehind(double watts) throws Exception {
    Vertx itsOwn = Vertx.vertx();
    RunningDaemon daemon = RunningDaemon.start(itsOwn, config(""), () -> gpus, CLOCK);
    await().until(() -> bothAt(250));
    String journal = Files.readString(state().resolve("limits.json"));
    daemon.close();
    itsOwn.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    Files.writeString(state().resolve("limits.json"), journal);
    gpu.externalWrite(new Watts(watts));
    other.externalWrite(new Watts(watts));
  }

  @Test
  void observingWithNothingToKeepWritesNothingAtAll() throws Exception {
    RunningDaemon daemon =
        start("mode: observe\nledger: {enabled: false}\ncontrol: {remember: 0s}\n");
    List<Notification> published = new CopyOnWriteArrayList<>();
    daemon.notifications().subscribe(published::add);
    await().until(() -> gpu.reads() > 3);
    assertThat(daemon.snapshot().gpus())
        .allSatisfy(view -> assertThat(view.target()).contains(new Watts(250)));
    daemon.close();
    assertThat(gpu.writes()).isEmpty();
    assertThat(state()).doesNotExist();
  }

  @Test
  void observingKeepsALedgerFromTheFirstRunOn() throws Exception {
    RunningDaemon daemon = start("mode: observe\n");
    await().until(() -> gpu.reads() > 3);
    daemon.close();
    assertThat(state().resolve("ledger.db")).isNotEmptyFile();
    assertThat(state().resolve("limits.json")).doesNotExist();
  }

  @Test
  void aHungGpuDoesNotKeepTheOthersFromTheirLimits() throws Exception {
    RunningDaemon daemon = startAndLower();
    gpu.hang();
    daemon.close();
    assertThat(other.requested()).isEqualTo(FOUND);
    assertThat(state().resolve("limits.json")).content().contains("GPU-0").doesNotContain("GPU-1");
    assertThatThrownBy(() -> restore(true)).hasMessageStartingWith("a running Chase daemon");
  }

  @Test
  void withoutADriverTheStartIsRefusedAndNothingHeld() throws Exception {
    GpuBackend without =
        () -> {
          throw new GpuException(Kind.REFUSED, "libnvidia-ml.so.1 not found");
        };
    assertThatThrownBy(() -> RunningDaemon.start(vertx, config(""), without, CLOCK))
        .isInstanceOf(StartupException.class)
        .hasMessage("the daemon did not start: libnvidia-ml.so.1 not found");
    assertThat(restore(true)).startsWith("nothing to restore");
  }

  @Test
  void aDriverThatIsNotThereYetIsWaitedForAndItsGpusFollow() throws Exception {
    AtomicReference<Optional<Gpus>> driver = new AtomicReference<>(Optional.empty());
    GpuBackend late =
        () -> driver.get().orElseThrow(() -> new GpuException(Kind.REOPEN, "Driver Not Loaded"));
    RunningDaemon daemon = RunningDaemon.start(vertx, config(""), late, CLOCK);
    assertThat(daemon.whyNoDriver()).contains("Driver Not Loaded");
    assertThat(daemon.snapshot().gpus()).isEmpty();
    driver.set(Optional.of(gpus));
    await().until(() -> bothAt(250));
    assertThat(daemon.whyNoDriver()).isEmpty();
    daemon.close();
    assertThat(bothAt(400)).isTrue();
  }

  @Test
  void aDriverWithoutAnyGpuIsWaitedForToo() throws Exception {
    AtomicReference<Gpus> driver = new AtomicReference<>(new FakeGpus(List.of()));
    GpuBackend empty = driver::get;
    RunningDaemon daemon = RunningDaemon.start(vertx, config(""), empty, CLOCK);
    assertThat(daemon.whyNoDriver()).contains("the driver shows no GPU");
    driver.set(gpus);
    await().until(() -> bothAt(250));
    daemon.close();
  }

  @Test
  void lostEntriesStopTheStartWhereAGpuIsBelowItsDefault() throws Exception {
    Files.createDirectories(state());
    Files.writeString(state().resolve("limits.json"), "{");
    gpu.externalWrite(new Watts(250));
    assertThatThrownBy(() -> start(""))
        .isInstanceOf(StateException.class)
        .hasMessageStartingWith(
            "every copy of the journal is damaged: " + state().resolve("limits.json"));
    assertThat(gpu.writes()).isEmpty();
    assertThat(restore(false))
        .contains(
            "GPU 0 (GPU-0) shows 250 W; Chase may have lowered its limit",
            "its default of 400 W is restored by: nvidia-smi -i GPU-0 -pl 400")
        .doesNotContain("GPU-1");
    gpu.externalWrite(FOUND);
    restore(true);
    start("").close();
  }

  @Test
  void simulatedGpusFollowAFastTrace() throws Exception {
    StringBuilder trace = new StringBuilder("time,grams_per_kwh\n");
    for (int hour = 0; hour < 24; hour++) {
      Instant at = Instant.parse("2021-01-01T00:00:00Z").plus(Duration.ofHours(hour));
      trace.append(at).append(hour % 2 == 0 ? ",600\n" : ",60\n");
    }
    Files.writeString(directory.resolve("trace.csv"), trace);
    ChaseConfig config =
        ChaseConfig.parse(
            "chase.yaml",
            """
            policy: chase:0.5
            state-directory: state
            gpu: {backend: simulated, simulated: [h100-sxm, v100], minimum-dwell: 0s}
            carbon: {provider: trace, trace: {file: trace.csv, speed: 14400}}
            """,
            directory,
            Map.of());
    RunningDaemon daemon = RunningDaemon.start(vertx, config, CLOCK);
    List<Watts> limits = new CopyOnWriteArrayList<>();
    daemon.notifications().subscribe(notice -> notice.to().ifPresent(limits::add));
    await().until(() -> limits.stream().distinct().count() >= 3 && limits.size() >= 8);
    assertThat(daemon.grid().failure()).isEmpty();
    assertThat(daemon.grid().region().code()).isEqualTo("trace");
    daemon.close();
    assertThat(daemon.snapshot().gpus())
        .allSatisfy(view ->
            assertThat(view.limits().orElseThrow().requested())
                .isEqualTo(view.original().orElseThrow()));
  }
}
