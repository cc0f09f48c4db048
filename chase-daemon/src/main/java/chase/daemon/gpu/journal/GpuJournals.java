package chase.daemon.gpu.journal;

import chase.zeus.gpu.GpuId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Everything that is on record and must be restored when Chase goes. Each journal can be used
 * without the other.
 *
 * @param limits the original limits
 * @param settings what users changed through Chase
 * @param pace how fast the limits rise together as they are restored
 */
public record GpuJournals(LimitJournal limits, SettingsJournal settings, RestorePace pace) {
  /** Opens the journals of a state directory that has no runtime copies. */
  public static GpuJournals open(Path directory, InstantSource clock) throws StateException {
    return open(StatePaths.of(directory), clock);
  }

  /**
   * Opens the journals, and writes each once, so that a failing disk is noticed now ({@link
   * #unwritable}) and not at the first change to a GPU. What is on record is there also when
   * nothing can be written.
   *
   * @throws StateException when the limits may not be read, or a newer Chase wrote them
   */
  public static GpuJournals open(StatePaths paths, InstantSource clock) throws StateException {
    LimitJournal limits = LimitJournal.open(paths, clock);
    return new GpuJournals(
        limits, SettingsJournal.open(paths, clock), new RestorePace(limits, clock));
  }

  /**
   * Whether something is, or may be, on record; changes nothing.
   *
   * @throws StateException when there is a journal that may not be read
   */
  public static boolean holdAnything(StatePaths paths) throws StateException {
    return LimitJournal.holdsAnything(paths) || SettingsJournal.holdsAnything(paths);
  }

  /** The GPUs of which something is on record. */
  public Set<GpuId> gpus() {
    Set<GpuId> known = new LinkedHashSet<>(limits.entries().keySet());
    known.addAll(settings.entries().keySet());
    return known;
  }

  /** Whether nothing is on record, for certain. */
  public boolean areEmpty() {
    return limits.entries().isEmpty() && settings.entries().isEmpty() && !haveLosses();
  }

  /** Whether entries are lost, so that any GPU may have something to be restored. */
  public boolean haveLosses() {
    return limits.file().loss().isPresent() || settings.file().loss().isPresent();
  }

  /** Why one of them cannot be written, empty when both can. */
  public Optional<String> unwritable() {
    return limits.file().unwritable().or(() -> settings.file().unwritable());
  }

  /** From now on nothing is written, because of {@code why}; restoring still works. */
  public void holdReadOnly(String why) {
    limits.holdReadOnly(why);
    settings.file().holdReadOnly(why);
  }

  /** What a person should do while limits are lost; empty when none is. */
  public Optional<String> advice() {
    return limits
        .file()
        .loss()
        .map(loss ->
            "%s; give the GPUs named before their limits and run chase restore again, or remove these files where all limits are as they should be"
                .formatted(loss));
  }

  /**
   * After everything was restored that could be: damaged files get another name, and both journals
   * can be written again. Only once a person knows what was lost.
   *
   * @throws IOException when the disk cannot be written; nothing is changed then
   */
  public void repair() throws IOException {
    limits.file().repair();
    settings.file().repair();
  }
}
