package chase.daemon.batchsize;

import chase.daemon.store.DamagedFile;
import chase.daemon.store.NoRoom;
import chase.zeus.batchsize.Method;
import chase.zeus.batchsize.Report;
import chase.zeus.batchsize.Trial;
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
 * Any thread may ask. A question fails with {@link Refused} for what cannot be, and with {@link
 * DatabaseLost} while the database cannot be used: it is tried again by later questions, and its
 * trouble and its return are said once.
 */
public final class Desk {
  private static final Logger LOG = System.getLogger(Desk.class.getName());

  /** For so long nobody waits for a database that has just failed. */
  private static final Duration REST = Duration.ofSeconds(2);

  /** How many questions wait for the database; each holds what its client sent. */
  private static final int MOST_WAITING = 200;

  private final WorkerExecutor thread;
  private final Storage storage;
  private final Studies studies;
  private final InstantSource clock;
  private final AtomicInteger waiting = new AtomicInteger();
  private volatile Counts counts;
  private Optional<Trouble> trouble = Optional.empty();
  private boolean fullTold;

  private record Trouble(String words, Instant since, Instant again) {}

  private interface Work<T> {
    T done() throws SQLException;
  }

  /**
   * A desk for the studies in {@code storage}, which is opened by the first question.
   *
   * @param silence a trial that says nothing for this long counts as failed, until it does
   * @param host what this host is called in its trials
   */
  public Desk(
      Vertx vertx,
      Storage storage,
      EnergyWorth worth,
      InstantSource clock,
      Duration silence,
      String host) {
    this(vertx, storage, worth, clock, silence, host, Studies.Quotas.USUAL);
  }

  Desk(
      Vertx vertx,
      Storage storage,
      EnergyWorth worth,
      InstantSource clock,
      Duration silence,
      String host,
      Studies.Quotas quotas) {
    this.thread = vertx.createSharedWorkerExecutor("batch-sizes", 1);
    this.storage = storage;
    this.studies = new Studies(storage.database(), worth, clock, silence, host, quotas);
    this.clock = clock;
    this.counts = Counts.none(storage.kind());
  }

  /**
   * Keeps a job, unless the same one is there.
   *
   * @param otherwise how its batch size is chosen where it has no wish of its own
   */
  public Future<Registered> register(Recurring job, Method otherwise) {
    return ask(() -> studies.register(job, otherwise));
  }

  /** Forgets a job and its trials. */
  public Future<Boolean> delete(String job) {
    return ask(() -> studies.delete(job));
  }

  /** The next trial of a job. */
  public Future<Told> dispatch(String job) {
    return ask(() -> {
      Told next = studies.dispatch(job);
      fullTold = false;
      counts = counts.withTrial();
      return next;
    });
  }

  /** The run that {@link #dispatch} would answer; it is not kept. */
  Future<Trial> choose(String job) {
    return ask(() -> studies.choose(job));
  }

  /** Takes back a run that nobody was told of. */
  Future<Boolean> withdraw(Told unheard) {
    return ask(() -> studies.withdraw(unheard.job().described().name(), unheard.trial().number()));
  }

  /** Takes in a report; its joules are weighed here. */
  public Future<Told> report(String job, Report report) {
    return ask(() -> {
      Told told = studies.report(job, report);
      counts = counts.withReport();
      return counted(told);
    });
  }

  /**
   * A trial's run ended by itself; one that has ended already stays as it is.
   *
   * @param batchSize what the caller believes that it trains with
   */
  public Future<Told> fail(String job, int trial, OptionalInt batchSize) {
    return ask(() -> counted(studies.fail(job, trial, batchSize)));
  }

  /** One job with all of its trials. */
  public Future<KnownJob> find(String job) {
    return ask(() -> studies.find(job));
  }

  /**
   * What {@code look} sees of each job, by name; it is called on the desk's thread, so that no two
   * jobs with all of their trials are in memory.
   *
   * @param after the name behind which they begin; empty for the first
   * @param most how many jobs are looked at
   */
  public <T> Future<List<T>> list(String after, int most, Function<KnownJob, T> look) {
    return ask(() -> studies.list(after, most, look));
  }

  /** What was done so far; answers at once. */
  public Counts counts() {
    return counts;
  }

  private Told counted(Told told) {
    if (told.ends()) {
      counts = counts.withEnd(told.trial().status());
    }
    return told;
  }

  private <T> Future<T> ask(Work<T> work) {
    if (waiting.incrementAndGet() > MOST_WAITING) {
      waiting.decrementAndGet();
      return Future.failedFuture(
          new DatabaseLost(
              String.format(Locale.ROOT, "more than %d requests wait for it", MOST_WAITING)));
    }
    return thread
        .executeBlocking(() -> answered(work), true)
        .onComplete(done -> waiting.decrementAndGet())
        .map(Objects::requireNonNull);
  }

  private <T> T answered(Work<T> work) {
    Instant now = clock.instant();
    if (trouble.isPresent() && now.isBefore(trouble.get().again())) {
      counts = counts.failed();
      throw lost(trouble.get().words());
    }
    try {
      T answer = tried(work);
      recovered(now);
      return answer;
    } catch (NoRoom e) {
      recovered(now);
      throw full(e);
    } catch (SQLException e) {
      throw failed(e);
    } catch (Refused e) {
      recovered(now); // the database knew that much
      throw e;
    }
  }

  private <T> T tried(Work<T> work) throws SQLException {
    storage.prepare();
    try {
      return work.done();
    } catch (SQLException e) {
      if (DamagedFile.isTold(e)) {
        setAside(e);
      } else if (e instanceof NoRoom || !SqlTrouble.mayPass(e)) {
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
            .formatted(SqlTrouble.words(damage), aside.get()));
  }

  private void recovered(Instant now) {
    trouble.ifPresent(past ->
        LOG.log(Level.INFO, "the database of batch sizes is back after " + since(past, now)));
    trouble = Optional.empty();
    counts = counts.answered();
  }

  private static String since(Trouble past, Instant now) {
    return Duration.between(past.since(), now).toSeconds() + " s";
  }

  private DatabaseLost failed(SQLException e) {
    String words = SqlTrouble.words(e);
    Instant now = clock.instant();
    if (trouble.isEmpty()) {
      LOG.log(Level.WARNING, "the database of batch sizes cannot be used: " + words);
    }
    trouble =
        Optional.of(new Trouble(words, trouble.map(Trouble::since).orElse(now), now.plus(REST)));
    counts = counts.failed();
    return lost(words);
  }

  private static DatabaseLost lost(String words) {
    return new DatabaseLost(words);
  }

  private Refused full(NoRoom e) {
    String words = "the database of batch sizes takes nothing more: " + SqlTrouble.words(e);
    if (!fullTold) {
      LOG.log(Level.WARNING, words);
      fullTold = true;
    }
    return new Refused(Refused.Kind.NO_ROOM, words);
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
