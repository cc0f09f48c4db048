package chase.daemon.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chase.daemon.fixtures.FakeGpu;
import chase.daemon.gpu.journal.GpuJournals;
import chase.daemon.gpu.journal.LimitJournal;
import chase.zeus.engine.Event;
import chase.zeus.engine.Order;
import chase.zeus.engine.OriginalLimit;
import chase.zeus.gpu.GpuException;
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
  private static final Watts ORIGINAL = new Watts(400);
  private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
  private static final InstantSource CLOCK = InstantSource.fixed(NOW);

  @TempDir Path directory;
  private final FakeGpu gpu = new FakeGpu(0);
  private GpuJournals journals;
  private LimitJournal journal;
  private GpuOperations operations;

  @BeforeEach
  void open() throws Exception {
    journals = GpuJournals.open(directory, CLOCK);
    journal = journals.limits();
    operations = new GpuOperations(gpu, Optional.of(journals), Optional.empty(), CLOCK);
  }

  private Order order(double limit, double expected) {
    return new Order(gpu.traits().id(), new Watts(limit), new Watts(expected), ORIGINAL);
  }

  private static PowerLimits limits(double watts) {
    return new PowerLimits(new Watts(watts), new Watts(watts));
  }

  @Test
  void theLimitIsOnTheDiskBeforeItIsOnTheGpu() throws Exception {
    List<String> seen = new ArrayList<>();
    gpu.beforeWrite(() -> seen.add(onDisk()));
    Event event = operations.carryOut(order(250, 400), () -> {});
    assertThat(event).isEqualTo(new Event.LimitApplied(gpu.traits().id(), limits(250), NOW));
    assertThat(seen).singleElement().asString().contains("400000", "250000");
  }

  private String onDisk() {
    try {
      return Files.readString(directory.resolve("limits.json"));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void anExternalLimitIsReportedAndNotOverwritten() throws Exception {
    gpu.externalWrite(new Watts(300));
    assertThat(operations.carryOut(order(250, 400), () -> {}))
        .isEqualTo(new Event.ForeignLimitFound(gpu.traits().id(), limits(300), NOW));
    assertThat(gpu.writes()).isEmpty();
    assertThat(journal.entries()).isEmpty();
  }

  @Test
  void anExternalLimitThatComesWhileTheJournalIsWrittenIsNotOverwritten() throws Exception {
    operations.carryOut(order(250, 400), () -> {});
    List<String> checks = new ArrayList<>();
    Event event =
        operations.carryOut(
            order(200, 250),
            () -> {
              checks.add(onDisk());
              if (checks.getLast().contains("200000")) {
                gpu.externalWrite(new Watts(300));
              }
            });
    assertThat(event).isEqualTo(new Event.ForeignLimitFound(gpu.traits().id(), limits(300), NOW));
    assertThat(gpu.requested()).isEqualTo(new Watts(300));
    assertThat(journal.entries()).isEmpty();
  }

  @Test
  void anExternalProcessMayComeBackToALimitThatWasChasesAndThatStays() throws Exception {
    operations.carryOut(order(250, 400), () -> {});
    gpu.externalWrite(new Watts(300));
    operations.read();
    gpu.externalWrite(new Watts(250));
    operations.read();
    assertThat(new GpuRestorer(gpu, journals).restore()).isEmpty();
    assertThat(gpu.requested()).isEqualTo(new Watts(250));
  }

  @Test
  void theLimitOfALostWriteOfChaseIsNotForeign() throws Exception {
    journal.intend(gpu.traits().id(), "Fake GPU", ORIGINAL, new Watts(300));
    gpu.externalWrite(new Watts(300));
    assertThat(operations.carryOut(order(250, 400), () -> {}))
        .isInstanceOf(Event.LimitApplied.class);
    assertThat(journal.entry(gpu.traits().id()).orElseThrow().original()).isEqualTo(ORIGINAL);
  }

  @Test
  void aRestoredGpuLeavesTheJournal() throws Exception {
    operations.carryOut(order(250, 400), () -> {});
    assertThat(journal.entries()).hasSize(1);
    operations.carryOut(order(400, 250), () -> {});
    assertThat(journal.entries()).isEmpty();
    assertThat(gpu.requested()).isEqualTo(ORIGINAL);
  }

  @Test
  void aLimitThatTheDriverRoundsBelongsToChaseAndTheOriginalStaysOnRecord() throws Exception {
    gpu.keep((asked, before) -> asked.times(0.97));
    assertThat(operations.carryOut(order(200, 400), () -> {}))
        .isEqualTo(new Event.LimitApplied(gpu.traits().id(), limits(194), NOW));
    LimitJournal.LimitEntry entry = journal.entry(gpu.traits().id()).orElseThrow();
    assertThat(entry.original()).isEqualTo(ORIGINAL);
    assertThat(entry.isChaseLimit(new Watts(194))).isTrue();
    operations.carryOut(order(400, 194), () -> {});
    assertThat(journal.entry(gpu.traits().id()).orElseThrow().isChaseLimit(new Watts(388)))
        .isTrue();
    gpu.keep((asked, before) -> asked);
    new GpuRestorer(gpu, journals).restore();
    assertThat(gpu.requested()).isEqualTo(ORIGINAL);
    assertThat(journal.entries()).isEmpty();
  }

  @Test
  void aLimitOfChaseIsNotTakenForTheOriginalWhenTheOriginalIsNotRestored() throws Exception {
    gpu.keep((asked, before) -> asked.times(0.97));
    operations.carryOut(order(200, 400), () -> {});
    new GpuRestorer(gpu, journals).restore();
    Event.GpuOpened opened = operations.describe();
    assertThat(opened.limits()).contains(limits(388));
    assertThat(opened.original()).contains(OriginalLimit.onRecord(ORIGINAL));
  }

  @Test
  void aLimitBelowTheDefaultWithoutARecordIsInDoubt() throws Exception {
    gpu.externalWrite(new Watts(240));
    OriginalLimit found = operations.describe().original().orElseThrow();
    assertThat(found.isDoubtful()).isTrue();
    assertThat(found.floorOf()).isEqualTo(new Watts(400));
  }

  @Test
  void aWriteWithoutEffectLeavesTheOriginalOnRecordForItMayTakeEffectLate() throws Exception {
    gpu.keep((asked, before) -> before);
    operations.carryOut(order(200, 400), () -> {});
    assertThat(journal.entry(gpu.traits().id()).orElseThrow().isChaseLimit(new Watts(200)))
        .isTrue();
  }

  @Test
  void underMigOnlyTheOriginalIsWritten() throws Exception {
    operations.carryOut(order(200, 400), () -> {});
    gpu.forbid(Optional.of("MIG is enabled"));
    assertThat(operations.carryOut(order(250, 200), () -> {}))
        .isEqualTo(
            new Event.LimitFailed(
                gpu.traits().id(), new Watts(250), GpuException.Kind.RETRY, "MIG is enabled", NOW));
    assertThat(gpu.requested()).isEqualTo(new Watts(200));
    operations.carryOut(order(400, 200), () -> {});
    assertThat(gpu.requested()).isEqualTo(ORIGINAL);
  }

  @Test
  void theOriginalIsRestoredWithoutRoomForTheJournal() throws Exception {
    operations.carryOut(order(250, 400), () -> {});
    Files.createDirectories(directory.resolve("limits.json.new").resolve("in-the-way"));
    assertThat(operations.carryOut(order(300, 250), () -> {}))
        .isInstanceOf(Event.LimitFailed.class);
    assertThat(operations.carryOut(order(400, 250), () -> {}))
        .isInstanceOf(Event.LimitApplied.class);
    assertThat(gpu.requested()).isEqualTo(ORIGINAL);
  }

  @Test
  void openingRestoresUnderMigToo() throws Exception {
    operations.carryOut(order(200, 400), () -> {});
    gpu.forbid(Optional.of("MIG is enabled"));
    gpu.refreshTraits();
    new GpuRestorer(gpu, journals).restore();
    assertThat(gpu.requested()).isEqualTo(ORIGINAL);
    assertThat(journal.entries()).isEmpty();
  }

  @Test
  void anExternalChangeIsReportedOnceItWasReadTwice() throws Exception {
    operations.describe();
    gpu.forbid(Optional.of("MIG is enabled"));
    assertThat(operations.read()).hasSize(1);
    assertThat(operations.read()).contains(new Event.TraitsChanged(gpu.traits(), NOW)).hasSize(2);
    assertThat(operations.read()).hasSize(1);
    gpu.forbid(Optional.empty());
    operations.read();
    assertThat(operations.read()).hasSize(2);
  }

  @Test
  void aLimitOfAnEarlierChaseIsRestoredWhenTheGpuReturnsItsLimitLate() throws Exception {
    operations.carryOut(order(200, 400), () -> {});
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
    assertThat(gpu.requested()).isEqualTo(ORIGINAL);
  }

  @Test
  void aLimitThatTheGpuDoesNotReturnIsReadAgain() {
    gpu.hideLimits(true);
    assertThatThrownBy(() -> operations.carryOut(order(200, 400), () -> {}))
        .isInstanceOfSatisfying(
            GpuException.class,
            failure -> assertThat(failure.kind()).isEqualTo(GpuException.Kind.RETRY));
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
    assertThat(operations.carryOut(order(250, 400), () -> {}))
        .isInstanceOfSatisfying(
            Event.LimitFailed.class,
            failed -> assertThat(failed.why()).startsWith("the journal cannot be written"));
    assertThat(gpu.writes()).isEmpty();
  }

  @Test
  void aCancelledCallWritesNothing() {
    GpuOperations.Guard cancelled =
        () -> {
          throw new GpuException(GpuException.Kind.RETRY, "called off");
        };
    assertThatThrownBy(() -> operations.carryOut(order(250, 400), cancelled))
        .hasMessage("called off");
    assertThat(gpu.writes()).isEmpty();
  }
}
