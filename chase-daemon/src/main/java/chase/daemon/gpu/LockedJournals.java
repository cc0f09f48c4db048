package chase.daemon.gpu;

import chase.daemon.config.ChaseConfig;
import chase.daemon.config.GpuConfig;
import chase.daemon.gpu.RestoreOutcome.RestoreResult;
import chase.daemon.gpu.journal.GpuJournals;
import chase.daemon.gpu.journal.GpuLock;
import chase.daemon.gpu.journal.StateException;
import chase.daemon.gpu.journal.StateLock;
import chase.daemon.gpu.journal.StatePaths;
import chase.daemon.text.Durations;
import chase.zeus.engine.SafetyRules;
import chase.zeus.gpu.GpuId;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The limits on record and the lock that restoring them needs, from the start of a process to its
 * end.
 */
public final class LockedJournals {
  private static final Logger LOG = System.getLogger(LockedJournals.class.getName());

  /** However patient a call's deadline is: a stop as a whole must not take systemd's 30 s. */
  public static final Duration MAX_STEP = Duration.ofSeconds(10);

  /** Systemd gives the commands after a daemon half a minute. */
  private static final Duration MAX_RESTORE = Duration.ofSeconds(20);

  /** Of all daemons on the driver's own GPUs, whatever their configuration says. */
  private static final Path GPU_LOCK = Path.of("/run/chase/gpus.lock");

  /** What follows where that cannot be locked. */
  private static final String UNGUARDED = ", so that another Chase could set the same GPUs' limits";

  /** What helps, once the reason is gone. */
  private static final String RESTART = "; once it can, Chase needs a restart";

  /** A GPU's limit rises after this, whatever the others do. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(3);

  private final StateLock lock;
  private final Optional<GpuLock> gpus;
  private final GpuJournals journals;
  private final Optional<String> readOnly;
  private boolean hangs;

  private LockedJournals(
      StateLock lock, Optional<GpuLock> gpus, GpuJournals journals, Optional<String> readOnly) {
    this.lock = lock;
    this.gpus = gpus;
    this.journals = journals;
    this.readOnly = readOnly;
  }

  /**
   * Where a daemon with this configuration keeps its journals. Simulated GPUs are its own and need
   * no lock. Nor do those of a library in the directory for temporary files: no driver is installed
   * there, and programs that try Chase build one.
   */
  public static StatePaths paths(ChaseConfig config) {
    boolean real =
        config.gpu().backend() == GpuConfig.Backend.NVML
            && config.gpu().library().filter(LockedJournals::isTemporary).isEmpty();
    return new StatePaths(
        config.stateDirectory(),
        Optional.of(config.control().socket()),
        Optional.of(GPU_LOCK).filter(path -> real));
  }

