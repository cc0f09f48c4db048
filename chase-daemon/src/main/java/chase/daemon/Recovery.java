package chase.daemon;

import chase.daemon.gpu.GpuOpener;
import chase.daemon.gpu.Journals;
import chase.daemon.gpu.LimitRestore;
import chase.daemon.gpu.RestoreOutcome;
import chase.daemon.gpu.StateException;
import chase.daemon.gpu.StateLock;
import chase.zeus.gpu.GpuId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/**
 * The limits on record and the right to put them back, from the first look at the state directory
 * to the last.
 */
final class Recovery {
  private static final Logger LOG = System.getLogger(Recovery.class.getName());

  private final StateLock lock;
  private final Journals journals;
  private boolean hangs;

  private Recovery(StateLock lock, Journals journals) {
    this.lock = lock;
    this.journals = journals;
  }

  /** Takes the lock, then reads the journals. */
  static Recovery open(Path directory, InstantSource clock) throws StateException {
    StateLock lock = StateLock.take(directory);
    try {
      return new Recovery(lock, Journals.open(directory, clock));
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

  /**
   * Puts back what an earlier Chase, or this one, left behind, on a driver opened for that alone.
   * Blocks for a little more than {@code deadline} at most.
   *
   * @param untouchable GPUs that must be left alone; see {@link LimitRestore#restore}
   */
  List<RestoreOutcome> restore(GpuOpener opener, Duration deadline, Set<GpuId> untouchable) {
    LimitRestore restore = new LimitRestore(journals, opener, deadline);
    List<RestoreOutcome> outcomes = restore.restore(untouchable);
    hangs |= restore.hangs();
    return outcomes;
  }

  /**
   * Gives the state directory back. Where a call still hangs, which may yet change a journal, only
   * the end of the process does that.
   */
  void close() throws StateException {
    if (!hangs) {
      lock.close();
    }
  }
}
