package chase.daemon.gpu;

import chase.daemon.text.Durations;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.Gpus;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The driver of this host's GPUs. One that is missing, or goes away, is opened again and again,
 * with growing pauses; each failure is logged once. One that is released stays closed until its
 * time is over, its kernel module was loaded anew, or somebody reopens it. Used on one context.
 */
final class GpuDriver {
  private static final Logger LOG = System.getLogger(GpuDriver.class.getName());
  private static final Duration MAX_PAUSE = Duration.ofMinutes(1);

  private final Vertx vertx;
  private final GpuBackend backend;
  private final InstantSource clock;
  private final GpuTiming timing;
  private final Consumer<Gpus> opened;
  private final Consumer<GpuException> away;
  private final WorkerExecutor thread;
  private Optional<Gpus> gpus = Optional.empty();
  private Optional<Instant> openedAt = Optional.empty();
  private volatile DriverState state = new DriverState.Missing("it is being opened");
  private Duration nextPause;
  private int openings;

  /** Whether the log says that it is missing, and not yet that it is back. */
  private boolean reportedMissing;

  private boolean pausing;
  private boolean closed;

  /** Tries to open it before this one are over: what they open is closed. */
  private int attempt;

  private Optional<Long> reopenTimer = Optional.empty();
  private Optional<DriverRelease> release = Optional.empty();

  /** Completes when the driver was tried after a release. */
  private Optional<Promise<Void>> tried = Optional.empty();

  /**
   * A driver that is not open yet.
   *
   * @param opened receives its GPUs whenever it was opened
   * @param away receives the failure whenever it was not, before the next try
   */
  GpuDriver(
      Vertx vertx,
      GpuBackend backend,
      GpuTiming timing,
      InstantSource clock,
      Consumer<Gpus> opened,
      Consumer<GpuException> away) {
    this.vertx = vertx;
    this.backend = backend;
    this.clock = clock;
    this.timing = timing;
    this.opened = opened;
    this.away = away;
    this.nextPause = timing.reopenAfter();
    this.thread = executor("gpu-driver");
  }

  private WorkerExecutor executor(String name) {
    return vertx.createSharedWorkerExecutor(name, 1, GpuTiming.UNWATCHED_DAYS, TimeUnit.DAYS);
  }

  /** Opens it; retries until that succeeds. */
  void open() {
    attempt++;
    int mine = attempt;
    long overdueTimer =
        vertx.setTimer(timing.callDeadline().toMillis(), tick -> onOpeningOverdue(mine));
    thread
        .executeBlocking(this::openGpus, false)
        .onComplete(done -> vertx.cancelTimer(overdueTimer))
        .onSuccess(found -> onOpened(mine, found))
        .onFailure(failure -> onOpeningFailed(mine, failure));
  }

  private Gpus openGpus() throws GpuException {
    Gpus found = backend.open();
    if (found.slots().isEmpty()) {
      found.close();
      throw new GpuException(GpuException.Kind.RETRY, "the driver shows no GPU");
    }
    return found;
  }

  /** Its call goes on, and a late result is still used. */
  private void onOpeningOverdue(int mine) {
    if (mine != attempt) {
      return;
    }
    logTrouble(DriverCall.noAnswer(timing.callDeadline()));
    away.accept(
        new GpuException(GpuException.Kind.LOST, DriverCall.noAnswer(timing.callDeadline())));
    tried.ifPresent(Promise::tryComplete);
  }

  private void onOpened(int mine, Gpus found) {
    if (closed || mine != attempt) {
      DriverCall.start("gpu-driver-late", () -> closed(found));
      return;
    }
    if (reportedMissing) {
      LOG.log(Level.INFO, openings > 0 ? "the GPU driver is back" : "the GPU driver is there");
    }
    reportedMissing = false;
    openings++;
    state = new DriverState.Open();
    gpus = Optional.of(found);
    openedAt = Optional.of(clock.instant());
    opened.accept(found);
    tried.ifPresent(Promise::tryComplete);
  }

  private void onOpeningFailed(int mine, Throwable failure) {
    if (mine != attempt) {
      return;
    }
    GpuException why =
        failure instanceof GpuException known
            ? known
            : new GpuException(GpuException.Kind.RETRY, String.valueOf(failure));
    boolean hopeless = openings == 0 && !reportedMissing && why.kind() == GpuException.Kind.REFUSED;
    if (!hopeless) {
      logTrouble(String.valueOf(why.getMessage()));
      openLater();
    }
    away.accept(why);
    tried.ifPresent(Promise::tryComplete);
  }

  /** Logs a failure once, however often it is retried. */
  private void logTrouble(String why) {
    if (!state.equals(new DriverState.Missing(why))) {
      LOG.log(
          Level.WARNING,
          "the GPU driver is not there: "
              + why
              + "; it is tried again, at least every "
              + GpuTiming.text(MAX_PAUSE));
    }
    state = new DriverState.Missing(why);
    reportedMissing = true;
  }

