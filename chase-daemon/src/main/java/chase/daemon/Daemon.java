package chase.daemon;

import chase.daemon.governor.GovernorVerticle;
import chase.daemon.gpu.GpuBackend;
import chase.daemon.gpu.LockedJournals;
import chase.daemon.grid.GridSources;
import chase.daemon.grid.ProviderCheckLog;
import chase.daemon.text.Durations;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * The daemon's parts while they run, but for its servers: starts the GPUs first and then whatever
 * acts on them, and stops in the opposite order, with every limit back.
 */
final class Daemon implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Daemon.class.getName());

  /** What is waited for is given this long on top of a call's deadline. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  /** For everything that does not wait for a GPU. */
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final Vertx vertx;
  private final GovernorVerticle governor;
  private final List<VerticleBase> others;
  private final Optional<LockedJournals> journals;
  private final GpuBackend gpus;
  private final Supplier<GridSources> sources;
  private final Duration callDeadline;
  private final List<String> deployed = new ArrayList<>();
  private boolean idle = true;

  /**
   * A daemon that does not run yet.
   *
   * @param vertx stays the caller's to close, after this
   * @param others in the order in which they start
   * @param journals what goes back at the end; empty where nothing is set
   * @param sources the providers that are in use
   */
  Daemon(
      Vertx vertx,
      GovernorVerticle governor,
      List<VerticleBase> others,
      Optional<LockedJournals> journals,
      GpuBackend gpus,
      Supplier<GridSources> sources,
      Duration callDeadline) {
    this.vertx = vertx;
    this.governor = governor;
    this.others = List.copyOf(others);
    this.journals = journals;
    this.gpus = gpus;
    this.sources = sources;
    this.callDeadline = callDeadline;
  }

  /**
   * Starts everything. Blocks until every GPU was opened or took too long, or the driver is known
   * not to be there yet, which is then waited for in the background. Never call it on an event
   * loop.
   *
   * @param stopRequested completes when nothing is to be waited for any longer
   * @throws StartupException with one line; everything is stopped again then
   */
  void start(CompletableFuture<Void> stopRequested) throws StartupException {
    try {
      if (stopRequested.isDone()) {
        throw new IllegalStateException("a stop was requested");
      }
      Future<String> governing = vertx.deployVerticle(governor);
      var _ = stopRequested.thenRun(governor::stopWaiting);
      // First the driver, then all GPUs at once.
      deployed.add(Futures.await(governing, callDeadline.multipliedBy(2).plus(GRACE)));
      for (VerticleBase part : others) {
        deployed.add(Futures.await(vertx.deployVerticle(part), TIMEOUT));
      }
      ProviderCheckLog.start(sources.get());
    } catch (IllegalStateException e) {
      stop();
      throw StartupException.temporary("the daemon did not start: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    stop();
  }

  /**
   * Puts every limit back and closes everything, in that order; refuse commands before. Takes less
   * than half a minute. The engine sets its GPUs back first; what it could not is then done from
   * the journals alone, whatever is broken above them.
   *
   * @return whether all limits are back; what is not stays in the journal and is logged
   */
  boolean stop() {
    if (!deployed.isEmpty()) {
      Futures.awaitOrLog(
          governor::restoreAll,
          Durations.shorter(callDeadline, LockedJournals.MAX_STEP).plus(GRACE));
      idle = Futures.awaitOrLog(() -> vertx.undeploy(deployed.removeFirst()), GRACE);
      if (!idle) {
        LOG.log(Level.WARNING, "a call to a GPU hangs; the stop goes on without it");
      }
    }
    boolean back =
        journals
            .map(known -> known.restoreAtStop(gpus, callDeadline, governor.hungWrites()))
            .orElse(true);
    deployed.reversed().forEach(id -> Futures.awaitOrLog(() -> vertx.undeploy(id), TIMEOUT));
    deployed.clear();
    sources.get().close();
    if (idle) {
      journals.ifPresent(LockedJournals::closeOrLog);
    }
    return back;
  }

  /** Whether no call to a GPU hangs after a {@link #stop}. */
  boolean isIdle() {
    return idle;
  }
}
