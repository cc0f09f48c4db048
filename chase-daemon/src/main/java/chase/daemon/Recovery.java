package chase.daemon;

import chase.daemon.config.ChaseConfig;
import chase.daemon.gpu.Journals;
import chase.daemon.gpu.LimitRestore;
import chase.daemon.gpu.RestoreOutcome;
import chase.daemon.gpu.RestoreOutcome.Kind;
import chase.daemon.gpu.StateException;
import chase.daemon.gpu.StateLock;
import chase.daemon.gpu.StatePlaces;
import chase.zeus.gpu.Gpus;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * The limits on record and the right to put them back, from the first look at the state directory
 * to the last.
 */
final class Recovery {
  private static final Logger LOG = System.getLogger(Recovery.class.getName());

  private final StateLock lock;
  private final Journals journals;
  private final LimitRestore restore;

  private Recovery(StateLock lock, Journals journals, Duration deadline) {
    this.lock = lock;
    this.journals = journals;
    this.restore = new LimitRestore(journals, deadline);
  }

  /** Where a daemon with this configuration keeps what must be put back. */
  static StatePlaces places(ChaseConfig config) {
    return new StatePlaces(config.stateDirectory(), Optional.of(config.control().socket()));
  }

  /** What a daemon with this configuration may have to put back. */
  static Recovery of(ChaseConfig config, InstantSource clock) throws StateException {
    return open(places(config), config.gpu().callDeadline(), clock);
  }

  /**
   * Takes the lock, then reads the journals; both also work on a disk that cannot be written, as
   * far as putting back needs them.
   */
  static Recovery open(StatePlaces places, Duration deadline, InstantSource clock)
      throws StateException {
    StateLock lock = StateLock.take(places.directory());
    try {
      return new Recovery(lock, Journals.open(places, clock), deadline);
    } catch (StateException e) {
      lock.close();
      throw e;
    }
  }

  /** For whoever may not write: says so when an earlier Chase left limits behind. */
  static void onlyLook(StatePlaces places) {
    try {
      if (Journals.holdAnything(places)) {
        LOG.log(Level.WARNING, "an earlier Chase left limits behind; chase restore puts them back");
      }
    } catch (StateException e) {
      LOG.log(Level.WARNING, String.valueOf(e.getMessage()));
    }
  }

  Journals journals() {
    return journals;
  }

  /** Puts back what an earlier Chase, or this one, left behind. Blocks. */
  List<RestoreOutcome> restore(Gpus gpus) {
    List<RestoreOutcome> outcomes = restore.restore(gpus.all());
    outcomes.forEach(outcome -> LOG.log(level(outcome), outcome.line()));
    boolean known =
        gpus.unopened().isEmpty()
            && outcomes.stream().noneMatch(outcome -> outcome.kind() == Kind.UNKNOWN);
    if (known) {
      mend();
    }
    return outcomes;
  }

  private void mend() {
    try {
      journals.mend();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the damaged journal stays: " + e.getMessage());
    }
  }

  /** What a person should do about limits that are not known any more; empty when all are. */
  Optional<String> advice() {
    return journals.advice();
  }

  /**
   * Puts back what an earlier Chase left behind, and only then asks whether a daemon may set limits
   * now. Blocks.
   *
   * @throws StartupException with one line when it may not; the GPUs are closed then
   */
  void restoreAtStart(Gpus gpus) throws StartupException {
    restore(gpus);
    try {
      requireUsable();
    } catch (StartupException e) {
      gpus.close();
      throw e;
    }
  }

  private void requireUsable() throws StartupException {
    Optional<String> unknown = advice();
    if (unknown.isPresent()) {
      throw new StartupException(unknown.get());
    }
    Optional<String> unwritable = lock.weakness().or(journals::unwritable);
    if (unwritable.isPresent()) {
      throw new StartupException(
          unwritable.get() + "; limits on record are put back, and no other is set");
    }
  }

  private static Level level(RestoreOutcome outcome) {
    return switch (outcome.kind()) {
      case RESTORED, UNTOUCHED -> Level.INFO;
      case FOREIGN, ABSENT, FAILED, UNKNOWN -> Level.WARNING;
    };
  }

  void close() throws StateException {
    lock.close();
  }
}
