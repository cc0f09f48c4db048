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
 * with growing pauses; each failure is logged once. Used on one context.
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
  private volatile Optional<String> trouble = Optional.of("it is being opened");
  private Duration nextPause;
  private int openings;

  /** Whether the log says that it is missing, and not yet that it is back. */
  private boolean reportedMissing;

  private boolean pausing;
  private boolean closed;

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
    long overdueTimer =
        vertx.setTimer(timing.callDeadline().toMillis(), tick -> onOpeningOverdue());
    thread
        .executeBlocking(this::openGpus, false)
        .onComplete(done -> vertx.cancelTimer(overdueTimer))
        .onSuccess(this::onOpened)
        .onFailure(this::onOpeningFailed);
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
  private void onOpeningOverdue() {
    logTrouble(DriverCall.noAnswer(timing.callDeadline()));
    away.accept(
        new GpuException(GpuException.Kind.LOST, DriverCall.noAnswer(timing.callDeadline())));
  }

  private void onOpened(Gpus found) {
    if (closed) {
      DriverCall.start("gpu-driver-late", () -> closed(found));
      return;
    }
    if (reportedMissing) {
      LOG.log(Level.INFO, openings > 0 ? "the GPU driver is back" : "the GPU driver is there");
    }
    reportedMissing = false;
    openings++;
    trouble = Optional.empty();
    gpus = Optional.of(found);
    openedAt = Optional.of(clock.instant());
    opened.accept(found);
  }

  private void onOpeningFailed(Throwable failure) {
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
  }

  /** Logs a failure once, however often it is retried. */
  private void logTrouble(String why) {
    if (!trouble.equals(Optional.of(why))) {
      LOG.log(
          Level.WARNING,
          "the GPU driver is not there: "
              + why
              + "; it is tried again, at least every "
              + GpuTiming.text(MAX_PAUSE));
    }
    trouble = Optional.of(why);
    reportedMissing = true;
  }

  /**
   * Closes a driver that went away, once {@code idle} completes or takes too long, and opens it
   * again, also when closing it hangs.
   */
  void reopen(String why, Future<Void> idle) {
    trouble = Optional.of(why);
    reportedMissing = true;
    LOG.log(Level.WARNING, "the GPU driver went away (" + why + "); opening it again");
    endOrTimeout(timing.callDeadline(), idle)
        .compose(waited -> endOrTimeout(timing.callDeadline(), closeGpus()))
        .onComplete(done -> openLater());
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
    vertx.setTimer(
        pause.toMillis(),
        tick -> {
          pausing = false;
          if (!closed) {
            open();
          }
        });
  }

  /** Whether it is away and waits for the next try. */
  boolean isPausing() {
    return pausing;
  }

  /** Why it is missing now; empty when it is open. Any thread may read this. */
  Optional<String> trouble() {
    return trouble;
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

  /** Completes when {@code end} does, well or not, or at the deadline. */
  private Future<Void> endOrTimeout(Duration deadline, Future<Void> end) {
    Promise<Void> over = Promise.promise();
    long timer = vertx.setTimer(deadline.toMillis(), tick -> over.tryComplete());
    end.onComplete(done -> {
      vertx.cancelTimer(timer);
      over.tryComplete();
    });
    return over.future();
  }
}
