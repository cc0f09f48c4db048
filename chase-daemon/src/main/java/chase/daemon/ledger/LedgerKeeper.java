package chase.daemon.ledger;

import chase.daemon.api.ReportBody;
import chase.daemon.grid.GridState;
import chase.daemon.ledger.Ledger.LedgerStatus.WriteFailure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the ledger: meters every GPU once a second and writes what it used twice a minute, on a
 * thread of its own. A database that cannot be written stops nothing; rows wait, and are counted.
 */
public final class LedgerKeeper extends VerticleBase implements Ledger {
  private static final Logger LOG = System.getLogger(LedgerKeeper.class.getName());
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration BETWEEN_WRITES = Duration.ofSeconds(30);
  private static final Duration BETWEEN_DELETIONS = Duration.ofHours(1);

  /** A stop must not wait for a database that another process has locked. */
  private static final Duration LAST_WRITE = Duration.ofSeconds(2);

  /** Some weeks of eight GPUs, in a few megabytes. */
  private static final int MAX_WAITING = 4_000;

  private final Supplier<GpuOwners> owners;
  private final Supplier<GridState> grid;
  private final InstantSource clock;
  private final LedgerFile file;
  private final UsageMeter meter = new UsageMeter(MAX_WAITING);
  private final Map<WriteFailure, Long> failures = new EnumMap<>(WriteFailure.class);
  private final String process = UUID.randomUUID().toString();
  private @Nullable WorkerExecutor disk;
  private Optional<LedgerRows> unwritten = Optional.empty();
  private Optional<Future<Boolean>> writing = Optional.empty();
  private volatile LedgerStatus status = LedgerStatus.NEW;
  private volatile JobTotals jobTotals = JobTotals.NONE;
  private long batches;
  private long timer;
  private NextRuns next;
  private boolean failing;

  /** When rows are written and old ones deleted next. */
  private record NextRuns(Instant write, Instant deletion) {}

  /**
   * A keeper that begins when it is deployed.
   *
   * @param owners the engine's state and the owner of each GPU; returns at once
   * @param grid the grid's state; returns at once
   * @param directory where the database is, or will be
   * @param retention how long rows are kept
   */
  public LedgerKeeper(
      Supplier<GpuOwners> owners,
      Supplier<GridState> grid,
      Path directory,
      Duration retention,
      InstantSource clock) {
    this.owners = owners;
    this.grid = grid;
    this.clock = clock;
    this.file = new LedgerFile(directory, retention, clock, line -> LOG.log(Level.WARNING, line));
    this.next = new NextRuns(clock.instant().plus(BETWEEN_WRITES), clock.instant());
  }

  @Override
  public Future<?> start() {
    disk = vertx.createSharedWorkerExecutor("ledger", 1);
    timer = vertx.setPeriodic(TICK.toMillis(), tick -> tick());
    return Future.succeededFuture();
  }

  private void tick() {
    update();
    if (!clock.instant().isBefore(next.write())) {
      next = new NextRuns(clock.instant().plus(BETWEEN_WRITES), next.deletion());
      flush().onSuccess(written -> deleteOld());
    }
  }

  private void update() {
    GpuOwners now = owners.get();
    meter.update(now.snapshot(), grid.get(), now::ownerOf);
    jobTotals = meter.jobTotals();
    updateStatus(status.written(), status.committedAt(), status.bytes());
  }

  @Override
  public Future<Boolean> refresh() {
    return onContext(() -> {
      update();
      return Future.succeededFuture(true);
    });
  }

  @Override
  public Optional<LedgerStatus> status() {
    return Optional.of(status);
  }

  @Override
  public JobTotals jobTotals() {
    return jobTotals;
  }

  @Override
  public Future<ReportBody> report(ReportQuery query) {
    return onContext(() -> {
      update();
      return flush()
          .transform(
              written -> onDisk(() -> file.query(reader -> reader.report(query, clock.instant()))))
          .recover(LedgerKeeper::unavailable);
    });
  }

