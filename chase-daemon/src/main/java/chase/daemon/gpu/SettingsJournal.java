package chase.daemon.gpu;

import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuSettings;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The knobs that users turned through Chase, in {@code knobs.json}: what must be undone when they
 * or Chase go. Every change is on the disk when its method returns.
 */
public final class SettingsJournal {
  static final String NAME = "knobs";

  private static final JournalFormat<Entry> DOCUMENT = new JournalFormat<>(NAME, new Format());

  private final JournalFile<Entry> file;
  private final InstantSource clock;

  private SettingsJournal(JournalFile<Entry> file, InstantSource clock) {
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
    JournalFile<Entry> file = JournalFile.inspect(places, DOCUMENT);
    return !file.entries().isEmpty() || file.loss().isPresent();
  }

  /** Its files, for whoever must be told about them. */
  JournalFile<Entry> file() {
    return file;
  }

  /** What must be undone, by GPU. */
  public Map<GpuId, Entry> entries() {
    return file.entries();
  }

  /** What must be undone on one GPU. */
  public Optional<Entry> entry(GpuId gpu) {
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
    Optional<Entry> left = entry(gpu).map(known -> known.withoutLocked(domain, clock.instant()));
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

  private Entry known(GpuId gpu, String model) {
    return entry(gpu).orElseGet(() -> Entry.empty(model, clock.instant()));
  }

  /**
   * What a user turned on one GPU through Chase, and what to do about it when he is gone.
   *
   * @param model the product's name
   * @param locked the clocks to unlock; which ones were locked before no driver tells
   * @param originalPersistence the persistence mode to put back, empty when it was not turned
   * @param at when this was written
   */
  public record Entry(
      String model,
      Set<GpuSettings.ClockDomain> locked,
      Optional<Boolean> originalPersistence,
      Instant at) {
    /** Copies the set. */
    public Entry {
      locked = Set.copyOf(locked);
    }

    static Entry empty(String model, Instant at) {
      return new Entry(model, Set.of(), Optional.empty(), at);
    }

    boolean isEmpty() {
      return locked.isEmpty() && originalPersistence.isEmpty();
    }

    Entry withLocked(GpuSettings.ClockDomain domain, Instant now) {
      Set<GpuSettings.ClockDomain> more = EnumSet.of(domain);
      more.addAll(locked);
      return new Entry(model, more, originalPersistence, now);
    }

    Entry withoutLocked(GpuSettings.ClockDomain domain, Instant now) {
      Set<GpuSettings.ClockDomain> fewer = EnumSet.noneOf(GpuSettings.ClockDomain.class);
      fewer.addAll(locked);
      fewer.remove(domain);
      return new Entry(model, fewer, originalPersistence, now);
    }

    /** The mode found first is the one to put back. */
    Entry withPersistence(boolean found, Instant now) {
      return new Entry(model, locked, originalPersistence.or(() -> Optional.of(found)), now);
    }
  }

  /** The turned knobs of one GPU as JSON. */
  static final class Format implements JournalFormat.EntryFormat<Entry> {
    @Override
    public void write(ObjectNode node, Entry entry) {
      node.put("model", entry.model());
      ArrayNode locked = node.putArray("locked_clocks");
      entry.locked().forEach(domain -> locked.add(domain.name().toLowerCase(Locale.ROOT)));
      entry.originalPersistence().ifPresent(found -> node.put("persistence_mode_found", found));
      node.put("at", entry.at().toString());
    }

    @Override
    public Entry read(JsonNode node) {
      JsonNode found = node.path("persistence_mode_found");
      if (!node.path("locked_clocks").isArray() || !(found.isMissingNode() || found.isBoolean())) {
        throw new IllegalArgumentException("it has no clocks");
      }
      return new Entry(
          node.path("model").asText("unknown model"),
          domains(node.path("locked_clocks")),
          found.isBoolean() ? Optional.of(found.booleanValue()) : Optional.empty(),
          Instant.parse(node.path("at").asText()));
    }

    private static Set<GpuSettings.ClockDomain> domains(JsonNode names) {
      Set<GpuSettings.ClockDomain> domains = EnumSet.noneOf(GpuSettings.ClockDomain.class);
      for (JsonNode name : names) {
        domains.add(GpuSettings.ClockDomain.valueOf(name.asText().toUpperCase(Locale.ROOT)));
      }
      return domains;
    }

    /** Unlocking what is not locked does no harm; the mode found first is the one to put back. */
    @Override
    public Entry merged(Entry newer, Entry older) {
      Set<GpuSettings.ClockDomain> locked = EnumSet.noneOf(GpuSettings.ClockDomain.class);
      locked.addAll(newer.locked());
      locked.addAll(older.locked());
      return new Entry(
          newer.model(),
          locked,
          older.originalPersistence().or(newer::originalPersistence),
          newer.at());
    }
  }
}
