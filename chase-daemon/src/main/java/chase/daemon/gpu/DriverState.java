package chase.daemon.gpu;

import chase.daemon.gpu.journal.GpuJournals;
import chase.daemon.gpu.journal.LimitJournal.LimitEntry;
import chase.daemon.gpu.journal.SettingsJournal.ChangedSettings;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.GpuId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Where the GPU driver of this host stands. */
public sealed interface DriverState {
  /** Every {@link #word}. */
  List<String> WORDS = List.of("open", "missing", "released");

  /** It is open. */
  record Open() implements DriverState {}

  /** It is not there, or went away, and is tried again. */
  record Missing(String why) implements DriverState {}

  /**
   * An operator had it closed, so that it can be changed.
   *
   * @param until when it is opened again, where nothing opens it before
   */
  record Released(Instant until) implements DriverState {
    /** Such as {@code an operator released the driver until 2026-11-30T10:00:00Z}. */
    public String text() {
      return "an operator released the driver until " + until.truncatedTo(ChronoUnit.SECONDS);
    }
  }

  /**
   * The GPUs that never answered this daemon, so that nothing else of the daemon knows them.
   *
   * @param slots those of the driver's list, by their index, and why in a line that names each
   * @param records what is on record of GPUs and not restored, in a sentence each; which of {@code
   *     slots} such a GPU is, if any, only the GPU itself could tell
   */
  record UnansweredGpus(Map<Integer, String> slots, Map<GpuId, String> records) {
    /** None: every GPU answered once. */
    public static final UnansweredGpus NONE = new UnansweredGpus(Map.of(), Map.of());

    /** Sorts both. */
    public UnansweredGpus {
      slots = Collections.unmodifiableMap(new TreeMap<>(slots));
      Map<GpuId, String> byId = new TreeMap<>(Comparator.comparing(GpuId::uuid));
      byId.putAll(records);
      records = Collections.unmodifiableMap(byId);
    }

    /** Those that no worker opened so far and {@code known} does not hold; any thread may call. */
    static UnansweredGpus of(
        List<GpuWorker> workers, Optional<GpuJournals> journals, Snapshot known) {
      Map<Integer, String> slots = new TreeMap<>();
      workers.forEach(
          worker -> worker.whyUnopened().ifPresent(why -> slots.put(worker.index(), why)));
      Map<GpuId, String> records = new HashMap<>();
      journals.ifPresent(all -> {
        all.settings().entries().forEach((id, entry) -> records.put(id, text(id, entry)));
        all.limits().entries().forEach((id, entry) -> records.put(id, text(id, entry)));
      });
      known.gpus().forEach(gpu -> records.remove(gpu.traits().id()));
      return new UnansweredGpus(slots, records);
    }

    private static String text(GpuId id, LimitEntry entry) {
      return "%s (%s): limited by Chase to %s, does not answer; its original limit %s is on record and goes back when it does"
          .formatted(id, entry.model(), entry.chaseLimits().getLast(), entry.original());
    }

    private static String text(GpuId id, ChangedSettings entry) {
      return "%s (%s): does not answer; its own %s is on record and goes back when it does"
          .formatted(id, entry.model(), GpuRestorer.SettingsRestorer.describe(entry));
    }
  }

  /** In one word: {@code open}, {@code missing} or {@code released}. */
  default String word() {
    return switch (this) {
      case Open o -> "open";
      case Missing m -> "missing";
      case Released r -> "released";
    };
  }

  /** Why it is not open; empty while it is. */
  default Optional<String> whyNot() {
    return switch (this) {
      case Open o -> Optional.empty();
      case Missing missing -> Optional.of(missing.why());
      case Released released -> Optional.of(released.text());
    };
  }

  /** When a release ends. */
  default Optional<Instant> releasedUntil() {
    return this instanceof Released(Instant end) ? Optional.of(end) : Optional.empty();
  }
}
