package chase.daemon.gpu;

import chase.zeus.gpu.ClockDomain;
import chase.zeus.gpu.GpuId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/**
 * The knobs that users turned through Chase, in {@code knobs.json} of the state directory: what
 * must be undone when they or Chase go. Every change is on the disk when its method returns.
 */
public final class KnobJournal {
  private static final String FILE = "knobs.json";
  private static final String CHECK = "nvidia-smi -q -d CLOCK";

  private final JournalFile<TurnedKnobs> file;
  private final InstantSource clock;

  private KnobJournal(JournalFile<TurnedKnobs> file, InstantSource clock) {
    this.file = file;
    this.clock = clock;
  }

  /**
   * Opens the journal of a state directory.
   *
   * @throws StateException when it cannot be read or written; it is never deleted or moved
   */
  static KnobJournal open(Path directory, InstantSource clock) throws StateException {
    return new KnobJournal(JournalFile.open(directory.resolve(FILE), new KnobText(), CHECK), clock);
  }

  static boolean holdsAnything(Path directory) throws StateException {
    return !JournalFile.look(directory.resolve(FILE), new KnobText(), CHECK).entries().isEmpty();
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
  void intendLock(GpuId gpu, String model, ClockDomain domain) throws IOException {
    file.put(gpu, known(gpu, model).with(domain, clock.instant()));
  }

  /** Notes the persistence mode before it is turned. */
  void intendPersistence(GpuId gpu, String model, boolean found) throws IOException {
    file.put(gpu, known(gpu, model).withPersistence(found, clock.instant()));
  }

  /** Clocks are unlocked. */
  void unlocked(GpuId gpu, ClockDomain domain) throws IOException {
    Optional<TurnedKnobs> left = entry(gpu).map(known -> known.without(domain, clock.instant()));
    if (left.isPresent() && left.get().isNone()) {
      file.forget(gpu);
    } else if (left.isPresent()) {
      file.put(gpu, left.get());
    }
  }

  /** Drops a GPU: everything is as it was. */
  void forget(GpuId gpu) throws IOException {
    file.forget(gpu);
  }

  private TurnedKnobs known(GpuId gpu, String model) {
    return entry(gpu).orElseGet(() -> TurnedKnobs.none(model, clock.instant()));
  }
}
