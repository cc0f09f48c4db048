package chase.daemon.gpu.journal;

import chase.zeus.gpu.GpuId;
import chase.zeus.unit.Watts;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The original limits, in {@code limits.json}: what must be restored when Chase goes. Every change
 * is on the disk when its method returns. The last known original limit of each GPU stays in {@code
 * originals.json} after it was restored. The threads of all GPUs write here, one after the other.
 */
public final class LimitJournal {
  static final String NAME = "limits";

  private static final Logger LOG = System.getLogger(LimitJournal.class.getName());

  private static final JournalFormat<LimitEntry> FORMAT =
      new JournalFormat<>(NAME, "limits", LimitRow.class, LimitRow::of, LimitEntry::mergedWith);
  private static final JournalFormat<Watts> ORIGINALS =
      new JournalFormat<>(
          "originals", "limits", OriginalRow.class, OriginalRow::of, (newer, older) -> newer);

  private final JournalFile<LimitEntry> file;
  private final JournalFile<Watts> originals;
  private final InstantSource clock;

  private LimitJournal(
      JournalFile<LimitEntry> file, JournalFile<Watts> originals, InstantSource clock) {
    this.file = file;
    this.originals = originals;
    this.clock = clock;
  }

  /**
   * What is on record of one GPU.
   *
   * @param model the product's name
   * @param original the original limit, which is restored
   * @param chaseLimits the limits that may be set because of Chase: confirmed or intended
   * @param at when this was written
   */
  public record LimitEntry(String model, Watts original, List<Watts> chaseLimits, Instant at) {
    /** Copies the list. */
    public LimitEntry {
      chaseLimits = List.copyOf(chaseLimits);
    }

    /** Whether a GPU that shows {@code limit} shows one of Chase's own. */
    public boolean isChaseLimit(Watts limit) {
      return chaseLimits.stream().anyMatch(limit::sameLimitAs);
    }

    /** The newer one knows the original; what either knows to be Chase's limit is one. */
    private LimitEntry mergedWith(LimitEntry older) {
      List<Watts> all =
          Stream.concat(chaseLimits.stream(), older.chaseLimits.stream()).distinct().toList();
      return new LimitEntry(model, original, all, at);
    }
  }

  /** An entry as it stands in the file; in whole milliwatts, as the driver takes them. */
  private record LimitRow(
      @Nullable String model,
      long originalMilliwatts,
      @JsonProperty(required = true) @JsonSetter(nulls = Nulls.FAIL) List<Long> oursMilliwatts,
      @Nullable String at)
      implements JournalFormat.JournalRow<LimitEntry> {
    static LimitRow of(LimitEntry entry) {
      return new LimitRow(
          entry.model(),
          entry.original().toMilliwatts(),
          entry.chaseLimits().stream().map(Watts::toMilliwatts).toList(),
          entry.at().toString());
    }

    @Override
    public LimitEntry entry() {
      return new LimitEntry(
          Objects.requireNonNullElse(model, JournalFormat.UNKNOWN_MODEL),
          Watts.ofMilliwatts(originalMilliwatts),
          oursMilliwatts.stream().map(Watts::ofMilliwatts).toList(),
          Instant.parse(Objects.requireNonNullElse(at, "")));
    }
  }

  /** An original limit as it stands in the file. */
  private record OriginalRow(long limitMilliwatts) implements JournalFormat.JournalRow<Watts> {
    static OriginalRow of(Watts limit) {
      return new OriginalRow(limit.toMilliwatts());
    }

    @Override
    public Watts entry() {
      return Watts.ofMilliwatts(limitMilliwatts);
    }
  }

  /**
   * Opens the journal, and writes it once, so that a failing disk is noticed now and not at the
   * first limit. It is also there where the disk cannot be written, or where entries are lost.
   *
   * @throws StateException when it may not be read, or a newer Chase wrote it
   */
  public static LimitJournal open(StatePaths paths, InstantSource clock) throws StateException {
    return new LimitJournal(JournalFile.open(paths, FORMAT), originals(paths), clock);
  }

