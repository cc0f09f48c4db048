package chase.daemon.batchsize;

import chase.daemon.storage.DamagedDatabase;
import chase.daemon.storage.Database;
import chase.zeus.batchsize.SearchMethod;
import chase.zeus.batchsize.Trial;
import chase.zeus.batchsize.TrialReport;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * The recurring jobs, on one thread of their own, so that no event loop waits for a database. Any
 * thread may call. A request that cannot be met fails with {@link BatchSizeException}, also while
 * the database cannot be used: later requests try it again, and its failure and its return are
 * logged once.
 */
public final class BatchSizeService {
  private static final Logger LOG = System.getLogger(BatchSizeService.class.getName());

  /** How long requests fail at once after the database has failed. */
  private static final Duration RETRY_PAUSE = Duration.ofSeconds(2);

  /** How many requests wait for the database; each holds what its client sent. */
  private static final int MAX_WAITING = 200;

  private final WorkerExecutor thread;
  private final StudyDatabase database;
  private final StudyStore studies;
  private final InstantSource clock;
  private final AtomicInteger waiting = new AtomicInteger();
  private volatile BatchSizeCounters counts;
  private Optional<Outage> outage = Optional.empty();
  private boolean fullLogged;

  private record Outage(String message, Instant since, Instant retryAt) {}

  private interface StudyRequest<T> {
    T done() throws SQLException;
  }

  /**
   * A service for the studies in {@code database}, which the first request opens.
   *
   * @param silenceTimeout a trial that does not report for this long counts as failed, until it
   *     does
   * @param host the name of this host in its trials
   */
  public BatchSizeService(
      Vertx vertx,
      StudyDatabase database,
      JouleWeight weight,
      InstantSource clock,
      Duration silenceTimeout,
      String host) {
    this(vertx, database, weight, clock, silenceTimeout, host, StudyStore.Quotas.DEFAULT);
  }

  BatchSizeService(
      Vertx vertx,
      StudyDatabase database,
      JouleWeight weight,
      InstantSource clock,
      Duration silenceTimeout,
      String host,
      StudyStore.Quotas quotas) {
    this.thread = vertx.createSharedWorkerExecutor("batch-sizes", 1);
    this.database = database;
    this.studies = new StudyStore(database.database(), weight, clock, silenceTimeout, host, quotas);
    this.clock = clock;
    this.counts = BatchSizeCounters.none(database.kind());
  }

  /**
   * Keeps a job, unless the same one is there.
   *
   * @param otherwise how its batch size is chosen where its description does not say
   * @param owner who registers it; empty where that is not known
   */
  public Future<StoredStudy.RegistrationResult> register(
      RecurringJob job, SearchMethod otherwise, Optional<StoredStudy.StudyOwner> owner) {
    return submit(() -> studies.register(job, otherwise, owner));
  }

  /** Deletes a job and its trials. */
  public Future<Boolean> delete(String job) {
    return submit(() -> studies.delete(job));
  }

  /** The next trial of a job. */
  public Future<TrialResult> startTrial(String job) {
    return submit(() -> {
      TrialResult started = studies.startTrial(job);
      fullLogged = false;
      counts = counts.withTrial();
      return started;
    });
  }

  /** The trial that {@link #startTrial} would return; it is not kept. */
  public Future<Trial> suggest(String job) {
    return submit(() -> studies.suggest(job));
  }

  /** Deletes a trial whose start did not reach its client. */
  public Future<Boolean> withdraw(TrialResult started) {
    return submit(() -> studies.withdraw(started.stored().job().name(), started.trial().number()));
  }

  /** Adds a report; its joules are weighed here. */
  public Future<TrialResult> report(String job, TrialReport report) {
    return submit(() -> {
      TrialResult result = studies.report(job, report);
      counts = counts.withReport();
      return counted(result);
    });
  }

  /**
   * Ends a trial whose training ended; one that has ended already stays as it is.
   *
   * @param batchSize what the caller believes that it trains with
   */
  public Future<TrialResult> fail(String job, int trial, Optional<Integer> batchSize) {
    return submit(() -> counted(studies.fail(job, trial, batchSize)));
  }

  /** One job with all of its trials. */
  public Future<StoredStudy> find(String job) {
    return submit(() -> studies.find(job));
  }

