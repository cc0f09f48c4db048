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
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The driver of this host's GPUs. One that is missing, or goes away, is opened again and again,
 * with growing pauses; each failure is logged once. One that is released stays closed until its
 * time is over, its kernel module was loaded anew, or somebody reopens it. Used on one context.
 */
final class GpuDriver {
  private static final Logger LOG = System.getLogger(GpuDriver.class.getName());
  private static final Duration MAX_PAUSE = Duration.ofMinutes(1);

  /** How long it is remembered for which GPU it was opened anew. */
  private static final Duration MEMORY = Duration.ofHours(1);

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
  private final Set<Integer> reopenedFor = new HashSet<>();
  private Duration nextPause;
  private int openings;

  /** Whether the log says that it is missing, and not yet that it is back. */
  private boolean reportedMissing;

  private boolean pausing;
  private boolean closed;

  /** Tries to open it before this one are over: what they open is closed. */
  private int attempt;

  /** Completes when the last try to open it is over, and what came of it too late is closed. */
  private Future<Void> opening = Future.succeededFuture();

  /** Completes when nothing that was closed so far is in use any more. */
  private Future<Void> closing = Future.succeededFuture();

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
    this.thread =
        vertx.createSharedWorkerExecutor("gpu-driver", 1, GpuTiming.UNWATCHED_DAYS, TimeUnit.DAYS);
  }

  /** Opens it; retries until that succeeds. */
  void open() {
    pausing = false;
    if (closed) {
      return;
    }
    attempt++;
    int mine = attempt;
    long overdueTimer =
        vertx.setTimer(timing.callDeadline().toMillis(), tick -> onOpeningOverdue(mine));
    Future<@Nullable Gpus> found =
        thread
            .executeBlocking(this::openGpus, false)
            .onComplete(done -> vertx.cancelTimer(overdueTimer))
            .onFailure(failure -> onOpeningFailed(mine, failure));
    opening =
        found.compose(
            gpus -> isLate(mine) ? close(Optional.ofNullable(gpus)) : Future.succeededFuture());
    found.onSuccess(gpus -> { // no compose: a defect in what this calls has to reach the log
      if (!isLate(mine)) {
        onOpened(Objects.requireNonNull(gpus));
      }
    });
  }

  private boolean isLate(int mine) {
    return closed || mine != attempt;
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

  private void onOpened(Gpus found) {
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
   *
   * @param index of the GPU because of which
   */
  void reopen(int index, String why, Future<Void> idle) {
    if (!wasOpenedWithin(MEMORY)) {
      reopenedFor.clear();
    }
    reopenedFor.add(index);
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
    Optional<Gpus> open = gpus;
    gpus = Optional.empty();
    Future<Void> waited = endOrTimeout(idle);
    Future<Void> over = waited.transform(late -> close(open));
    closing = Future.join(List.of(closing, opening, idle, over)).mapEmpty();
    return waited.eventually(() -> endOrTimeout(over)).compose(done -> endOrTimeout(closing));
  }

  /**
   * Closes it until {@code until}, once {@code idle} completes or takes too long; a release of a
   * released driver only changes the end.
   *
   * @return completes when it is closed, what was being opened included, and fails with {@link
   *     GpuException} while a call hangs that keeps it in use
   */
  Future<Void> release(Instant until, Future<Void> idle) {
    boolean released = state instanceof DriverState.Released;
    release.ifPresent(DriverRelease::cancel);
    reopenTimer.ifPresent(vertx::cancelTimer);
    reopenTimer = Optional.empty();
    pausing = false;
    attempt++;
    tried.ifPresent(Promise::tryComplete);
    state = new DriverState.Released(until);
    Duration lasting = Duration.between(clock.instant(), until);
    release = Optional.of(new DriverRelease(vertx, backend, lasting, this::endRelease));
    LOG.log(Level.INFO, "an operator released the GPU driver until " + until);
    return released ? endOrTimeout(closing) : closeAfter(idle);
  }

  /**
   * Ends a release; without effect where there is none. What is still being closed is waited for,
   * but not for long. Completes when the driver was opened, or is retried.
   */
  Future<Void> endRelease(String why) {
    if (release.isEmpty()) {
      return tried.map(Promise::future).orElseGet(Future::succeededFuture);
    }
    Promise<Void> trying = Promise.promise();
    tried = Optional.of(trying);
    release.ifPresent(DriverRelease::cancel);
    release = Optional.empty();
    state = new DriverState.Missing("it is being opened");
    reportedMissing = true;
    nextPause = timing.reopenAfter();
    LOG.log(Level.INFO, "opening the GPU driver again: " + why);
    pausing = true;
    int mine = attempt;
    endOrTimeout(closing)
        .onComplete(done -> {
          if (!isLate(mine)) {
            open();
          }
        });
    return trying.future();
  }

  /** Pauses also grow when the driver is opened and lost again and again. */
  private void openLater() {
    if (closed) {
      return;
    }
    if (openedAt.isPresent() && !wasOpenedWithin(MAX_PAUSE)) {
      nextPause = timing.reopenAfter();
      openedAt = Optional.empty();
    }
    pausing = true;
    reopenTimer = Optional.of(vertx.setTimer(nextPause.toMillis(), tick -> open()));
    nextPause = Durations.shorter(nextPause.multipliedBy(2), MAX_PAUSE);
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

  /** Whether it was opened anew lately because of the GPU with this index. */
  boolean wasReopenedFor(int index) {
    return wasOpenedWithin(MEMORY) && reopenedFor.contains(index);
  }

  private boolean wasOpenedWithin(Duration time) {
    return openedAt.filter(at -> clock.instant().isBefore(at.plus(time))).isPresent();
  }

  /** Closes it for good; a call that hangs in it is abandoned. */
  Future<Void> close() {
    closed = true;
    release.ifPresent(DriverRelease::cancel);
    tried.ifPresent(Promise::tryComplete);
    Optional<Gpus> open = gpus;
    gpus = Optional.empty();
    return close(open).eventually(thread::close);
  }

  /** On a thread of its own: a driver that hangs as it closes must not keep it from opening. */
  private Future<Void> close(Optional<Gpus> open) {
    return open.map(found ->
            DriverCall.start(
                    "gpu-driver-close",
                    () -> {
                      found.close();
                      return true;
                    })
                .result())
        .map(call -> Future.fromCompletionStage(call, vertx.getOrCreateContext()))
        .map(Future::<Void>mapEmpty)
        .orElseGet(Future::succeededFuture);
  }

  /** Completes when {@code end} does, well or not; fails at the deadline of a call. */
  private Future<Void> endOrTimeout(Future<Void> end) {
    Duration deadline = timing.callDeadline();
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