  private static boolean isTemporary(Path library) {
    try {
      return library
          .toRealPath()
          .startsWith(Path.of(System.getProperty("java.io.tmpdir")).toRealPath());
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * The locked journals of a daemon with this configuration; where journals are damaged or cannot
   * be written, everything is restored at once. A daemon whose journals cannot be written observes:
   * no limit is set that is not on record. Observe mode sets no limit and so needs no journal and
   * no permission. So does one that can keep no other Chase away from the GPUs.
   *
   * @throws StateException with one line when the daemon may set no limit; nothing is held then
   */
  public static Optional<LockedJournals> atStart(
      ChaseConfig config, GpuBackend backend, InstantSource clock) throws StateException {
    if (config.mode() == SafetyRules.Mode.OBSERVE) {
      warnOfLeftLimits(paths(config));
      return Optional.empty();
    }
    LockedJournals locked = openForDaemon(paths(config), clock);
    locked.restoreAt(config.gpu().raiseWattsPerSecond(), config.gpu().callDeadline());
    try {
      locked.requireUsable(backend, bounded(config.gpu().callDeadline()));
      return Optional.of(locked);
    } catch (StateException e) {
      locked.closeOrLog();
      throw e;
    }
  }

  /** A wait counts as part of the call that restores. */
  private void restoreAt(double wattsPerSecond, Duration callDeadline) {
    journals
        .pace()
        .bound(wattsPerSecond, Durations.shorter(LONGEST_WAIT, callDeadline.dividedBy(2)));
  }

  private static Duration bounded(Duration deadline) {
    return Durations.shorter(deadline, MAX_STEP);
  }

  /**
   * Acquires the lock, then reads the journals; on a disk that cannot be written both still work
   * for a restore.
   */
  static LockedJournals open(StatePaths paths, InstantSource clock) throws StateException {
    return open(
        paths,
        paths.gpuLock().isPresent()
            ? GpuLock.acquireExisting(paths.gpuLock().get())
            : Optional.empty(),
        Optional.empty(),
        clock);
  }

  /** The same for a daemon, which without the lock of the GPUs may only observe. */
  static LockedJournals openForDaemon(StatePaths paths, InstantSource clock) throws StateException {
    if (paths.gpuLock().isEmpty()) {
      return open(paths, clock);
    }
    Optional<GpuLock> gpus = Optional.empty();
    Optional<String> unguarded = Optional.empty();
    try {
      gpus = Optional.of(GpuLock.acquire(paths.gpuLock().get()));
    } catch (IOException e) {
      unguarded = Optional.of(String.valueOf(e.getMessage()));
    }
    return open(paths, gpus, unguarded, clock);
  }

  private static LockedJournals open(
      StatePaths paths, Optional<GpuLock> gpus, Optional<String> unguarded, InstantSource clock)
      throws StateException {
    try {
      StateLock lock = StateLock.acquire(paths.directory());
      try {
        GpuJournals journals = GpuJournals.open(paths, clock);
        // A shared lock keeps no other daemon away once the disk can be written again.
        lock.readOnlyReason()
            .map(why -> why + " when Chase started, which needs a restart")
            .or(() -> unguarded.map(why -> why + " when Chase started" + UNGUARDED + RESTART))
            .ifPresent(journals::holdReadOnly);
        return new LockedJournals(
            lock,
            gpus,
            journals,
            lock.readOnlyReason().or(() -> unguarded.map(why -> why + UNGUARDED)));
      } catch (StateException e) {
        lock.close();
        throw e;
      }
    } catch (StateException e) {
      if (gpus.isPresent()) {
        gpus.get().close();
      }
      throw e;
    }
  }

  /** Logs a warning when an earlier Chase left limits behind. */
  private static void warnOfLeftLimits(StatePaths paths) {
    try {
      if (GpuJournals.holdAnything(paths)) {
        LOG.log(
            Level.WARNING,
            "an earlier Chase left limits behind: stop this daemon, and chase restore restores the"
                + " original ones");
      }
    } catch (StateException e) {
      LOG.log(Level.WARNING, String.valueOf(e.getMessage()));
    }
  }

  /** What is on record. */
  public GpuJournals journals() {
    return journals;
  }

  /**
   * Restores what an earlier Chase, or this one, left behind, on a driver opened for that alone.
   * Blocks at most a little longer than {@code deadline}.
   *
   * @param untouchable GPUs that must be left alone; see {@link Restorer#restore}
   */
  List<RestoreOutcome> restore(GpuBackend backend, Duration deadline, Set<GpuId> untouchable) {
    Restorer restore = new Restorer(journals, backend, deadline);
    List<RestoreOutcome> outcomes = restore.restore(untouchable);
    hangs |= restore.hangs();
    boolean known = outcomes.stream().noneMatch(outcome -> outcome.kind() == RestoreResult.UNKNOWN);
    if (known && restore.identifiedAll()) {
      repair();
    }
    return outcomes;
  }

  private void repair() {
    try {
      journals.repair();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the damaged journal stays: " + e.getMessage());
    }
  }

  /** What a person should do about lost original limits; empty when none is lost. */
  Optional<String> advice() {
    return journals.advice();
  }

  /**
   * Where journals are damaged or cannot be written: restores what an earlier Chase left behind,
   * and only then checks whether a daemon knows enough to set limits. Otherwise each GPU is
   * restored as it is opened. Blocks.
   *
   * @throws StateException with one line when it does not
   */
  private void requireUsable(GpuBackend backend, Duration deadline) throws StateException {
    if (!journals.haveLosses() && unwritable().isEmpty()) {
      return;
    }
    restore(backend, deadline, Set.of())
        .forEach(outcome -> LOG.log(outcome.level(), outcome.line()));
    Optional<String> unknown = advice();
    if (unknown.isPresent()) {
      throw new StateException(unknown.get());
    }
    unwritable()
        .ifPresent(why ->
            LOG.log(
                Level.WARNING,
                why
                    + "; limits on record are restored, and Chase only observes until it can be"
                    + " written"));
  }

  /**
   * {@code chase restore}: restores every limit on record without a daemon and prints one line for
   * each GPU. Harmless when repeated.
   *
   * @param deadline how long the driver may take to answer; the whole takes at most twice as long
   * @param raiseWattsPerSecond how fast limits rise together
   * @return whether everything on record is restored; what is not stays on record
   * @throws StateException with one line, when a daemon runs or the journal cannot be used
   */
  public static boolean restoreWithoutDaemon(
      StatePaths paths,
      GpuBackend gpus,
      Duration deadline,
      double raiseWattsPerSecond,
      InstantSource clock,
      PrintWriter out)
      throws StateException {
    if (!paths.mayExist()) {
      out.println("nothing to restore: " + paths.directory() + " does not exist");
      return true;
    }
    if (paths.socketAnswers()) {
      // One that had this state directory would be refused below by its lock, with its process.
      StateLock.acquire(paths.directory()).close();
      throw StateException.temporary(
          "a running Chase daemon answers on %s: stop it first if it only observes; if it keeps its records elsewhere than in %s, name its configuration: chase restore --config FILE"
              .formatted(paths.socket().orElseThrow(), paths.directory()));
    }
    LockedJournals locked = open(paths, clock);
    locked.restoreAt(raiseWattsPerSecond, deadline);
    try {
      return locked.restoreAndPrint(
          gpus, Durations.shorter(deadline.multipliedBy(2), MAX_RESTORE), out);
    } finally {
      locked.close();
    }
  }

  private boolean restoreAndPrint(GpuBackend gpus, Duration deadline, PrintWriter out) {
    if (journals.areEmpty()) {
      out.println("nothing to restore");
      return true;
    }
    List<RestoreOutcome> outcomes = restore(gpus, deadline, Set.of());
    outcomes.forEach(outcome -> out.println(outcome.line()));
    advice().ifPresent(out::println);
    return Restorer.allDone(outcomes) && advice().isEmpty();
  }

  /** As {@link #restore}, into the log; returns whether everything is restored. */
  public boolean restoreAtStop(GpuBackend backend, Duration deadline, Set<GpuId> untouchable) {
    List<RestoreOutcome> outcomes = restore(backend, bounded(deadline), untouchable);
    outcomes.forEach(outcome -> LOG.log(outcome.level(), outcome.line()));
    boolean done = Restorer.allDone(outcomes);
    if (!done) {
      LOG.log(
          Level.WARNING,
          "not everything is restored (see above); the rest stays on record, and chase restore and"
              + " the next start try again");
    }
    return done;
  }

  /** As {@link #close}; a failure is logged. */
  public void closeOrLog() {
    try {
      close();
    } catch (StateException e) {
      LOG.log(Level.WARNING, String.valueOf(e.getMessage()));
    }
  }

  /** Why this daemon may only observe; empty where it may set limits. */
  Optional<String> unwritable() {
    return readOnly.or(journals::unwritable);
  }

  /**
   * Releases the lock. Where a call still hangs, which may yet change a journal, only the end of
   * the process does that.
   */
  void close() throws StateException {
    if (!hangs) {
      lock.close();
      if (gpus.isPresent()) {
        gpus.get().close();
      }
    }
  }
}
