package chase.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import chase.daemon.config.ChaseConfig;
import chase.daemon.fixtures.FakeGpu;
import chase.daemon.fixtures.FakeGpus;
import chase.daemon.gpu.LockedJournals;
import chase.daemon.gpu.journal.StateException;
import chase.zeus.engine.Reason;
import chase.zeus.unit.Watts;
import chase.zeus.writes.WriteBounds;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A daemon dies, and its state directory is lost, full or damaged when the next one starts. */
class StateTroubleTest {
  private static final Watts FOUND = new Watts(400);
  private static final Watts OURS = new Watts(250);

  @TempDir Path directory;
  private final FakeGpu gpu = new FakeGpu(0);
  private final Map<Path, byte[]> left = new HashMap<>();
  private ChaseConfig config;

  @BeforeEach
  void configure() throws Exception {
    // The tests have GPUs of their own, and so keep away from the lock of this host's.
    Path library = directory.resolve("libnvidia-ml.so.1");
    Files.writeString(library, "");
    config =
        ChaseConfig.parse(
            "chase.yaml",
            """
            policy: fixed:250
            state-directory: state
            gpu: {library: %s, telemetry-period: 100ms, call-deadline: 500ms, minimum-dwell: 0s}
            """
                .formatted(library),
            directory,
            Map.of("CHASE_SOCKET", directory.resolve("chase.sock").toString()));
  }

  private Path state() {
    return config.stateDirectory();
  }

  /** A whole life of a daemon: what {@code look} does happens in its midst. */
  private void live(Life look) throws Exception {
    Vertx itsOwn = Vertx.vertx();
    try {
      RunningDaemon daemon =
          RunningDaemon.start(itsOwn, config, () -> new FakeGpus(List.of(gpu)), Clock.systemUTC());
      look.at(daemon);
      daemon.close();
    } finally {
      itsOwn.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  private interface Life {
    void at(RunningDaemon daemon) throws Exception;
  }

  /** Everything is as if the daemon had been killed while its limit was set. */
  private void leaveBehind() throws Exception {
    live(daemon -> {
      await().until(() -> gpu.requested().equals(OURS));
      keep(state());
      keep(directory);
    });
    for (Map.Entry<Path, byte[]> file : left.entrySet()) {
      Files.write(file.getKey(), file.getValue());
    }
    gpu.externalWrite(OURS);
  }

  private void keep(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(StateTroubleTest::isJournal).toList()) {
        left.put(file, Files.readAllBytes(file));
      }
    }
  }

  /** A file that is being written takes another name, and is gone a moment later. */
  private static boolean isJournal(Path file) {
    return file.toString().contains(".json") && !file.toString().endsWith(".new");
  }

  private static void lose(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private String restore() throws Exception {
    StringWriter out = new StringWriter();
    boolean complete =
        LockedJournals.restoreWithoutDaemon(
            LockedJournals.paths(config),
            () -> new FakeGpus(List.of(gpu)),
            Duration.ofSeconds(5),
            WriteBounds.DEFAULT_RAISE_WATTS_PER_SECOND,
            Clock.systemUTC(),
            new PrintWriter(out, true));
    assertThat(complete).isTrue();
    return out.toString();
  }

  @Test
  void aStateDirectoryThatCannotBeLookedIntoIsNotCalledEmpty() throws Exception {
    Files.writeString(state(), "not a directory");
    assertThatThrownBy(this::restore)
        .isInstanceOf(StateException.class)
        .hasMessage("cannot use the state directory " + state() + ": it is not a directory");
  }

  @Test
  void aLostStateDirectoryLeavesNoLimitBehindAtTheNextStart() throws Exception {
    leaveBehind();
    lose(state());
    live(daemon ->
        assertThat(daemon.snapshot().gpus())
            .allSatisfy(view -> assertThat(view.original()).contains(FOUND)));
    assertThat(gpu.requested()).isEqualTo(FOUND);
  }

  @Test
  void restoreKnowsWhatALostStateDirectoryHeld() throws Exception {
    leaveBehind();
    lose(state());
    assertThat(restore()).contains("GPU 0 (GPU-0) is back from 250 W to 400 W");
    assertThat(gpu.requested()).isEqualTo(FOUND);
  }

  @Test
  void withoutAnyMemoryTheFloorIsThatOfTheDefaultAlsoAtLaterStarts() throws Exception {
    for (int start = 0; start < 3; start++) {
      gpu.externalWrite(new Watts(300));
      live(daemon ->
          assertThat(daemon.snapshot().gpus())
              .allSatisfy(view ->
                  assertThat(view.allowed().orElseThrow().min()).isEqualTo(new Watts(240))));
    }
  }

  @Test
  void aDiskThatCannotBeWrittenKeepsNothingFromGoingBack() throws Exception {
    leaveBehind();
    for (String file : List.of("limits.json", "knobs.json")) {
      Files.createDirectories(state().resolve(file + ".new").resolve("in-the-way"));
    }
    live(daemon -> {
      await()
          .until(() ->
              daemon.snapshot().gpus().stream()
                  .anyMatch(view -> view.reason() instanceof Reason.Retrying));
      assertThat(gpu.requested()).isEqualTo(FOUND);
    });
    assertThat(gpu.requested()).isEqualTo(FOUND);
    assertThat(restore()).contains("GPU 0 (GPU-0) has its limit of 400 W already");
    assertThat(restore()).contains("it stays on record: cannot write");
  }
}
