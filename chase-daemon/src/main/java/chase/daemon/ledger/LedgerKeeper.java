package chase.daemon.ledger;

import chase.daemon.api.ReportBody;
import chase.daemon.grid.GridState;
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
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the ledger: looks at every GPU once a second and writes what it used twice a minute, on a
 * thread of its own. A database that cannot be written stops nothing; rows wait, and are told of.
 */
public final class LedgerKeeper extends VerticleBase implements Ledger {
  private static final Logger LOG = System.getLogger(LedgerKeeper.class.getName());
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration BETWEEN_WRITES = Duration.ofSeconds(30);
  private static final Duration BETWEEN_SWEEPS = Duration.ofHours(1);

  /** A stop must not wait for a database that somebody else holds. */
  private static final Duration LAST_WRITE = Duration.ofSeconds(2);

  /** Some weeks of eight GPUs, in a few megabytes. */
  private static final int MOST_WAITING = 4_000;

  private final Supplier<Tenants> tenants;
  private final Supplier<GridState> grid;
  private final InstantSource clock;
  private final LedgerFile file;
  private final Bookkeeper books = new Bookkeeper(MOST_WAITING);
  private final Map<Trouble, Long> failures = new EnumMap<>(Trouble.class);
  private final String process = UUID.randomUUID().toString();
  private @Nullable WorkerExecutor disk;
  private Optional<Batch> open = Optional.empty();
  private Optional<Future<Boolean>> writing = Optional.empty();
  private volatile LedgerStanding standing = LedgerStanding.NEW;
  private long batches;
  private long timer;
  private Instants next;
  private boolean failing;

  /** When what is done next. */
  private record Instants(Instant write, Instant sweep) {}

  /**
   * A keeper that begins when it is deployed.
   *
   * @param tenants the engine's state and who has which GPU; answers from memory
   * @param grid the grid's state; answers from memory
   * @param directory where the database is, or will be
   * @param retention how long rows are kept
   */
  public LedgerKeeper(
      Supplier<Tenants> tenants,
      Supplier<GridState> grid,
      Path directory,
      Duration retention,
      InstantSource clock) {
    this.tenants = tenants;
    this.grid = grid;
    this.clock = clock;
    this.file = new LedgerFile(directory, retention, clock, line -> LOG.log(Level.WARNING, line));
    this.next = new Instants(clock.instant().plus(BETWEEN_WRITES), clock.instant());
  }

  @Override
  public Future<?> start() {
    disk = vertx.createSharedWorkerExecutor("ledger", 1);
    timer = vertx.setPeriodic(TICK.toMillis(), tick -> tick());
    return Future.succeededFuture();
  }

  private void tick() {
    look();
    if (!clock.instant().isBefore(next.write())) {
      next = new Instants(clock.instant().plus(BETWEEN_WRITES), next.sweep());
      flush().onSuccess(written -> sweep());
    }
  }

  private void look() {
    Tenants now = tenants.get();
    books.take(now.snapshot(), grid.get(), now::on);
    tell(standing.written(), standing.committedAt(), standing.bytes());
  }

  @Override
  public Future<Boolean> settle() {
    return here(() -> {
      look();
      return Future.succeededFuture(true);
    });
  }

  @Override
  public Optional<LedgerStanding> standing() {
    return Optional.of(standing);
  }

  @Override
  public Future<ReportBody> report(ReportQuestion question) {
    return here(() -> {
      look();
      return flush()
          .transform(
              written -> onDisk(() -> file.ask(reader -> reader.report(question, clock.instant()))))
          .recover(LedgerKeeper::away);
    });
  }

  private static <T> Future<T> away(Throwable cause) {
    return Future.failedFuture(
        cause instanceof SQLException sql
            ? new LedgerAway(
                "the ledger cannot be read (%s): %s"
                    .formatted(Trouble.of(sql).word(), sql.getMessage()))
            : cause);
  }

  private <T> Future<T> here(Supplier<Future<T>> work) {
    Promise<T> answer = Promise.promise();
    context.runOnContext(now -> work.get().onComplete(answer));
    return answer.future();
  }

  /** One batch after the other: one that failed goes first, as it was. */
  private Future<Boolean> flush() {
    if (writing.isPresent()) {
      return writing.get().transform(done -> flush());
    }
    boolean again = open.isPresent();
    Batch batch = open.orElseGet(() -> books.drain(process + "-" + batches++));
    if (batch.isEmpty()) {
      return Future.succeededFuture(true);
    }
    open = Optional.of(batch);
    Future<Boolean> written =
        onDisk(
                () -> {
                  file.write(batch);
                  return file.bytes();
                })
            .map(bytes -> written(batch, bytes))
            .onFailure(this::failed)
            .onComplete(done -> writing = Optional.empty());
    writing = Optional.of(written);
    return again ? written.compose(done -> flush()) : written;
  }

  private boolean written(Batch batch, long bytes) {
    open = Optional.empty();
    tell(standing.written() + batch.rows(), Optional.of(clock.instant()), bytes);
    if (failing) {
      LOG.log(Level.INFO, "the ledger is written again");
    }
    failing = false;
    return true;
  }

  /** Said once until it works again. */
  private void failed(Throwable cause) {
    Trouble why = cause instanceof SQLException sql ? Trouble.of(sql) : Trouble.OTHER;
    failures.merge(why, 1L, Long::sum);
    tell(standing.written(), standing.committedAt(), standing.bytes());
    if (!failing) {
      LOG.log(
          Level.WARNING,
          "the ledger is not written (%s), rows wait: %s"
              .formatted(why.word(), cause.getMessage()));
    }
    failing = true;
  }

  private void tell(long written, Optional<Instant> at, long bytes) {
    int waiting = books.waiting() + open.map(Batch::rows).orElse(0);
    standing = new LedgerStanding(written, waiting, books.dropped(), failures, at, bytes);
  }

  /** Old rows go in small pieces, one after a write, until none is left. */
  private void sweep() {
    if (clock.instant().isBefore(next.sweep())) {
      return;
    }
    onDisk(file::forget)
        .onFailure(this::failed)
        .onSuccess(more -> {
          if (!more) {
            next = new Instants(next.write(), clock.instant().plus(BETWEEN_SWEEPS));
          }
        });
  }

  private <T> Future<T> onDisk(DiskWork<T> work) {
    return Objects.requireNonNull(disk).executeBlocking(work::done);
  }

  private interface DiskWork<T> {
    T done() throws SQLException;
  }

  /** Writes what is not written yet, if that can be done at once. */
  @Override
  public Future<?> stop() {
    vertx.cancelTimer(timer);
    look();
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
          // Not waited for: the thread may be held up by a database that somebody else has.
          Objects.requireNonNull(disk).close();
          return Future.succeededFuture();
        });
  }
}
