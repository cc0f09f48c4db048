package chase.daemon.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import chase.carbon.CarbonIntensity;
import chase.carbon.GramsPerKwh;
import chase.carbon.Provenance;
import chase.carbon.Region;
import chase.carbon.SignalKind;
import chase.daemon.api.ApiJson;
import chase.daemon.api.PageBody;
import chase.daemon.api.PageBody.NoticeBody;
import chase.daemon.bodies.GpuBodies;
import chase.daemon.events.Notification;
import chase.daemon.fixtures.TestDaemon;
import chase.daemon.grid.GridPast;
import chase.daemon.grid.GridState;
import chase.daemon.ledger.EmissionsMeter.EmissionTotals;
import chase.daemon.ledger.GpuOwners;
import chase.daemon.ledger.Ledger;
import chase.daemon.ledger.LedgerKeeper;
import chase.zeus.engine.Engine;
import chase.zeus.engine.Event;
import chase.zeus.engine.JobId;
import chase.zeus.engine.JobSpec;
import chase.zeus.engine.Lease;
import chase.zeus.engine.SafetyRules;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuTraits;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.gpu.PowerRange;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.unit.Watts;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LivePageTest {
  private static final Instant NOON = TestDaemon.NOON;
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  private final Vertx vertx = Vertx.vertx();
  private final TestDaemon daemon = new TestDaemon(vertx);
  private final RecentEvents events = new RecentEvents(daemon.notifications());
  private GridState grid = TestDaemon.gridAt(412);
  private GridPast past = GridPast.NONE;
  private Ledger ledger = Ledger.NONE;

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private LivePage page(boolean userNames) {
    return page(userNames, daemon::snapshot);
  }

  private LivePage page(boolean userNames, Supplier<Snapshot> snapshots) {
    PageSettings settings =
        new PageSettings("1.2.3", "run-1", "gpu01", BERLIN, NOON, () -> 1, () -> userNames);
    return new LivePage(settings, () -> bodies(snapshots.get()), () -> past, ledger, events);
  }

  private GpuBodies bodies(Snapshot snapshot) {
    GpuOwners owners = new GpuOwners(snapshot, Map.of());
    GpuBodies as = daemon.state().bodies();
    return new GpuBodies(owners, grid, EmissionTotals.NONE, as.driver(), as.unanswered(), as.now());
  }

  private PageBody shown() {
    return page(true).page();
  }

  private static List<String> kinds(PageBody page) {
    return page.notices().stream().map(NoticeBody::kind).toList();
  }

  @Test
  void itShowsWhatTheApiShows() {
    PageBody page = shown();
    assertThat(page.at()).isEqualTo(NOON);
    assertThat(page.signal()).isEqualTo(bodies(daemon.snapshot()).status("1.2.3").signal());
    assertThat(page.gpus()).extracting(gpu -> gpu.gpu()).isEqualTo(daemon.state().bodies().gpus());
    assertThat(page.gpus().getFirst().explanation()).startsWith("GPU 0 (NVIDIA H100 80GB HBM3");
    assertThat(page.gpus().getFirst().throttle().orElseThrow().text())
        .isEqualTo("held by its power limit");
    assertThat(page.server().instance()).isEqualTo("run-1");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 16})
  void anyNumberOfGpusIsShown(int count) {
    Engine engine = engine(count);
    LivePage page = page(true, engine::snapshot);
    page.tick();
    assertThat(page.page().gpus()).hasSize(count);
    assertThat(page.history().gpus()).hasSize(count);
  }

  private static Engine engine(int gpus) {
    Engine engine =
        new Engine(
            new SafetyRules(
                SafetyRules.Mode.CONTROL,
                0.6,
                Duration.ofMinutes(1),
                Duration.ofMinutes(10),
                Duration.ofSeconds(5)),
            PowerPolicy.max(),
            NOON);
    for (int i = 0; i < gpus; i++) {
      engine.on(
          new Event.GpuOpened(
              new GpuTraits(
                  new GpuId("GPU-" + i),
                  i,
                  "H100",
                  Optional.empty(),
                  "580",
                  Optional.of(new PowerRange(new Watts(200), new Watts(700))),
                  Optional.of(new Watts(700)),
                  Optional.empty(),
                  false),
              Optional.of(new PowerLimits(new Watts(700), new Watts(700))),
              Optional.empty(),
              NOON));
    }
    return engine;
  }

  @Test
  void aVanishedGpuStaysWithoutReadings() {
    daemon.handle(new Event.GpuLost(TestDaemon.FIRST, "it fell off the bus", NOON));
    PageBody page = shown();
    assertThat(page.gpus()).hasSize(2);
    assertThat(page.gpus().getFirst().gpu().contact().state()).isEqualTo("lost");
    assertThat(page.gpus().getFirst().gpu().reading()).isEmpty();
    assertThat(page.notices().getFirst().text()).startsWith("GPU 0: ").contains("fell off the bus");
  }

  @Test
  void withoutASignalItSaysWhy() {
    grid = TestDaemon.gridWithoutSignal();
    PageBody page = shown();
    assertThat(kinds(page)).contains("signal");
    assertThat(page.intensity()).isEmpty();
    assertThat(page.clean()).isEmpty();
    assertThat(page.past().from()).isEmpty();
    assertThat(page.ahead().from()).isEmpty();
    assertThat(page.window().to()).isEqualTo(NOON);
  }

  @Test
  void withoutAProviderItSaysWhichKeyIsMissing() {
    grid = GridState.withoutProvider(new Region("none"), Duration.ofHours(2));
    assertThat(shown().notices())
        .anySatisfy(notice -> {
          assertThat(notice.kind()).isEqualTo("no_provider");
          assertThat(notice.text()).contains("carbon.provider");
        });
  }

  @Test
  void withoutAPriceThereAreNoPrices() {
    assertThat(shown().prices()).isEmpty();
    assertThat(shown().signal().price()).isEmpty();
  }

  @Test
  void withoutALedgerTheTotalsSayWhy() {
    LivePage page = page(true);
    page.page();
    assertThat(page.page().totals().spans()).isEmpty();
    assertThat(page.page().totals().unavailable().orElseThrow()).contains("keeps no ledger");
  }

  @Test
  void totalsFollowTheHostsCalendar(@TempDir Path directory) {
    LedgerKeeper kept = daemon.ledger(directory);
    ledger = kept;
    vertx.deployVerticle(kept).toCompletionStage().toCompletableFuture().join();
    daemon.advanceUsing(3_600, Duration.ofSeconds(10));
    kept.refresh().toCompletionStage().toCompletableFuture().join();
    daemon.advanceUsing(3_600, Duration.ofSeconds(10));
    LivePage page = page(true);
    await().until(() -> page.page().totals().spans().size() == 3);
    assertThat(page.page().totals().spans())
        .extracting(span -> span.span(), span -> span.from().toString())
        .containsExactly(
            tuple("today", "2026-11-22T23:00:00Z"),
            tuple("week", "2026-11-22T23:00:00Z"),
            tuple("month", "2026-10-31T23:00:00Z"));
    assertThat(page.page().totals().spans().getFirst().line().used().joules()).isPresent();
  }

  @Test
  void whatAnOperatorHoldsIsANoticeWithItsEnd() {
    Instant until = NOON.plus(Duration.ofMinutes(28));
    daemon.command(new Event.OverrideSet(TestDaemon.FIRST, new Watts(500), until, NOON));
    PageBody page = shown();
    assertThat(page.gpus().getFirst().override().orElseThrow().until()).isEqualTo(until);
    assertThat(page.notices())
        .anySatisfy(notice -> {
          assertThat(notice.kind()).isEqualTo("override");
          assertThat(notice.until()).contains(until);
          assertThat(notice.text())
              .isEqualTo("An operator holds GPU 0 at 500 W until 2026-11-23T12:28:00Z.");
        });
  }

  @Test
  void aPauseIsANoticeAndHasATime() {
    daemon.command(new Event.Paused(Optional.of(NOON.plusSeconds(600)), NOON));
    PageBody page = shown();
    assertThat(page.control().paused()).isTrue();
    assertThat(page.control().pausedUntil()).contains(NOON.plusSeconds(600));
    assertThat(page.notices())
        .extracting(NoticeBody::text)
        .contains(
            "An operator paused Chase until 2026-11-23T12:10:00Z; every GPU has its original"
                + " limit.");
  }

  @Test
  void aStoppingDaemonSaysSo() {
    daemon.handle(new Event.Stopping(NOON));
    assertThat(shown().control().stopping()).isTrue();
    assertThat(kinds(shown()).getFirst()).isEqualTo("stopping");
  }

  @Test
  void theLevelComesFromTheLastDay() {
    past = new GridPast(hours(100, 200, 300, 400, 500, 600, 412), List.of());
    assertThat(shown().intensity().orElseThrow())
        .satisfies(level -> {
          assertThat(level.word()).isEqualTo("middle");
          assertThat(level.lowGrams()).isEqualTo(100);
          assertThat(level.basis()).isEqualTo("last_day");
        });
    assertThat(shown().past().grams())
        .containsExactly(100.0, 200.0, 300.0, 400.0, 500.0, 600.0, 412.0);
  }

  @Test
  void aSectionThatIsGoneIsNullInTheNextVersionOnce() {
    past = new GridPast(hours(100, 200, 300, 400, 500, 600, 412), List.of());
    PageVersion known = PageVersion.NONE.next(shown(), ApiJson.mapper());
    assertThat(known.whole()).contains("\"intensity\":{");
    past = GridPast.NONE;
    PageVersion unknown = known.next(shown(), ApiJson.mapper());
    assertThat(unknown.since(known.number()))
        .contains("\"intensity\":null")
        .doesNotContain("\"gpus\"");
    assertThat(unknown.whole()).doesNotContain("\"intensity\":");
    assertThat(unknown.next(shown(), ApiJson.mapper()).since(unknown.number())).isEqualTo("{}");
  }

  /** One an hour, the last at noon. */
  private static List<CarbonIntensity> hours(double... grams) {
    List<CarbonIntensity> hours = new ArrayList<>();
    for (int i = 0; i < grams.length; i++) {
      Instant from = NOON.minus(Duration.ofHours(grams.length - 1L - i));
      hours.add(
          new CarbonIntensity(
              new GramsPerKwh(grams[i]),
              new SignalKind(SignalKind.Margin.AVERAGE, SignalKind.EmissionScope.DIRECT),
              new Provenance.Measured(),
              "trace",
              new Region("CISO"),
              from,
              from.plus(Duration.ofHours(1)),
              from,
              from,
              Optional.empty()));
    }
    return hours;
  }

  @Test
  void jobsAreShownWithoutTheirLabels() {
    daemon.handle(
        new Event.JobStarted(
            new JobId("a1"),
            new JobSpec(
                "resnet",
                List.of(TestDaemon.FIRST),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(0.03)),
            NOON));
    assertThat(shown().jobs().getFirst().identity().name()).isEqualTo("resnet");
    assertThat(shown().jobs().getFirst().identity().labels()).isEmpty();
  }

  @Test
  void usersAreNotNamedWhereTheyMustNotBe() throws Exception {
    daemon.command(
        new Event.LeaseTaken(
            TestDaemon.FIRST,
            Optional.of(new Watts(500)),
            new Lease.Holder("alice", Optional.of(4711L)),
            NOON.plusSeconds(600),
            NOON));
    daemon.publish(
        Notification.of(
            NOON,
            Notification.NotificationKind.COMMAND,
            Optional.of(TestDaemon.FIRST),
            "GPU 0 is leased by alice (process 4711) now"));
    await().until(() -> !events.newestFirst().isEmpty());
    assertThat(ApiJson.mapper().writeValueAsString(page(true).page())).contains("alice");
    assertThat(ApiJson.mapper().writeValueAsString(page(false).page()))
        .contains("\"reason\":\"leased\"")
        .doesNotContain("alice")
        .doesNotContain("4711");
  }

  @Test
  void onlyTheLastHundredEventsAreKept() {
    for (int i = 0; i < 150; i++) {
      daemon.publish(
          Notification.of(
              NOON, Notification.NotificationKind.SIGNAL, Optional.empty(), "event " + i));
    }
    await()
        .until(() ->
            !events.newestFirst().isEmpty()
                && events.newestFirst().getFirst().text().equals("event 149"));
    assertThat(shown().events()).hasSize(100);
    assertThat(shown().events().getLast().text()).isEqualTo("event 50");
  }
}
