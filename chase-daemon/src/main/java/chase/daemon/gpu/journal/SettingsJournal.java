package chase.daemon.gpu.journal;

import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuSettings.ClockDomain;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The settings that users changed through Chase, in {@code knobs.json}: what must be undone when
 * they or Chase are gone. Every change is on the disk when its method returns.
 */
public final class SettingsJournal {
  static final String NAME = "knobs";

  private static final JournalFormat<ChangedSettings> FORMAT =
      new JournalFormat<>(
          NAME, "clocks", SettingsRow.class, SettingsRow::of, ChangedSettings::mergedWith);

  private final JournalFile<ChangedSettings> file;
  private final InstantSource clock;

  private SettingsJournal(JournalFile<ChangedSettings> file, InstantSource clock) {
    this.file = file;
    this.clock = clock;
  }

  /**
   * What a user changed on one GPU through Chase, and how it is undone.
   *
   * @param model the product's name
   * @param locked the clocks to unlock; no driver returns which ones were locked before
   * @param originalPersistence the persistence mode to restore, empty when it was not changed
   * @param at when this was written
   */
  public record ChangedSettings(
      String model, Set<ClockDomain> locked, Optional<Boolean> originalPersistence, Instant at) {
    /** Copies the set. */
    public ChangedSettings {
      locked = Set.copyOf(locked);
    }

    boolean isEmpty() {
      return locked.isEmpty() && originalPersistence.isEmpty();
    }

    private ChangedSettings withLocked(ClockDomain domain, Instant now) {
      Set<ClockDomain> more = EnumSet.of(domain);
      more.addAll(locked);
      return new ChangedSettings(model, more, originalPersistence, now);
    }

    private ChangedSettings withoutLocked(ClockDomain domain, Instant now) {
      Set<ClockDomain> fewer = EnumSet.noneOf(ClockDomain.class);
      fewer.addAll(locked);
      fewer.remove(domain);
      return new ChangedSettings(model, fewer, originalPersistence, now);
    }

    /** The mode that was there first is the one to restore. */
    private ChangedSettings withOriginalPersistence(boolean on, Instant now) {
      return new ChangedSettings(model, locked, originalPersistence.or(() -> Optional.of(on)), now);
    }

    /** Unlocking what is not locked does no harm, so that nothing is left out. */
    private ChangedSettings mergedWith(ChangedSettings older) {
      Set<ClockDomain> all = EnumSet.noneOf(ClockDomain.class);
      all.addAll(locked);
      all.addAll(older.locked);
      return new ChangedSettings(
          model, all, older.originalPersistence.or(() -> originalPersistence), at);
    }
  }

  /** An entry as it stands in the file. */
  private record SettingsRow(
      @Nullable String model,
      @JsonProperty(required = true) @JsonSetter(nulls = Nulls.FAIL) List<String> lockedClocks,
      Optional<Boolean> persistenceModeFound,
      @Nullable String at)
      implements JournalFormat.JournalRow<ChangedSettings> {
    static SettingsRow of(ChangedSettings entry) {
      List<String> clocks =
          entry.locked().stream()
              .sorted()
              .map(domain -> domain.name().toLowerCase(Locale.ROOT))
              .toList();
      return new SettingsRow(
          entry.model(), clocks, entry.originalPersistence(), entry.at().toString());
    }

    @Override
    public ChangedSettings entry() {
      Set<ClockDomain> locked = EnumSet.noneOf(ClockDomain.class);
      lockedClocks.forEach(name -> locked.add(ClockDomain.valueOf(name.toUpperCase(Locale.ROOT))));
      return new ChangedSettings(
          Objects.requireNonNullElse(model, JournalFormat.UNKNOWN_MODEL),
          locked,
          persistenceModeFound,
          Instant.parse(Objects.requireNonNullElse(at, "")));
    }
  }

  /**
   * Opens the journal. It is there even where it cannot be read or written, because settings must
   * never keep limits from being restored.
   */
  static SettingsJournal open(StatePaths paths, InstantSource clock) {
    try {
      return new SettingsJournal(JournalFile.open(paths, FORMAT), clock);
    } catch (StateException e) {
      String why = String.valueOf(e.getMessage());
      return new SettingsJournal(JournalFile.unreadable(paths, FORMAT, why), clock);
    }
  }

  static boolean holdsAnything(StatePaths paths) throws StateException {
    JournalFile<ChangedSettings> file = JournalFile.inspect(paths, FORMAT);
    return !file.entries().isEmpty() || file.loss().isPresent();
  }

  /** Its files. */
  JournalFile<ChangedSettings> file() {
    return file;
  }

  /** Why entries may be missing, empty when none is. */
  public Optional<String> loss() {
    return file.loss();
  }

  /** What must be undone, by GPU. */
  public Map<GpuId, ChangedSettings> entries() {
    return file.entries();
  }

  /** What must be undone on one GPU. */
  public Optional<ChangedSettings> entry(GpuId gpu) {
    return file.entry(gpu);
  }

  /** Records locked clocks before they are locked. */
  public void intendLock(GpuId gpu, String model, ClockDomain domain) throws IOException {
    file.put(gpu, known(gpu, model).withLocked(domain, clock.instant()));
  }

  /** Records the present persistence mode before another one is set. */
  public void intendPersistence(GpuId gpu, String model, boolean present) throws IOException {
    file.put(gpu, known(gpu, model).withOriginalPersistence(present, clock.instant()));
  }

  /** Records that clocks are unlocked. */
  public void recordUnlock(GpuId gpu, ClockDomain domain) throws IOException {
    Optional<ChangedSettings> rest =
        entry(gpu).map(known -> known.withoutLocked(domain, clock.instant()));
    if (rest.isPresent() && rest.get().isEmpty()) {
      file.remove(gpu);
    } else if (rest.isPresent()) {
      file.put(gpu, rest.get());
    }
  }

  /** Drops a GPU: everything is as it was. */
  public void remove(GpuId gpu) throws IOException {
    file.remove(gpu);
  }

  private ChangedSettings known(GpuId gpu, String model) {
    return entry(gpu)
        .orElseGet(() -> new ChangedSettings(model, Set.of(), Optional.empty(), clock.instant()));
  }
}
