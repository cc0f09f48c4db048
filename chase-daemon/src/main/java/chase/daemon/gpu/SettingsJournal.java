package chase.daemon.gpu;

import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuSettings;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/**
 * The knobs that users turned through Chase, in {@code knobs.json}: what must be undone when they
 * or Chase go. Every change is on the disk when its method returns.
 */
public final class SettingsJournal {
  static final String NAME = "knobs";

  private static final JournalFormat<TurnedKnobs> DOCUMENT =
      new JournalFormat<>(NAME, new KnobText());

  private final JournalFile<TurnedKnobs> file;
  private final InstantSource clock;

  private SettingsJournal(JournalFile<TurnedKnobs> file, InstantSource clock) {
    this.file = file;
    this.clock = clock;
  }

  /**
   * Opens the journal; it is also there where it cannot be read or written, because knobs must
   * never keep limits from going back.
   */
  static SettingsJournal open(StatePaths places, InstantSource clock) {
    try {
      return new SettingsJournal(JournalFile.open(places, DOCUMENT), clock);
    } catch (StateException e) {
      String why = String.valueOf(e.getMessage());
      return new SettingsJournal(JournalFile.unreadable(places, DOCUMENT, why), clock);
    }
  }

  static boolean holdsAnything(StatePaths places) throws StateException {
    JournalFile<TurnedKnobs> file = JournalFile.inspect(places, DOCUMENT);
    return !file.entries().isEmpty() || file.loss().isPresent();
  }

  /** Its files, for whoever must be told about them. */
  JournalFile<TurnedKnobs> file() {
    return file;
  }

  /** What must be undone, by GPU. */
  public Map<GpuId, TurnedKnobs> entries() {
    return file.entries();
  }

  /** What must be undone on one GPU. */
  public Optional<TurnedKnobs> entry(GpuId gpu) {
    return file.entry(gpu);
  }

  /** Notes locked clocks before they are locked. */
  void intendLock(GpuId gpu, String model, GpuSettings.ClockDomain domain) throws IOException {
    file.put(gpu, known(gpu, model).withLocked(domain, clock.instant()));
  }

  /** Notes the persistence mode before it is turned. */
  void intendPersistence(GpuId gpu, String model, boolean found) throws IOException {
    file.put(gpu, known(gpu, model).withPersistence(found, clock.instant()));
  }

  /** Clocks are unlocked. */
  void recordUnlock(GpuId gpu, GpuSettings.ClockDomain domain) throws IOException {
    Optional<TurnedKnobs> left =
        entry(gpu).map(known -> known.withoutLocked(domain, clock.instant()));
    if (left.isPresent() && left.get().isEmpty()) {
      file.remove(gpu);
    } else if (left.isPresent()) {
      file.put(gpu, left.get());
    }
  }

  /** Drops a GPU: everything is as it was. */
  void remove(GpuId gpu) throws IOException {
    file.remove(gpu);
  }

  private TurnedKnobs known(GpuId gpu, String model) {
    return entry(gpu).orElseGet(() -> TurnedKnobs.empty(model, clock.instant()));
  }
}
