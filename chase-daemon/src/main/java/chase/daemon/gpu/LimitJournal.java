package chase.daemon.gpu;

import chase.zeus.gpu.GpuId;
import chase.zeus.unit.Watts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The limits found, in {@code limits.json} of the state directory: what must be put back when Chase
 * goes. Every change is on the disk when its method returns. The threads of all GPUs write here,
 * one after the other.
 */
public final class LimitJournal {
  private static final String FILE = "limits.json";
  private static final String CHECK = "nvidia-smi -q -d POWER";

  private final JournalFile<JournalEntry> file;
  private final InstantSource clock;

  private LimitJournal(JournalFile<JournalEntry> file, InstantSource clock) {
    this.file = file;
    this.clock = clock;
  }

  /**
   * Opens the journal of a state directory, and writes it once, so that trouble with the disk shows
   * now and not at the first limit.
   *
   * @throws StateException when it cannot be read or written; it is never deleted or moved
   */
  public static LimitJournal open(Path directory, InstantSource clock) throws StateException {
    return new LimitJournal(
        JournalFile.open(directory.resolve(FILE), new JournalText(), CHECK), clock);
  }

  /**
   * Whether something is on record in a state directory; only looks.
   *
   * @throws StateException when there is a journal that cannot be read
   */
  static boolean holdsAnything(Path directory) throws StateException {
    return !JournalFile.look(directory.resolve(FILE), new JournalText(), CHECK).entries().isEmpty();
  }

  /** What must be put back, by GPU. */
  public Map<GpuId, JournalEntry> entries() {
    return file.entries();
  }

  /** What must be put back on one GPU. */
  public Optional<JournalEntry> entry(GpuId gpu) {
    return file.entry(gpu);
  }

  /**
   * Notes a limit before it is written to the card. An original that is itself one of Chase's older
   * limits does not replace the one on record.
   */
  void intend(GpuId gpu, String model, Watts original, Watts limit) throws IOException {
    Optional<JournalEntry> before = entry(gpu);
    boolean sameStory =
        before
            .filter(old -> old.original().sameLimitAs(original) || old.isOurs(original))
            .isPresent();
    Watts found = sameStory ? before.orElseThrow().original() : original;
    List<Watts> ours = sameStory ? before.orElseThrow().ours() : List.of();
    file.put(gpu, new JournalEntry(model, found, with(ours, limit), clock.instant()));
  }

  /** Notes what the card really shows after a write: the only limits of ours from now on. */
  void confirm(GpuId gpu, Watts asked, Watts shown) throws IOException {
    Optional<JournalEntry> before = entry(gpu);
    if (before.isPresent()) {
      List<Watts> ours = with(List.of(asked), shown);
      file.put(
          gpu,
          new JournalEntry(before.get().model(), before.get().original(), ours, clock.instant()));
    }
  }

  /** Drops a GPU: its limit is back, or somebody else's. */
  void forget(GpuId gpu) throws IOException {
    file.forget(gpu);
  }

  private static List<Watts> with(List<Watts> limits, Watts limit) {
    if (limits.stream().anyMatch(limit::sameLimitAs)) {
      return limits;
    }
    List<Watts> more = new ArrayList<>(limits);
    more.add(limit);
    return more;
  }
}
