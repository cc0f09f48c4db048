package chase.daemon;

import chase.daemon.gpu.Journals;
import chase.daemon.gpu.LimitRestore;
import chase.daemon.gpu.RestoreOutcome;
import chase.daemon.gpu.StateException;
import chase.daemon.gpu.StateLock;
import chase.zeus.gpu.Gpus;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

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

  /** Takes the lock, then reads the journals. */
  static Recovery open(Path directory, Duration deadline, InstantSource clock)
      throws StateException {
    StateLock lock = StateLock.take(directory);
    try {
      return new Recovery(lock, Journals.open(directory, clock), deadline);
    } catch (StateException e) {
      lock.close();
      throw e;
    }
  }

  /** For whoever may not write: says so when an earlier Chase left limits behind. */
  static void onlyLook(Path directory) {
    try {
      if (Journals.holdAnything(directory)) {
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
    return outcomes;
  }

  private static Level level(RestoreOutcome outcome) {
    return switch (outcome.kind()) {
      case RESTORED, UNTOUCHED -> Level.INFO;
      case FOREIGN, ABSENT, FAILED -> Level.WARNING;
    };
  }

  void close() throws StateException {
    lock.close();
  }
}