  /** Without them a GPU below its default limit is in doubt, which is no reason to stop. */
  private static JournalFile<Watts> originals(StatePaths paths) {
    try {
      JournalFile<Watts> originals = JournalFile.open(paths, ORIGINALS);
      originals.repair();
      return originals;
    } catch (StateException | IOException e) {
      return JournalFile.unreadable(paths, ORIGINALS, String.valueOf(e.getMessage()));
    }
  }

  /**
   * Whether something is or may be on record; changes nothing.
   *
   * @throws StateException when there is a journal that may not be read
   */
  static boolean holdsAnything(StatePaths paths) throws StateException {
    JournalFile<LimitEntry> file = JournalFile.inspect(paths, FORMAT);
    return !file.entries().isEmpty() || file.loss().isPresent();
  }

  /** Its files. */
  JournalFile<LimitEntry> file() {
    return file;
  }

  void holdReadOnly(String why) {
    file.holdReadOnly(why);
    originals.holdReadOnly(why);
  }

  /** Why entries may be missing, empty when none is. */
  public Optional<String> loss() {
    return file.loss();
  }

  /** What must be restored, by GPU. */
  public Map<GpuId, LimitEntry> entries() {
    return file.entries();
  }

  /** What must be restored on one GPU. */
  public Optional<LimitEntry> entry(GpuId gpu) {
    return file.entry(gpu);
  }

  /**
   * The highest limit that was last known to be a GPU's own, also when it is not in the journal any
   * more; empty when nothing is known of that GPU, as after the state directory was lost.
   */
  public Optional<Watts> lastKnownOriginal(GpuId gpu) {
    return Stream.of(entry(gpu).map(LimitEntry::original), originals.entry(gpu))
        .flatMap(Optional::stream)
        .max(Comparator.naturalOrder());
  }

  /**
   * Remembers a GPU's own limit beyond its entry. Of one that is in doubt, the highest that it may
   * be: a lower one would be believed from then on. What cannot be written is forgotten with the
   * process.
   */
  public void rememberOriginal(GpuId gpu, Watts original) {
    try {
      if (originals.entry(gpu).filter(original::sameLimitAs).isEmpty()) {
        originals.put(gpu, original);
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the original limit of " + gpu + " is not kept: " + e.getMessage());
    }
  }

  /**
   * Records a limit before it is written to the GPU. An original that is itself one of Chase's
   * older limits does not replace the one on record.
   */
  public void intend(GpuId gpu, String model, Watts original, Watts limit) throws IOException {
    Optional<LimitEntry> sameOriginal =
        entry(gpu)
            .filter(old -> old.original().sameLimitAs(original) || old.isChaseLimit(original));
    Watts kept = sameOriginal.map(LimitEntry::original).orElse(original);
    List<Watts> before = sameOriginal.map(LimitEntry::chaseLimits).orElse(List.of());
    file.put(gpu, new LimitEntry(model, kept, with(before, limit), clock.instant()));
  }

  /** Records what the GPU really shows after a write: the only limits of Chase from now on. */
  public void confirm(GpuId gpu, Watts written, Watts shown) throws IOException {
    Optional<LimitEntry> before = entry(gpu);
    if (before.isPresent()) {
      List<Watts> limits = with(List.of(written), shown);
      file.put(
          gpu,
          new LimitEntry(before.get().model(), before.get().original(), limits, clock.instant()));
    }
  }

  /** Drops a GPU: it has its original limit, or one of an external process. */
  public void remove(GpuId gpu) throws IOException {
    file.remove(gpu);
  }

  /**
   * Drops a GPU that shows neither a limit of Chase nor its original: the external process that set
   * it may come to one of Chase's limits later, which is then its own. On a disk that cannot be
   * written the entry stays.
   */
  public void forgetOverwritten(GpuId gpu, Watts shown) {
    boolean overwritten =
        entry(gpu)
            .filter(on -> !on.isChaseLimit(shown) && !shown.sameLimitAs(on.original()))
            .isPresent();
    try {
      if (overwritten) {
        remove(gpu);
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the entry of " + gpu + " stays: " + e.getMessage());
    }
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
