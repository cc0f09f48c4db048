package chase.daemon.governor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import chase.carbon.Region;
import chase.daemon.events.CommandFailed;
import chase.daemon.events.CommandRefused;
import chase.daemon.events.Notification;
import chase.daemon.events.Topic;
import chase.daemon.fixtures.FakeGpu;
import chase.daemon.fixtures.FakeGpus;
import chase.daemon.gpu.GpuPool;
import chase.daemon.gpu.GpuTiming;
import chase.daemon.gpu.journal.GpuJournals;
import chase.daemon.grid.GridState;
import chase.daemon.host.ProcessTable;
import chase.daemon.ledger.GpuOwners;
import chase.daemon.restart.RestartKeeper;
import chase.zeus.engine.Engine;
import chase.zeus.engine.Event;
import chase.zeus.engine.Refusal;
import chase.zeus.engine.SafetyRules;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.GpuException.Kind;
import chase.zeus.gpu.GpuId;
import chase.zeus.policy.EnergyOutlook;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.unit.Watts;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GovernorVerticleTest {
  private static final InstantSource CLOCK = InstantSource.system();
  private static final SafetyRules RULES =
      new SafetyRules(
          SafetyRules.Mode.CONTROL,
          0.5,
          Duration.ZERO,
          Duration.ofMinutes(10),
          Duration.ofMillis(200));

  @TempDir Path directory;
  @TempDir Path proc;
  private final Vertx vertx = Vertx.vertx();
  private final Topic<EnergyOutlook> outlooks = new Topic<>(vertx, EnergyOutlook.class);
  private final Topic<Notification> notifications = new Topic<>(vertx, Notification.class);
  private final FakeGpu gpu = new FakeGpu(0);
  private final FakeGpu other = new FakeGpu(1);
  private final List<Notification> published = new CopyOnWriteArrayList<>();
  private GovernorVerticle governor;

  @BeforeEach
  void start() throws Exception {
    FakeGpus gpus = new FakeGpus(List.of(gpu, other));
    GpuTiming timing =
        new GpuTiming(Duration.ofMillis(20), Duration.ofMillis(300), Duration.ofMillis(10));
    Optional<GpuJournals> journals = Optional.of(GpuJournals.open(directory, CLOCK));
    Engine engine = new Engine(RULES, PowerPolicy.max(), CLOCK.instant());
    governor =
        new GovernorVerticle(
            engine,
            events -> new GpuPool(vertx, () -> gpus, journals, timing, CLOCK, events),
            new ProcessTable(proc),
            Duration.ofMillis(20),
            outlooks,
            new NotificationPublisher(
                notifications,
                () -> GridState.withoutProvider(new Region("none"), Duration.ofHours(2))),
            RestartKeeper.none(),
            CLOCK);
    notifications.subscribe(published::add);
    get(vertx.deployVerticle(governor));
  }

  @AfterEach
  void stop() throws Exception {
    gpu.release();
    other.release();
    get(vertx.close());
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private Future<Snapshot> override(FakeGpu gpu, double watts) {
    Instant now = CLOCK.instant();
    return governor.command(
        new Event.OverrideSet(gpu.traits().id(), new Watts(watts), now.plusSeconds(600), now));
  }

  private GpuOwners owners() {
    return new GpuOwners(governor.snapshot(), governor.unregisteredProcesses());
  }

  private List<String> texts() {
    return published.stream().map(Notification::text).toList();
  }

  @Test
  void everyGpuIsKnownOnceTheGovernorIsDeployed() {
    assertThat(governor.snapshot().gpus()).hasSize(2);
  }

  @Test
  void aCommandCompletesWhenTheLimitIsOnTheGpu() throws Exception {
    Snapshot after = get(override(gpu, 250));
    assertThat(gpu.requested()).isEqualTo(new Watts(250));
    assertThat(after.gpu(gpu.traits().id()).orElseThrow().limits().orElseThrow().requested())
        .isEqualTo(new Watts(250));
    assertThat(other.writes()).isEmpty();
  }

  @Test
  void aCommandForAllGpusIsDoneWhenAllHaveTheirLimit() throws Exception {
    get(
        governor.command(
            new Event.PolicyChosen(PowerPolicy.fixed(new Watts(300)), CLOCK.instant())));
    assertThat(List.of(gpu.requested(), other.requested())).containsOnly(new Watts(300));
    get(governor.command(new Event.Paused(CLOCK.instant())));
    assertThat(List.of(gpu.requested(), other.requested())).containsOnly(new Watts(400));
  }

  @Test
  void aRefusedCommandCarriesTheEnginesWords() {
    GpuId unknown = new GpuId("GPU-x");
    Instant now = CLOCK.instant();
    Event.OverrideSet command =
        new Event.OverrideSet(unknown, new Watts(250), now.plusSeconds(1), now);
    assertThatThrownBy(() -> get(governor.command(command)))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            CommandRefused.class,
            refused -> assertThat(refused.refusal().cause()).isEqualTo(Refusal.Cause.UNKNOWN_GPU));
  }

  @Test
  void aCommandThatTheGpuRefusesFailsWithTheDriversMessage() {
    gpu.failWrites(Optional.of(Kind.REFUSED));
    assertThatThrownBy(() -> get(override(gpu, 250)))
        .cause()
        .isInstanceOf(CommandFailed.class)
        .hasMessage("GPU 0 was not set to 250 W: write: REFUSED");
  }

  @Test
  void aCommandToAHungGpuFailsAndTheOtherStillObeys() throws Exception {
    gpu.hang();
    Future<Snapshot> hung = override(gpu, 250);
    get(override(other, 300));
    assertThatThrownBy(() -> get(hung)).cause().hasMessage("GPU 0 hangs: no answer within 300 ms");
  }

  @Test
  void limitChangesArePublishedWithTheirReason() throws Exception {
    get(override(gpu, 250));
    await().until(() -> texts().stream().anyMatch(text -> text.contains("from 400 W to 250 W")));
    assertThat(published)
        .filteredOn(notice -> notice.kind() == Notification.NotificationKind.LIMIT)
        .singleElement()
        .satisfies(notice -> {
          assertThat(notice.from()).contains(new Watts(400));
          assertThat(notice.to()).contains(new Watts(250));
          assertThat(notice.text())
              .startsWith("GPU 0 from 400 W to 250 W: an operator holds it at this limit until ");
        });
  }

  @Test
  void anExternalLimitIsPublishedAndLeftAlone() throws Exception {
    get(override(gpu, 250));
    gpu.externalWrite(new Watts(333));
    await()
        .until(() ->
            published.stream()
                .anyMatch(notice -> notice.kind() == Notification.NotificationKind.FOREIGN));
    assertThat(texts())
        .anySatisfy(text ->
            assertThat(text)
                .startsWith(
                    "GPU 0 was set to 333 W by an external process; Chase leaves it alone"));
    assertThat(gpu.requested()).isEqualTo(new Watts(333));
  }

  @Test
  void aWriteThatFailedInPassingIsTriedAgain() {
    gpu.failWrites(Optional.of(Kind.RETRY));
    assertThatThrownBy(() -> get(override(gpu, 250))).cause().isInstanceOf(CommandFailed.class);
    gpu.failWrites(Optional.empty());
    await().until(() -> gpu.requested().equals(new Watts(250)));
  }

  @Test
  void stoppingPutsEveryLimitBack() throws Exception {
    get(
        governor.command(
            new Event.PolicyChosen(PowerPolicy.fixed(new Watts(300)), CLOCK.instant())));
    get(governor.restoreAll());
    assertThat(List.of(gpu.requested(), other.requested())).containsOnly(new Watts(400));
    assertThatThrownBy(() -> get(override(gpu, 250))).cause().hasMessage("Chase is stopping");
  }

  @Test
  void progressStandsStillWhileEveryGpuHangs() {
    await().until(() -> governor.lastProgress().isPresent());
    gpu.hang();
    other.hang();
    await().until(() -> published.stream().filter(n -> n.text().contains("hangs")).count() == 2);
    Duration twoTicks = Duration.ofMillis(2200);
    Optional<Instant> stuck = settled(twoTicks);
    gpu.release();
    await().until(() -> !governor.lastProgress().equals(stuck));
  }

  /** The progress that did not change for {@code time}. */
  private Optional<Instant> settled(Duration time) {
    await()
        .atMost(Duration.ofSeconds(8))
        .until(() ->
            governor
                .lastProgress()
                .filter(last -> last.plus(time).isBefore(CLOCK.instant()))
                .isPresent());
    return governor.lastProgress();
  }

  @Test
  void aProcessOnAGpuIsItsAnonymousJob() throws Exception {
    aProcess(4711);
    gpu.computes(4711);
    Files.createSymbolicLink(
        Files.createDirectories(proc.resolve("self/ns")).resolve("pid"),
        Path.of("pid:[4026531836]"));
    await().until(() -> owners().ownerOf(gpu.traits().id()).isPresent());
    assertThat(owners().ownerOf(gpu.traits().id()).orElseThrow().id()).isEqualTo("pid-4711-6000");
    assertThat(owners().ownerOf(other.traits().id())).isEmpty();
    assertThat(get(governor.processes())).containsOnlyKeys(gpu.traits().id(), other.traits().id());
    Files.delete(proc.resolve("4711/stat"));
    await().until(() -> owners().anonymous().isEmpty());
  }

  /** The driver's 4711 is somebody else's than ours. */
  @Test
  void inAContainerTheDriversProcessesAreNotTakenForOurs() throws Exception {
    aProcess(4711);
    gpu.computes(4711);
    assertThat(get(governor.processes()).values()).containsOnly(List.of());
    assertThat(owners().anonymous()).isEmpty();
  }

  private void aProcess(long pid) throws IOException {
    Files.writeString(proc.resolve("stat"), "btime 1700000000\n");
    Path folder = Files.createDirectories(proc.resolve(Long.toString(pid)));
    Files.writeString(folder.resolve("cmdline"), "python\0train.py\0");
    Files.writeString(folder.resolve("stat"), pid + " (python) R 1 " + "0 ".repeat(17) + "6000");
  }
}
