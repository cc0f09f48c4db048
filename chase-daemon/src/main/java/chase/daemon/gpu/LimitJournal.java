package chase.daemon.gpu;

import chase.zeus.gpu.GpuId;
import chase.zeus.unit.Watts;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The limits found, in {@code limits.json}: what must be put back when Chase goes. Every change is
 * on the disk when its method returns. What was last known of each card stays in {@code
 * originals.json} when its limit is back. The threads of all GPUs write here, one after the other.
 */
public final class LimitJournal {
  static final String NAME = "limits";

  private static final Logger LOG = System.getLogger(LimitJournal.class.getName());

  private static final JournalFormat<JournalEntry> DOCUMENT =
      new JournalFormat<>(NAME, new JournalText());
  private static final JournalFormat<Watts> ORIGINALS =
      new JournalFormat<>("originals", new OriginalsText());

  private final JournalFile<JournalEntry> file;
  private final JournalFile<Watts> originals;
  private final InstantSource clock;

  private LimitJournal(
      JournalFile<JournalEntry> file, JournalFile<Watts> originals, InstantSource clock) {
    this.file = file;
    this.originals = originals;
    this.clock = clock;
  }

  /**
   * Opens the journal, and writes it once, so that trouble with the disk shows now and not at the
   * first limit. It is also there where the disk cannot be written, or where entries are lost.
   *
   * @throws StateException when it may not be read, or a newer Chase wrote it
   */
  public static LimitJournal open(StatePaths places, InstantSource clock) throws StateException {
    return new LimitJournal(JournalFile.open(places, DOCUMENT), originals(places), clock);
  }

  /** Without them a card below its default is in doubt, which is no reason to stop. */
  private static JournalFile<Watts> originals(StatePaths places) {
    try {
      JournalFile<Watts> originals = JournalFile.open(places, ORIGINALS);
      originals.repair();
      return originals;
    } catch (StateException | IOException e) {
      return JournalFile.unreadable(places, ORIGINALS, String.valueOf(e.getMessage()));
    }
  }

  /**
   * Whether something is or may be on record; only looks.
   *
   * @throws StateException when there is a journal that may not be read
   */
  static boolean holdsAnything(StatePaths places) throws StateException {
    JournalFile<JournalEntry> file = JournalFile.inspect(places, DOCUMENT);
    return !file.entries().isEmpty() || file.loss().isPresent();
  }

  /** Its files, for whoever must be told about them. */
  JournalFile<JournalEntry> file() {
    return file;
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
   * The highest limit that was last known to be a card's own, also when it is not in the journal
   * any more; empty when there is no memory of that card, as after the state directory was lost.
   */
  public Optional<Watts> lastKnownOriginal(GpuId gpu) {
    return Stream.of(entry(gpu).map(JournalEntry::original), originals.entry(gpu))
        .flatMap(Optional::stream)
        .max(Comparator.naturalOrder());
  }

  /**
   * Remembers a card's own limit beyond its entry. Of one that is in doubt, the highest that it may
   * be: a lower one would be believed from then on. What cannot be written is forgotten with the
   * process.
   */
  void rememberOriginal(GpuId gpu, Watts original) {
    try {
      if (originals.entry(gpu).filter(original::sameLimitAs).isEmpty()) {
        originals.put(gpu, original);
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the original limit of " + gpu + " is not kept: " + e.getMessage());
    }
  }

  /**
   * Notes a limit before it is written to the card. An original that is itself one of Chase's older
   * limits does not replace the one on record.
   */
  void intend(GpuId gpu, String model, Watts original, Watts limit) throws IOException {
    Optional<JournalEntry> before = entry(gpu);
    boolean sameStory =
        before
            .filter(old -> old.original().sameLimitAs(original) || old.isChaseLimit(original))
            .isPresent();
    Watts found = sameStory ? before.orElseThrow().original() : original;
    List<Watts> ours = sameStory ? before.orElseThrow().chaseLimits() : List.of();
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
  void remove(GpuId gpu) throws IOException {
    file.remove(gpu);
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