  /**
   * What {@code summary} makes of each job, by name; it is called on the service's thread, so that
   * only one job with all of its trials is in memory.
   *
   * @param after the name after which they begin; empty for the first
   * @param max how many jobs
   */
  public <T> Future<List<T>> list(String after, int max, Function<StoredStudy, T> summary) {
    return submit(() -> studies.list(after, max, summary));
  }

  /** What was done so far; returns at once. */
  public BatchSizeCounters counts() {
    return counts;
  }

  private TrialResult counted(TrialResult result) {
    if (result.ended()) {
      counts = counts.withEnd(result.trial().status());
    }
    return result;
  }

  private <T> Future<T> submit(StudyRequest<T> work) {
    if (waiting.incrementAndGet() > MAX_WAITING) {
      waiting.decrementAndGet();
      return Future.failedFuture(
          unavailable(
              String.format(Locale.ROOT, "more than %d requests wait for it", MAX_WAITING)));
    }
    try {
      return thread
          .executeBlocking(() -> execute(work), true)
          .onComplete(done -> waiting.decrementAndGet())
          .map(Objects::requireNonNull);
    } catch (RejectedExecutionException closed) {
      waiting.decrementAndGet();
      return Future.failedFuture(unavailable("Chase is stopping"));
    }
  }

  private <T> T execute(StudyRequest<T> work) {
    Instant now = clock.instant();
    if (outage.isPresent() && now.isBefore(outage.get().retryAt())) {
      counts = counts.failed();
      throw unavailable(outage.get().message());
    }
    try {
      T result = executeWithRetry(work);
      onSuccess(now);
      return result;
    } catch (Database.DatabaseFullException e) {
      onSuccess(now);
      throw onFull(e);
    } catch (SQLException e) {
      throw onFailure(e);
    } catch (BatchSizeException e) {
      onSuccess(now); // the database answered
      throw e;
    }
  }

  private <T> T executeWithRetry(StudyRequest<T> work) throws SQLException {
    database.prepare();
    try {
      return work.done();
    } catch (SQLException e) {
      if (DamagedDatabase.isCauseOf(e)) {
        setAside(e);
      } else if (e instanceof Database.DatabaseFullException || !StudyDatabase.isTransient(e)) {
        throw e;
      }
      return work.done();
    }
  }

  private void setAside(SQLException damage) throws SQLException {
    Optional<Path> aside = database.setAside(clock.instant());
    if (aside.isEmpty()) {
      throw damage;
    }
    LOG.log(
        Level.ERROR,
        "the database of batch sizes is damaged (%s); it is now %s, and a new one begins empty"
            .formatted(StudyDatabase.message(damage), aside.get()));
  }

  private void onSuccess(Instant now) {
    outage.ifPresent(past ->
        LOG.log(Level.INFO, "the database of batch sizes is back after " + since(past, now)));
    outage = Optional.empty();
    counts = counts.answered();
  }

  private static String since(Outage past, Instant now) {
    return Duration.between(past.since(), now).toSeconds() + " s";
  }

  private BatchSizeException onFailure(SQLException e) {
    String message = StudyDatabase.message(e);
    Instant now = clock.instant();
    if (outage.isEmpty()) {
      LOG.log(Level.WARNING, "the database of batch sizes cannot be used: " + message);
    }
    outage =
        Optional.of(
            new Outage(message, outage.map(Outage::since).orElse(now), now.plus(RETRY_PAUSE)));
    counts = counts.failed();
    return unavailable(message);
  }

  private static BatchSizeException unavailable(String why) {
    return new BatchSizeException(
        BatchSizeException.BatchSizeFailure.UNAVAILABLE,
        "the database of batch sizes cannot be used: " + why);
  }

  private BatchSizeException onFull(Database.DatabaseFullException e) {
    String message = "the database of batch sizes takes nothing more: " + StudyDatabase.message(e);
    if (!fullLogged) {
      LOG.log(Level.WARNING, message);
      fullLogged = true;
    }
    return new BatchSizeException(BatchSizeException.BatchSizeFailure.NO_ROOM, message);
  }

  /** Completes when no request is pending and the database is closed. */
  public Future<Void> close() {
    return thread
        .executeBlocking(
            () -> {
              studies.close();
              return true;
            },
            true)
        .eventually(thread::close)
        .mapEmpty();
  }
}
