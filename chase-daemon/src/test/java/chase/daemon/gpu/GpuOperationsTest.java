package chase.daemon.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chase.daemon.fixtures.FakeGpu;
import chase.daemon.gpu.journal.GpuJournals;
import chase.daemon.gpu.journal.LimitJournal;
import chase.daemon.gpu.journal.SettingsJournal;
import chase.zeus.engine.Event;
import chase.zeus.engine.Order;
import chase.zeus.engine.OriginalLimit;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuSettings;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.unit.Watts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GpuOperationsTest {
  private static final GpuSettings.ClockRange RANGE = new GpuSettings.ClockRange(300, 900);
  private static final Watts FOUND = new Watts(400);
  private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
  private static final InstantSource CLOCK = InstantSource.fixed(NOW);

  @TempDir Path directory;
  private final FakeGpu gpu = new FakeGpu(0);
  private GpuJournals journals;
  private LimitJournal journal;
  private SettingsJournal knobs;
  private GpuOperations card;

  @BeforeEach
  void open() throws Exception {
    journals = GpuJournals.open(directory, CLOCK);
    journal = journals.limits();
    knobs = journals.settings();
    card = new GpuOperations(gpu, Optional.of(journals), Optional.empty(), CLOCK);
  }

  private Order order(double limit, double expected) {
    return new Order(gpu.traits().id(), new Watts(limit), new Watts(expected), FOUND);
  }

  private static PowerLimits limits(double watts) {
    return new PowerLimits(new Watts(watts), new Watts(watts));
  }

  @Test
  void theLimitIsOnTheDiskBeforeItIsOnTheCard() throws Exception {
    List<String> seen = new ArrayList<>();
    gpu.beforeWrite(() -> seen.add(onDisk()));
    Event event = card.carryOut(order(250, 400), () -> {});
    assertThat(event).isEqualTo(new Event.LimitApplied(gpu.traits().id(), limits(250), NOW));
    assertThat(seen).singleElement().asString().contains("400000", "250000");
  }

  private String onDisk() {
    return text("limits.json");
  }

  private String text(String file) {
    try {
      return Files.readString(directory.resolve(file));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aForeignLimitIsToldAndNotOverwritten() throws Exception {
    gpu.foreignWrite(new Watts(300));
    assertThat(card.carryOut(order(250, 400), () -> {}))
        .isEqualTo(new Event.ForeignLimitFound(gpu.traits().id(), limits(300), NOW));
    assertThat(gpu.writes()).isEmpty();
    assertThat(journal.entries()).isEmpty();
  }

  @Test
  void aLimitThatOneOfOurLostWritesLeftIsNotForeign() throws Exception {
    journal.intend(gpu.traits().id(), "Fake card", FOUND, new Watts(300));
    gpu.foreignWrite(new Watts(300));
    assertThat(card.carryOut(order(250, 400), () -> {})).isInstanceOf(Event.LimitApplied.class);
    assertThat(journal.entry(gpu.traits().id()).orElseThrow().original()).isEqualTo(FOUND);
  }

  @Test
  void aRestoredGpuLeavesTheJournal() throws Exception {
    card.carryOut(order(250, 400), () -> {});
    assertThat(journal.entries()).hasSize(1);
    card.carryOut(order(400, 250), () -> {});
    assertThat(journal.entries()).isEmpty();
    assertThat(gpu.requested()).isEqualTo(FOUND);
  }

  @Test
  void whatTheDriverMadeOfOurWriteIsOursAndTheOriginalStaysOnRecord() throws Exception {
    gpu.keep((asked, before) -> asked.times(0.97));
    assertThat(card.carryOut(order(200, 400), () -> {}))
        .isEqualTo(new Event.LimitApplied(gpu.traits().id(), limits(194), NOW));
    LimitJournal.Entry entry = journal.entry(gpu.traits().id()).orElseThrow();
    assertThat(entry.original()).isEqualTo(FOUND);
    assertThat(entry.isChaseLimit(new Watts(194))).isTrue();
    card.carryOut(order(400, 194), () -> {});
    assertThat(journal.entry(gpu.traits().id()).orElseThrow().isChaseLimit(new Watts(388)))
        .isTrue();
    gpu.keep((asked, before) -> asked);
    new GpuRestorer(gpu, journals).restore();
    assertThat(gpu.requested()).isEqualTo(FOUND);
    assertThat(journal.entries()).isEmpty();
  }

  @Test
  void aLimitOfOursIsNotTakenForTheOriginalWhenTheOriginalDoesNotComeBack() throws Exception {
    gpu.keep((asked, before) -> asked.times(0.97));
    card.carryOut(order(200, 400), () -> {});
    new GpuRestorer(gpu, journals).restore();
    Event.GpuOpened opened = card.describe();
    assertThat(opened.limits()).contains(limits(388));
    assertThat(opened.original()).contains(OriginalLimit.onRecord(FOUND));
  }

  @Test
  void aLimitBelowTheDefaultWithoutARecordIsInDoubt() throws Exception {
    gpu.foreignWrite(new Watts(240));
    OriginalLimit found = card.describe().original().orElseThrow();
    assertThat(found.isDoubtful()).isTrue();
    assertThat(found.floorOf()).isEqualTo(new Watts(400));
  }

  @Test
  void aWriteWithoutEffectLeavesTheOriginalOnRecordForItMayTakeEffectLate() throws Exception {
    gpu.keep((asked, before) -> before);
    card.carryOut(order(200, 400), () -> {});
    assertThat(journal.entry(gpu.traits().id()).orElseThrow().isChaseLimit(new Watts(200)))
        .isTrue();
  }

  @Test
  void underMigNothingIsWrittenButWhatGoesBack() throws Exception {
    card.carryOut(order(200, 400), () -> {});
    gpu.forbid(Optional.of("MIG is enabled"));
    assertThat(card.carryOut(order(250, 200), () -> {}))
        .isEqualTo(
            new Event.LimitFailed(
                gpu.traits().id(), new Watts(250), GpuException.Kind.RETRY, "MIG is enabled", NOW));
    assertThat(gpu.requested()).isEqualTo(new Watts(200));
    card.carryOut(order(400, 200), () -> {});
    assertThat(gpu.requested()).isEqualTo(FOUND);
  }

  @Test
  void theOriginalGoesBackWithoutRoomForTheJournal() throws Exception {
    card.carryOut(order(250, 400), () -> {});
    Files.createDirectories(directory.resolve("limits.json.new").resolve("in-the-way"));
    assertThat(card.carryOut(order(300, 250), () -> {})).isInstanceOf(Event.LimitFailed.class);
    assertThat(card.carryOut(order(400, 250), () -> {})).isInstanceOf(Event.LimitApplied.class);
    assertThat(gpu.requested()).isEqualTo(FOUND);
  }

  @Test
  void anIntroductionPutsBackUnderMigToo() throws Exception {
    card.carryOut(order(200, 400), () -> {});
    gpu.forbid(Optional.of("MIG is enabled"));
    gpu.refreshTraits();
    new GpuRestorer(gpu, journals).restore();
    assertThat(gpu.requested()).isEqualTo(FOUND);
    assertThat(journal.entries()).isEmpty();
  }

  @Test
  void whatOthersChangeIsToldOnceItWasSeenTwice() throws Exception {
    card.describe();
    gpu.forbid(Optional.of("MIG is enabled"));
    assertThat(card.read()).hasSize(1);
    assertThat(card.read()).contains(new Event.TraitsChanged(gpu.traits(), NOW)).hasSize(2);
    assertThat(card.read()).hasSize(1);
    gpu.forbid(Optional.empty());
    card.read();
    assertThat(card.read()).hasSize(2);
  }

  @Test
  void aLimitThatAnEarlierChaseLeftGoesBackWhenTheCardTellsItsLimitLate() throws Exception {
    card.carryOut(order(200, 400), () -> {});
    GpuOperations next = new GpuOperations(gpu, Optional.of(journals), Optional.empty(), CLOCK);
    gpu.hideLimits(true);
    assertThat(next.describe().limits()).isEmpty();
    assertThat(next.read()).hasSize(1);
    gpu.hideLimits(false);
    List<Event> events = next.read();
    assertThat(events.getFirst())
        .isInstanceOfSatisfying(
            Event.GpuOpened.class, opened -> assertThat(opened.limits()).contains(limits(400)));
    assertThat(events.getLast())
        .isInstanceOfSatisfying(
            Event.ReadingTaken.class,
            taken -> assertThat(taken.reading().limits()).contains(limits(400)));
    assertThat(gpu.requested()).isEqualTo(FOUND);
  }

  @Test
  void aLimitThatTheCardDoesNotTellNowIsAskedForAgain() {
    gpu.hideLimits(true);
    assertThatThrownBy(() -> card.carryOut(order(200, 400), () -> {}))
        .isInstanceOfSatisfying(
            GpuException.class,
            failure -> assertThat(failure.kind()).isEqualTo(GpuException.Kind.RETRY));
  }

  @Test
  void noClockIsLockedUnderMig() {
    gpu.forbid(Optional.of("MIG is enabled"));
    assertThatThrownBy(() -> turn(lock(GpuSettings.ClockDomain.GPU))).hasMessage("MIG is enabled");
    assertThat(gpu.turned().writes()).isEmpty();
  }

  @Test
  void withoutAJournalNothingIsWritten() throws Exception {
    GpuOperations observing = new GpuOperations(gpu, Optional.empty(), Optional.empty(), CLOCK);
    assertThat(observing.carryOut(order(250, 400), () -> {}))
        .isInstanceOfSatisfying(
            Event.LimitFailed.class,
            failed -> assertThat(failed.kind()).isEqualTo(GpuException.Kind.REFUSED));
    assertThat(gpu.writes()).isEmpty();
  }

  @Test
  void withoutRoomForTheJournalNothingIsWritten() throws Exception {
    Files.delete(directory.resolve("limits.json"));
    Files.createDirectories(directory.resolve("limits.json").resolve("in-the-way"));
    assertThat(card.carryOut(order(250, 400), () -> {}))
        .isInstanceOfSatisfying(
            Event.LimitFailed.class,
            failed -> assertThat(failed.why()).startsWith("the journal cannot be written"));
    assertThat(gpu.writes()).isEmpty();
  }

  @Test
  void aCallThatNobodyWantsAnyMoreWritesNothing() {
    GpuOperations.Guard calledOff =
        () -> {
          throw new GpuException(GpuException.Kind.RETRY, "called off");
        };
    assertThatThrownBy(() -> card.carryOut(order(250, 400), calledOff)).hasMessage("called off");
    assertThat(gpu.writes()).isEmpty();
  }

  private void turn(SettingChange wish) throws GpuException {
    card.change(wish, () -> {});
  }

  private static SettingChange lock(GpuSettings.ClockDomain domain) {
    return new SettingChange.LockClocks(domain, RANGE);
  }

  @Test
  void lockedClocksAreOnRecordBeforeTheyAreOnTheCard() throws Exception {
    List<String> seen = new ArrayList<>();
    gpu.turned().beforeWrite(() -> seen.add(text("knobs.json")));
    turn(lock(GpuSettings.ClockDomain.GPU));
    assertThat(gpu.turned().locked(GpuSettings.ClockDomain.GPU)).contains(RANGE);
    assertThat(seen).singleElement().asString().contains("locked_clocks", "gpu");
  }

  @Test
  void whatIsUndoneLeavesTheRecord() throws Exception {
    turn(lock(GpuSettings.ClockDomain.GPU));
    turn(lock(GpuSettings.ClockDomain.MEMORY));
    turn(new SettingChange.PersistenceMode(true));
    turn(new SettingChange.UnlockClocks(GpuSettings.ClockDomain.GPU));
    assertThat(knobs.entry(gpu.traits().id()).orElseThrow().locked())
        .containsExactly(GpuSettings.ClockDomain.MEMORY);
    assertThat(card.undoChanges().orElseThrow().line())
        .isEqualTo("GPU 0 (GPU-0) has its own clocks and persistence mode again");
    assertThat(gpu.turned().locked(GpuSettings.ClockDomain.MEMORY)).isEmpty();
    assertThat(gpu.turned().persistent()).isFalse();
    assertThat(knobs.entries()).isEmpty();
    assertThat(card.undoChanges()).isEmpty();
  }

  @Test
  void theModeThatIsThereAlreadyIsNotTurned() throws Exception {
    turn(new SettingChange.PersistenceMode(false));
    assertThat(gpu.turned().writes()).isEmpty();
    assertThat(knobs.entries()).isEmpty();
  }

  @Test
  void aRefusedTurnIsNotOnRecord() {
    gpu.failWrites(Optional.of(GpuException.Kind.REFUSED));
    assertThatThrownBy(() -> turn(lock(GpuSettings.ClockDomain.GPU))).hasMessage("write: REFUSED");
    assertThat(knobs.entries()).isEmpty();
  }

  @Test
  void aTurnWhoseOutcomeNobodySawStaysOnRecord() {
    gpu.failWrites(Optional.of(GpuException.Kind.RETRY));
    assertThatThrownBy(() -> turn(lock(GpuSettings.ClockDomain.GPU))).hasMessage("write: RETRY");
    assertThat(knobs.entries()).hasSize(1);
  }

  @Test
  void whatCannotBeUndoneStaysOnRecordForTheNextStart() throws Exception {
    turn(lock(GpuSettings.ClockDomain.GPU));
    gpu.failWrites(Optional.of(GpuException.Kind.RETRY));
    assertThat(card.undoChanges().orElseThrow().line())
        .isEqualTo("GPU 0 (GPU-0) did not get back its own clocks: write: RETRY");
    gpu.failWrites(Optional.empty());
    new GpuRestorer(gpu, GpuJournals.open(directory, CLOCK)).restore();
    knobs = GpuJournals.open(directory, CLOCK).settings();
    assertThat(gpu.turned().locked(GpuSettings.ClockDomain.GPU)).isEmpty();
    assertThat(knobs.entries()).isEmpty();
  }

  @Test
  void withoutAJournalNoKnobIsTurned() {
    GpuOperations observing = new GpuOperations(gpu, Optional.empty(), Optional.empty(), CLOCK);
    assertThatThrownBy(() -> observing.change(lock(GpuSettings.ClockDomain.GPU), () -> {}))
        .hasMessage("without a journal nothing is written");
    assertThat(gpu.turned().writes()).isEmpty();
  }
}
