package chase.daemon.faults;

import java.time.Duration;

/**
 * A daemon that was killed, and what came of it.
 *
 * @param moment when it was killed
 * @param in what it died in, where that is known
 * @param lowered how many GPUs had a limit of Chase then
 * @param finder who restored them
 * @param leftBehind how many did not get their original limit back
 * @param journalDamaged whether a file of a journal could not be used
 * @param ledgerDamaged whether the ledger could not be used
 * @param command how long {@code chase restore} took in a process of its own; zero where none did
 * @param restore how long the same took in this process; zero where it did not happen here
 */
record Death(
    Moment moment,
    String in,
    int lowered,
    Finder finder,
    int leftBehind,
    boolean journalDamaged,
    boolean ledgerDamaged,
    Duration command,
    Duration restore) {
  /** When a daemon is killed. */
  enum Moment {
    RANDOM("at a random moment"),
    FILE_WRITE("in a write, sync or rename of a journal or the ledger"),
    DRIVER_WRITE("in a call that sets a limit");

    private final String text;

    Moment(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }
  }

  /** Who restores what it left. */
  enum Finder {
    COMMAND("restored by `chase restore` as a process"),
    HERE("restored by `chase restore` in the test's process"),
    NEXT_START("restored by the next daemon at its start");

    private final String text;

    Finder(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }
  }

  /** The same death with what came of it. */
  Death restored(int left, Duration byCommand, Duration here) {
    return new Death(
        moment, in, lowered, finder, left, journalDamaged, ledgerDamaged, byCommand, here);
  }
}