  /**
   * Closes a driver that went away, once {@code idle} completes or takes too long, and opens it
   * again, also when closing it hangs.
   */
  void reopen(String why, Future<Void> idle) {
    state = new DriverState.Missing(why);
    reportedMissing = true;
    LOG.log(Level.WARNING, "the GPU driver went away (" + why + "); opening it again");
    attempt++;
    int mine = attempt;
    closeAfter(idle)
        .onComplete(done -> {
          if (mine == attempt) {
            openLater();
          }
        });
  }

  /** Completes when it is closed, or fails when a call hangs that keeps it in use. */
  private Future<Void> closeAfter(Future<Void> idle) {
    return endOrTimeout(timing.callDeadline(), idle)
        .eventually(() -> endOrTimeout(timing.callDeadline(), closeGpus()));
  }

  /**
   * Closes it until {@code until}, once {@code idle} completes or takes too long; a release of a
   * released driver only changes the end.
   *
   * @return completes when it is closed, and fails with {@link GpuException} when a call hangs that
   *     keeps it in use
   */
  Future<Void> release(Instant until, Future<Void> idle) {
    boolean released = state instanceof DriverState.Released;
    release.ifPresent(DriverRelease::cancel);
    reopenTimer.ifPresent(vertx::cancelTimer);
    reopenTimer = Optional.empty();
    pausing = false;
    attempt++;
    state = new DriverState.Released(until);
    Duration lasting = Duration.between(clock.instant(), until);
    release = Optional.of(new DriverRelease(vertx, backend, lasting, this::endRelease));
    LOG.log(Level.INFO, "an operator released the GPU driver until " + until);
    return released ? Future.succeededFuture() : closeAfter(idle);
  }

  /**
   * Ends a release; without effect where there is none. Completes when the driver was opened, or is
   * retried.
   */
  Future<Void> endRelease(String why) {
    if (release.isEmpty()) {
      return Future.succeededFuture();
    }
    Promise<Void> trying = Promise.promise();
    tried = Optional.of(trying);
    release.ifPresent(DriverRelease::cancel);
    release = Optional.empty();
    state = new DriverState.Missing("it is being opened");
    reportedMissing = true;
    nextPause = timing.reopenAfter();
    LOG.log(Level.INFO, "opening the GPU driver again: " + why);
    open();
    return trying.future();
  }

  /** Pauses also grow when the driver is opened and lost again and again. */
  private void openLater() {
    if (closed) {
      return;
    }
    if (openedAt.isPresent() && !wasOpenedRecently()) {
      nextPause = timing.reopenAfter();
      openedAt = Optional.empty();
    }
    Duration pause = nextPause;
    nextPause = Durations.shorter(pause.multipliedBy(2), MAX_PAUSE);
    pausing = true;
    long timer =
        vertx.setTimer(
            pause.toMillis(),
            tick -> {
              pausing = false;
              if (!closed) {
                open();
              }
            });
    reopenTimer = Optional.of(timer);
  }

  /** Whether it is away and waits for the next try, or for the end of a release. */
  boolean isPausing() {
    return pausing || release.isPresent();
  }

  /** Where it stands now. Any thread may read this. */
  DriverState state() {
    return state;
  }

  /** How often it was opened. */
  int openings() {
    return openings;
  }

  /** Whether it was opened so recently that opening it again would change nothing. */
  boolean wasOpenedRecently() {
    return openedAt.filter(at -> clock.instant().isBefore(at.plus(MAX_PAUSE))).isPresent();
  }

  /** Closes it for good; a call that hangs in it is abandoned. */
  Future<Void> close() {
    closed = true;
    release.ifPresent(DriverRelease::cancel);
    return closeGpus().eventually(thread::close);
  }

  private Future<Void> closeGpus() {
    Optional<Gpus> open = gpus;
    gpus = Optional.empty();
    if (open.isEmpty()) {
      return Future.succeededFuture();
    }
    // On a thread of its own: a driver that hangs as it closes must not keep it from opening.
    WorkerExecutor closing = executor("gpu-driver-close." + openings);
    return closing
        .executeBlocking(() -> closed(open.get()), false)
        .eventually(closing::close)
        .mapEmpty();
  }

  private static boolean closed(Gpus open) {
    open.close();
    return true;
  }

  /** Completes when {@code end} does, well or not; fails at the deadline. */
  private Future<Void> endOrTimeout(Duration deadline, Future<Void> end) {
    Promise<Void> over = Promise.promise();
    long timer =
        vertx.setTimer(
            deadline.toMillis(),
            tick ->
                over.tryFail(
                    new GpuException(GpuException.Kind.LOST, DriverCall.noAnswer(deadline))));
    end.onComplete(done -> {
      vertx.cancelTimer(timer);
      over.tryComplete();
    });
    return over.future();
  }
}
