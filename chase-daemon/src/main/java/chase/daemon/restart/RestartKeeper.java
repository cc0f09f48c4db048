package chase.daemon.restart;

import chase.daemon.host.ProcessTable;
import chase.zeus.engine.KeptState;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Saves what has to outlive a restart: after each command, and every ten seconds while there is
 * any. The disk is used on a thread of its own, one write at a time; what is asked for while one is
 * under way goes into the next. A disk that cannot be written stops nothing.
 */
public final class RestartKeeper extends VerticleBase {
  private static final Logger LOG = System.getLogger(RestartKeeper.class.getName());
  private static final Duration BETWEEN_SAVES = Duration.ofSeconds(10);

  /** A command does not wait longer for a disk that hangs. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

  private final Optional<RestartFile> file;
  private final WatchedProcesses watched;
  private final Supplier<Future<KeptState>> state;
  private final ProcessTable table = new ProcessTable(ProcessTable.SYSTEM);
  private final InstantSource clock;
  private @Nullable WorkerExecutor disk;
  private volatile boolean running;
  private boolean writing;
  private Optional<Promise<Boolean>> next = Optional.empty();
  private final LongAdder failures = new LongAdder();
  private volatile Optional<String> unsaved = Optional.empty();

  /** Whether the file holds anything that an empty state has to replace. */
  private boolean written;

  /**
   * A keeper that begins when it is deployed.
   *
   * @param file where it saves; empty for a daemon that keeps nothing
   * @param watched the processes of jobs and leases
   * @param state the engine's state at one moment
   */
  public RestartKeeper(
      Optional<RestartFile> file,
      WatchedProcesses watched,
      Supplier<Future<KeptState>> state,
      InstantSource clock) {
    this.file = file;
    this.watched = watched;
    this.state = state;
    this.clock = clock;
  }

  /** One that saves nothing. */
  public static RestartKeeper none() {
    return new RestartKeeper(
        Optional.empty(),
        new WatchedProcesses(),
        () -> Future.failedFuture("nothing is kept"),
        () -> Instant.EPOCH);
  }

  /** The processes of jobs and leases. */
  public WatchedProcesses watched() {
    return watched;
  }

  /** How often what is kept could not be saved. Any thread may call. */
  public long failures() {
    return failures.sum();
  }

  /**
   * What a restart would know although it is over, or not know, and why; empty while all is saved.
   * Saving is tried again every ten seconds. Any thread may call.
   */
  public Optional<String> unsaved() {
    return unsaved;
  }

  @Override
  public Future<?> start() {
    if (file.isPresent()) {
      disk = vertx.createSharedWorkerExecutor("restart", 1);
      written = true; // what was read at the start
      running = true;
      vertx.setPeriodic(BETWEEN_SAVES.toMillis(), tick -> save());
    }
    return Future.succeededFuture();
  }

  /**
   * Saves the state of now; completes when that is on the disk, or cannot be, or takes too long.
   * Any thread may call.
   */
  public Future<Boolean> save() {
    if (!running) {
      return Future.succeededFuture(false);
    }
    Promise<Boolean> done = Promise.promise();
    context.runOnContext(now -> enqueue(done));
    return done.future()
        .timeout(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS)
        .recover(late -> {
          onUnsaved("the disk gives no answer within " + LONGEST_WAIT.toSeconds() + " s");
          return Future.succeededFuture(false);
        });
  }

  private void enqueue(Promise<Boolean> done) {
    if (!writing) {
      begin(done);
    } else if (next.isPresent()) {
      next.get().future().onComplete(done);
    } else {
      next = Optional.of(done);
    }
  }

  private void begin(Promise<Boolean> done) {
    writing = true;
    Future.succeededFuture()
        .compose(now -> state.get()) // what it throws fails this one save
        .compose(kept -> isNothing(kept) && !written ? Future.succeededFuture() : write(kept))
        .onComplete(result -> {
          writing = false;
          done.complete(result.succeeded());
          Optional<Promise<Boolean>> waiting = next;
          next = Optional.empty();
          waiting.ifPresent(this::begin);
        });
  }

  private static boolean isNothing(KeptState kept) {
    return kept.pause().isEmpty()
        && kept.policies().isEmpty()
        && kept.gpus().isEmpty()
        && kept.jobs().isEmpty();
  }

  private Future<Boolean> write(KeptState kept) {
    return Objects.requireNonNull(disk)
        .executeBlocking(() -> {
          file.orElseThrow().write(SavedState.of(kept, watched, table, clock.instant()));
          return true;
        })
        .onSuccess(done -> onWritten(kept))
        .onFailure(this::onFailed);
  }

  private void onWritten(KeptState kept) {
    written = !isNothing(kept);
    if (unsaved.isPresent()) {
      LOG.log(Level.INFO, "what is to be kept over a restart is saved again");
    }
    unsaved = Optional.empty();
  }

  private void onFailed(Throwable cause) {
    failures.increment();
    onUnsaved(String.valueOf(cause.getMessage()));
  }

  /** Logged once until it works again. */
  private void onUnsaved(String why) {
    String text =
        "not saved: a restart would forget newer overrides, pauses, policies and jobs, and bring"
            + " back those that ended since: "
            + why;
    if (unsaved.isEmpty()) {
      LOG.log(Level.WARNING, text);
    }
    unsaved = Optional.of(text);
  }

  /** Saves the last state. */
  @Override
  public Future<?> stop() {
    return save()
        .eventually(() -> {
          running = false;
          // Not waited for: the disk may hang.
          Optional.ofNullable(disk).ifPresent(WorkerExecutor::close);
          return Future.succeededFuture();
        });
  }
}
