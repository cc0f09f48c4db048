package chase.daemon.gpu;

import java.nio.file.Path;
import java.time.InstantSource;

/**
 * All that is on record and must be put back when Chase goes.
 *
 * @param limits the limits found
 * @param knobs what users turned through Chase
 */
public record Journals(LimitJournal limits, KnobJournal knobs) {
  /**
   * Opens the journals of a state directory, and writes each once, so that trouble with the disk
   * shows now and not at the first change to a card.
   *
   * @throws StateException when one cannot be read or written; none is ever deleted or moved
   */
  public static Journals open(Path directory, InstantSource clock) throws StateException {
    return new Journals(LimitJournal.open(directory, clock), KnobJournal.open(directory, clock));
  }

  /**
   * Whether something is on record in a state directory; only looks.
   *
   * @throws StateException when there is a journal that cannot be read
   */
  public static boolean holdAnything(Path directory) throws StateException {
    return LimitJournal.holdsAnything(directory) || KnobJournal.holdsAnything(directory);
  }

  /** Whether nothing is on record. */
  public boolean areEmpty() {
    return limits.entries().isEmpty() && knobs.entries().isEmpty();
  }
}
