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
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * The recurring jobs, behind one thread of their own, so that no event loop waits for a database.
 * Any thread may ask. A question fails with {@link BatchSizeException} for what cannot be, and with
 * {@link DatabaseUnavailable} while the database cannot be used: it is tried again by later
 * questions, and its trouble and its return are said once.
 */
public final class BatchSizeService {
  private static final Logger LOG = System.getLogger(BatchSizeService.class.getName());

  /** For so long nobody waits for a database that has just failed. */
  private static final Duration RETRY_PAUSE = Duration.ofSeconds(2);

  /** How many questions wait for the database; each holds what its client sent. */
  private static final int MAX_WAITING = 200;

  private final WorkerExecutor thread;
  private final StudyDatabase storage;
  private final StudyStore studies;
  private final InstantSource clock;
  private final AtomicInteger waiting = new AtomicInteger();
  private volatile BatchSizeCounters counts;
  private Optional<Outage> outage = Optional.empty();
  private boolean fullLogged;

  private record Outage(String message, Instant since, Instant retryAt) {}

  private interface Work<T> {
    T done() throws SQLException;
  }

  /**
   * A desk for the studies in {@code storage}, which is opened by the first question.
   *
   * @param silence a trial that says nothing for this long counts as failed, until it does
   * @param host what this host is called in its trials
   */
  public BatchSizeService(
      Vertx vertx,
      StudyDatabase storage,
      JouleWeight worth,
      InstantSource clock,
      Duration silence,
      String host) {
    this(vertx, storage, worth, clock, silence, host, StudyStore.Quotas.DEFAULT);
  }

  BatchSizeService(
      Vertx vertx,
      StudyDatabase storage,
      JouleWeight worth,
      InstantSource clock,
      Duration silence,
      String host,
      StudyStore.Quotas quotas) {
    this.thread = vertx.createSharedWorkerExecutor("batch-sizes", 1);
    this.storage = storage;
    this.studies = new StudyStore(storage.database(), worth, clock, silence, host, quotas);
    this.clock = clock;
    this.counts = BatchSizeCounters.none(storage.kind());
  }

  /**
   * Keeps a job, unless the same one is there.
   *
   * @param otherwise how its batch size is chosen where it has no wish of its own
   */
  public Future<StoredStudy.RegistrationResult> register(RecurringJob job, SearchMethod otherwise) {
    return submit(() -> studies.register(job, otherwise));
  }

  /** Forgets a job and its trials. */
  public Future<Boolean> delete(String job) {
    return submit(() -> studies.delete(job));
  }

  /** The next trial of a job. */
  public Future<TrialResult> startTrial(String job) {
    return submit(() -> {
      TrialResult next = studies.startTrial(job);
      fullLogged = false;
      counts = counts.withTrial();
      return next;
    });
  }

  /** The run that {@link #startTrial} would answer; it is not kept. */
  public Future<Trial> suggest(String job) {
    return submit(() -> studies.suggest(job));
  }

  /** Takes back a run that nobody was told of. */
  public Future<Boolean> withdraw(TrialResult unheard) {
    return submit(() -> studies.withdraw(unheard.stored().job().name(), unheard.trial().number()));
  }

  /** Takes in a report; its joules are weighed here. */
  public Future<TrialResult> report(String job, TrialReport report) {
    return submit(() -> {
      TrialResult told = studies.report(job, report);
      counts = counts.withReport();
      return counted(told);
    });
  }

  /**
   * A trial's run ended by itself; one that has ended already stays as it is.
   *
   * @param batchSize what the caller believes that it trains with
   */
  public Future<TrialResult> fail(String job, int trial, OptionalInt batchSize) {
    return submit(() -> counted(studies.fail(job, trial, batchSize)));
  }

  /** One job with all of its trials. */
  public Future<StoredStudy> find(String job) {
    return submit(() -> studies.find(job));
  }

  /**
   * What {@code look} sees of each job, by name; it is called on the desk's thread, so that no two
   * jobs with all of their trials are in memory.
   *
   * @param after the name behind which they begin; empty for the first
   * @param most how many jobs are looked at
   */
  public <T> Future<List<T>> list(String after, int most, Function<StoredStudy, T> look) {
    return submit(() -> studies.list(after, most, look));
  }

  /** What was done so far; answers at once. */
  public BatchSizeCounters counts() {
    return counts;
  }

  private TrialResult counted(TrialResult told) {
    if (told.ended()) {
      counts = counts.withEnd(told.trial().status());
    }
    return told;
  }

  private <T> Future<T> submit(Work<T> work) {
    if (waiting.incrementAndGet() > MAX_WAITING) {
      waiting.decrementAndGet();
      return Future.failedFuture(
          new DatabaseUnavailable(
              String.format(Locale.ROOT, "more than %d requests wait for it", MAX_WAITING)));
    }
    return thread
        .executeBlocking(() -> execute(work), true)
        .onComplete(done -> waiting.decrementAndGet())
        .map(Objects::requireNonNull);
  }

  private <T> T execute(Work<T> work) {
    Instant now = clock.instant();
    if (outage.isPresent() && now.isBefore(outage.get().retryAt())) {
      counts = counts.failed();
      throw unavailable(outage.get().message());
    }
    try {
      T answer = executeWithRetry(work);
      onSuccess(now);
      return answer;
    } catch (Database.DatabaseFullException e) {
      onSuccess(now);
      throw onFull(e);
    } catch (SQLException e) {
      throw onFailure(e);
    } catch (BatchSizeException e) {
      onSuccess(now); // the database knew that much
      throw e;
    }
  }

  private <T> T executeWithRetry(Work<T> work) throws SQLException {
    storage.prepare();
    try {
      return work.done();
    } catch (SQLException e) {
      if (DamagedDatabase.isCauseOf(e)) {
        setAside(e);
      } else if (e instanceof Database.DatabaseFullException || !SqlFailure.mayPass(e)) {
        throw e;
      }
      return work.done();
    }
  }

  private void setAside(SQLException damage) throws SQLException {
    Optional<Path> aside = storage.setAside(clock.instant());
    if (aside.isEmpty()) {
      throw damage;
    }
    LOG.log(
        Level.ERROR,
        "the database of batch sizes is damaged (%s); it is now %s, and a new one begins empty"
            .formatted(SqlFailure.words(damage), aside.get()));
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

  private DatabaseUnavailable onFailure(SQLException e) {
    String words = SqlFailure.words(e);
    Instant now = clock.instant();
    if (outage.isEmpty()) {
      LOG.log(Level.WARNING, "the database of batch sizes cannot be used: " + words);
    }
    outage =
        Optional.of(
            new Outage(words, outage.map(Outage::since).orElse(now), now.plus(RETRY_PAUSE)));
    counts = counts.failed();
    return unavailable(words);
  }

  private static DatabaseUnavailable unavailable(String words) {
    return new DatabaseUnavailable(words);
  }

  private BatchSizeException onFull(Database.DatabaseFullException e) {
    String words = "the database of batch sizes takes nothing more: " + SqlFailure.words(e);
    if (!fullLogged) {
      LOG.log(Level.WARNING, words);
      fullLogged = true;
    }
    return new BatchSizeException(BatchSizeException.Kind.NO_ROOM, words);
  }

  /** Completes when nothing is under way and the database is let go. */
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
