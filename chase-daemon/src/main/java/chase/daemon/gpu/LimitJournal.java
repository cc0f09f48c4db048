package chase.daemon.gpu;

import chase.zeus.gpu.GpuId;
import chase.zeus.unit.Watts;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
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

  private static final JournalFormat<Entry> DOCUMENT = new JournalFormat<>(NAME, new Format());
  private static final JournalFormat<Watts> ORIGINALS =
      new JournalFormat<>("originals", new OriginalFormat());

  private final JournalFile<Entry> file;
  private final JournalFile<Watts> originals;
  private final InstantSource clock;

  private LimitJournal(JournalFile<Entry> file, JournalFile<Watts> originals, InstantSource clock) {
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
    JournalFile<Entry> file = JournalFile.inspect(places, DOCUMENT);
    return !file.entries().isEmpty() || file.loss().isPresent();
  }

  /** Its files, for whoever must be told about them. */
  JournalFile<Entry> file() {
    return file;
  }

  /** What must be put back, by GPU. */
  public Map<GpuId, Entry> entries() {
    return file.entries();
  }

  /** What must be put back on one GPU. */
  public Optional<Entry> entry(GpuId gpu) {
    return file.entry(gpu);
  }

  /**
   * The highest limit that was last known to be a card's own, also when it is not in the journal
   * any more; empty when there is no memory of that card, as after the state directory was lost.
   */
  public Optional<Watts> lastKnownOriginal(GpuId gpu) {
    return Stream.of(entry(gpu).map(Entry::original), originals.entry(gpu))
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
    Optional<Entry> before = entry(gpu);
    boolean sameStory =
        before
            .filter(old -> old.original().sameLimitAs(original) || old.isChaseLimit(original))
            .isPresent();
    Watts found = sameStory ? before.orElseThrow().original() : original;
    List<Watts> ours = sameStory ? before.orElseThrow().chaseLimits() : List.of();
    file.put(gpu, new Entry(model, found, with(ours, limit), clock.instant()));
  }

  /** Notes what the card really shows after a write: the only limits of ours from now on. */
  void confirm(GpuId gpu, Watts asked, Watts shown) throws IOException {
    Optional<Entry> before = entry(gpu);
    if (before.isPresent()) {
      List<Watts> ours = with(List.of(asked), shown);
      file.put(
          gpu, new Entry(before.get().model(), before.get().original(), ours, clock.instant()));
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

  /**
   * What the journal knows of one GPU.
   *
   * @param model the product's name
   * @param original the limit found, which is put back
   * @param chaseLimits the limits that may be there because of Chase: confirmed or intended
   * @param at when this was written
   */
  public record Entry(String model, Watts original, List<Watts> chaseLimits, Instant at) {
    /** Copies the list. */
    public Entry {
      chaseLimits = List.copyOf(chaseLimits);
    }

    /** Whether a card that shows {@code limit} shows one of Chase's own. */
    public boolean isChaseLimit(Watts limit) {
      return chaseLimits.stream().anyMatch(limit::sameLimitAs);
    }
  }

  /** The limits of one GPU as JSON; in whole milliwatts, as the driver takes them. */
  static final class Format implements JournalFormat.EntryFormat<Entry> {
    @Override
    public void write(ObjectNode node, Entry entry) {
      node.put("model", entry.model());
      node.put("original_milliwatts", entry.original().toMilliwatts());
      ArrayNode ours = node.putArray("ours_milliwatts");
      entry.chaseLimits().forEach(limit -> ours.add(limit.toMilliwatts()));
      node.put("at", entry.at().toString());
    }

    @Override
    public Entry read(JsonNode node) {
      JsonNode ours = node.path("ours_milliwatts");
      if (!ours.isArray()) {
        throw new IllegalArgumentException("it has no limits");
      }
      List<Watts> limits = new ArrayList<>();
      ours.forEach(limit -> limits.add(watts(limit)));
      return new Entry(
          node.path("model").asText("unknown model"),
          watts(node.path("original_milliwatts")),
          limits,
          Instant.parse(node.path("at").asText()));
    }

    static Watts watts(JsonNode limit) {
      if (!limit.isIntegralNumber() || !limit.canConvertToLong()) {
        throw new IllegalArgumentException("it has no limits");
      }
      return Watts.ofMilliwatts(limit.asLong());
    }

    /** The newer one knows the original; what either knows to be ours is ours. */
    @Override
    public Entry merged(Entry newer, Entry older) {
      List<Watts> ours =
          Stream.concat(newer.chaseLimits().stream(), older.chaseLimits().stream())
              .distinct()
              .toList();
      return new Entry(newer.model(), newer.original(), ours, newer.at());
    }
  }

  /** The original limit of one GPU as JSON. */
  static final class OriginalFormat implements JournalFormat.EntryFormat<Watts> {
    private static final String LIMIT = "limit_milliwatts";

    @Override
    public void write(ObjectNode node, Watts limit) {
      node.put(LIMIT, limit.toMilliwatts());
    }

    @Override
    public Watts read(JsonNode node) {
      return Format.watts(node.path(LIMIT));
    }

    @Override
    public Watts merged(Watts newer, Watts older) {
      return newer;
    }
  }
}