  private static <T> Future<T> unavailable(Throwable cause) {
    return Future.failedFuture(
        cause instanceof SQLException sql
            ? LedgerException.unavailable(
                "the ledger cannot be read (%s): %s"
                    .formatted(WriteFailure.of(sql).word(), sql.getMessage()))
            : cause);
  }

  private <T> Future<T> onContext(Supplier<Future<T>> work) {
    Promise<T> result = Promise.promise();
    context.runOnContext(now -> work.get().onComplete(result));
    return result.future();
  }

  /** Writes one batch after the other: one that failed comes first, unchanged. */
  private Future<Boolean> flush() {
    if (writing.isPresent()) {
      return writing.get().transform(done -> flush());
    }
    boolean again = unwritten.isPresent();
    LedgerRows batch = unwritten.orElseGet(() -> meter.drain(process + "-" + batches++));
    if (batch.isEmpty()) {
      return Future.succeededFuture(true);
    }
    unwritten = Optional.of(batch);
    Future<Boolean> written =
        onDisk(
                () -> {
                  file.write(batch);
                  return file.bytes();
                })
            .map(bytes -> onWritten(batch, bytes))
            .onFailure(this::onFailed);
    // In this order: a write that is over by now notifies at once.
    writing = Optional.of(written);
    written.onComplete(done -> writing = Optional.empty());
    return again ? written.compose(done -> flush()) : written.recover(this::retryInNewFile);
  }

  /** A damaged file was set aside, so the next write goes into a new one: at once, but once. */
  private Future<Boolean> retryInNewFile(Throwable cause) {
    return cause instanceof SQLException sql && WriteFailure.of(sql) == WriteFailure.DAMAGED
        ? flush()
        : Future.failedFuture(cause);
  }

  private boolean onWritten(LedgerRows batch, long bytes) {
    unwritten = Optional.empty();
    updateStatus(status.written() + batch.size(), Optional.of(clock.instant()), bytes);
    if (failing) {
      LOG.log(Level.INFO, "the ledger is written again");
    }
    failing = false;
    return true;
  }

  /** Logged once until it works again. */
  private void onFailed(Throwable cause) {
    WriteFailure why =
        cause instanceof SQLException sql ? WriteFailure.of(sql) : WriteFailure.OTHER;
    failures.merge(why, 1L, Long::sum);
    updateStatus(status.written(), status.committedAt(), status.bytes());
    if (!failing) {
      LOG.log(
          Level.WARNING,
          "the ledger is not written (%s), rows wait: %s"
              .formatted(why.word(), cause.getMessage()));
    }
    failing = true;
  }

  private void updateStatus(long written, Optional<Instant> at, long bytes) {
    int waiting = meter.waiting() + unwritten.map(LedgerRows::size).orElse(0);
    status = new LedgerStatus(written, waiting, meter.dropped(), failures, at, bytes);
  }

  /** Deletes old rows in small pieces, one after a write, until none is left. */
  private void deleteOld() {
    if (clock.instant().isBefore(next.deletion())) {
      return;
    }
    onDisk(file::deleteOld)
        .onFailure(this::onFailed)
        .onSuccess(more -> {
          if (!more) {
            next = new NextRuns(next.write(), clock.instant().plus(BETWEEN_DELETIONS));
          }
        });
  }

  private <T> Future<T> onDisk(Callable<T> work) {
    try {
      return Objects.requireNonNull(disk).executeBlocking(work);
    } catch (RejectedExecutionException closed) {
      return Future.failedFuture(
          LedgerException.unavailable("the ledger is closed: Chase is stopping"));
    }
  }

  /** Writes what is not written yet, if that can be done at once. */
  @Override
  public Future<?> stop() {
    vertx.cancelTimer(timer);
    update();
    return flush()
        .eventually(() ->
            onDisk(() -> {
              file.close();
              return true;
            }))
        .timeout(LAST_WRITE.toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(
            why -> LOG.log(Level.WARNING, "the ledger misses its last rows: " + why.getMessage()))
        .otherwise(false)
        .eventually(() -> {
          // Not waited for: another process may have locked the database.
          Objects.requireNonNull(disk).close();
          return Future.succeededFuture();
        });
  }
}
