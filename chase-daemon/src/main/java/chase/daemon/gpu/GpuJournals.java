package chase.daemon.gpu;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/**
 * All that is on record and must be put back when Chase goes. Neither journal keeps the other from
 * being used.
 *
 * @param limits the limits found
 * @param settings what users turned through Chase
 */
public record GpuJournals(LimitJournal limits, SettingsJournal settings) {
  /** Opens the journals of a state directory that has no second place. */
  public static GpuJournals open(Path directory, InstantSource clock) throws StateException {
    return open(StatePaths.of(directory), clock);
  }

  /**
   * Opens the journals, and writes each once, so that trouble with the disk shows now ({@link
   * #unwritable}) and not at the first change to a card. What is on record is there also when
   * nothing can be written.
   *
   * @throws StateException when the limits may not be read, or a newer Chase wrote them
   */
  public static GpuJournals open(StatePaths places, InstantSource clock) throws StateException {
    return new GpuJournals(LimitJournal.open(places, clock), SettingsJournal.open(places, clock));
  }

  /**
   * Whether something is, or may be, on record; only looks.
   *
   * @throws StateException when there is a journal that may not be read
   */
  public static boolean holdAnything(StatePaths places) throws StateException {
    return LimitJournal.holdsAnything(places) || SettingsJournal.holdsAnything(places);
  }

  /** Whether nothing is on record, for certain. */
  public boolean areEmpty() {
    return limits.entries().isEmpty() && settings.entries().isEmpty() && !haveLosses();
  }

  /** Whether entries are lost, so that any card may have something to be put back. */
  public boolean haveLosses() {
    return limits.file().loss().isPresent() || settings.file().loss().isPresent();
  }

  /** Why one of them cannot be written, empty when both can. */
  public Optional<String> unwritable() {
    return limits.file().unwritable().or(() -> settings.file().unwritable());
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
   * After everything was put back that could be: what is damaged is set aside, and both can be
   * written again. Not before a person knows what was lost.
   *
   * @throws IOException when the disk cannot be written; nothing is changed then
   */
  public void repair() throws IOException {
    limits.file().repair();
    settings.file().repair();
  }
}
