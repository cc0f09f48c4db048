package chase.daemon.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chase.daemon.fixtures.FakeGpu;
import chase.daemon.gpu.journal.GpuJournals;
import chase.daemon.gpu.journal.SettingsJournal;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
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

/** Clocks and persistence mode, as Zeus's clients change them. */
class GpuSettingChangesTest {
  private static final GpuSettings.ClockRange RANGE = new GpuSettings.ClockRange(300, 900);
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-23T10:00:00Z"));

  @TempDir Path directory;
  private final FakeGpu gpu = new FakeGpu(0);
  private SettingsJournal settings;
  private GpuOperations operations;

  @BeforeEach
  void open() throws Exception {
    GpuJournals journals = GpuJournals.open(directory, CLOCK);
    settings = journals.settings();
    operations = new GpuOperations(gpu, Optional.of(journals), Optional.empty(), CLOCK);
  }

  private String onDisk() {
    try {
      return Files.readString(directory.resolve("knobs.json"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void change(SettingChange change) throws GpuException {
    operations.change(change, () -> {});
  }

  private static SettingChange lock(GpuSettings.ClockDomain domain) {
    return new SettingChange.LockClocks(domain, RANGE);
  }

  @Test
  void lockedClocksAreOnRecordBeforeTheyAreOnTheGpu() throws Exception {
    List<String> seen = new ArrayList<>();
    gpu.changedSettings().beforeWrite(() -> seen.add(onDisk()));
    change(lock(GpuSettings.ClockDomain.GPU));
    assertThat(gpu.changedSettings().locked(GpuSettings.ClockDomain.GPU)).contains(RANGE);
    assertThat(seen).singleElement().asString().contains("locked_clocks", "gpu");
  }

  @Test
  void whatIsUndoneLeavesTheRecord() throws Exception {
    change(lock(GpuSettings.ClockDomain.GPU));
    change(lock(GpuSettings.ClockDomain.MEMORY));
    change(new SettingChange.PersistenceMode(true));
    change(new SettingChange.UnlockClocks(GpuSettings.ClockDomain.GPU));
    assertThat(settings.entry(gpu.traits().id()).orElseThrow().locked())
        .containsExactly(GpuSettings.ClockDomain.MEMORY);
    assertThat(operations.undoChanges().orElseThrow().line())
        .isEqualTo("GPU 0 (GPU-0) has its own clocks and persistence mode again");
    assertThat(gpu.changedSettings().locked(GpuSettings.ClockDomain.MEMORY)).isEmpty();
    assertThat(gpu.changedSettings().persistent()).isFalse();
    assertThat(settings.entries()).isEmpty();
    assertThat(operations.undoChanges()).isEmpty();
  }

  @Test
  void noClockIsLockedUnderMig() {
    gpu.forbid(Optional.of("MIG is enabled"));
    assertThatThrownBy(() -> change(lock(GpuSettings.ClockDomain.GPU)))
        .hasMessage("MIG is enabled");
    assertThat(gpu.changedSettings().writes()).isEmpty();
  }

  @Test
  void aModeThatIsSetAlreadyIsNotWritten() throws Exception {
    change(new SettingChange.PersistenceMode(false));
    assertThat(gpu.changedSettings().writes()).isEmpty();
    assertThat(settings.entries()).isEmpty();
  }

  @Test
  void aRefusedChangeIsNotOnRecord() {
    gpu.failWrites(Optional.of(GpuException.Kind.REFUSED));
    assertThatThrownBy(() -> change(lock(GpuSettings.ClockDomain.GPU)))
        .hasMessage("write: REFUSED");
    assertThat(settings.entries()).isEmpty();
  }

  @Test
  void aChangeWithoutAResultStaysOnRecord() {
    gpu.failWrites(Optional.of(GpuException.Kind.RETRY));
    assertThatThrownBy(() -> change(lock(GpuSettings.ClockDomain.GPU))).hasMessage("write: RETRY");
    assertThat(settings.entries()).hasSize(1);
  }

  @Test
  void whatCannotBeUndoneStaysOnRecordForTheNextStart() throws Exception {
    change(lock(GpuSettings.ClockDomain.GPU));
    gpu.failWrites(Optional.of(GpuException.Kind.RETRY));
    assertThat(operations.undoChanges().orElseThrow().line())
        .isEqualTo("GPU 0 (GPU-0) did not get back its own clocks: write: RETRY");
    gpu.failWrites(Optional.empty());
    new GpuRestorer(gpu, GpuJournals.open(directory, CLOCK)).restore();
    settings = GpuJournals.open(directory, CLOCK).settings();
    assertThat(gpu.changedSettings().locked(GpuSettings.ClockDomain.GPU)).isEmpty();
    assertThat(settings.entries()).isEmpty();
  }

  @Test
  void withoutAJournalNoSettingIsChanged() {
    GpuOperations observing = new GpuOperations(gpu, Optional.empty(), Optional.empty(), CLOCK);
    assertThatThrownBy(() -> observing.change(lock(GpuSettings.ClockDomain.GPU), () -> {}))
        .hasMessage("without a journal nothing is written");
    assertThat(gpu.changedSettings().writes()).isEmpty();
  }
}
