package chase.daemon.batchsize;

import chase.daemon.batchsize.BatchSizeException.Kind;
import chase.daemon.storage.Database;
import chase.daemon.storage.SchemaVersions;
import chase.zeus.batchsize.SearchMethod;
import chase.zeus.batchsize.Study;
import chase.zeus.batchsize.StudyException;
import chase.zeus.batchsize.StudyResult;
import chase.zeus.batchsize.Trial;
import chase.zeus.batchsize.TrialReport;
import chase.zeus.batchsize.TrialUsage;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * The studies of recurring jobs, in a database that several hosts may share. Each change is one
 * transaction that begins by locking the job, so that trials may overlap. Every call blocks, and
 * throws {@link BatchSizeException} for what cannot be, {@link SQLException} when the database
 * fails.
 */
public final class StudyStore {
  /** The tables. */
  static final SchemaVersions SCHEMA =
      new SchemaVersions("batch_sizes", List.of(List.of(StudyRows.TABLE, TrialRows.TABLE)));

  /**
   * How much is kept, since whoever reaches Zeus's API may register jobs and begin runs.
   *
   * @param jobs how many jobs
   * @param trials how many trials of one job; the oldest that have ended make room
   * @param running how many of them that have not ended
   */
  public record Quotas(int jobs, int trials, int running) {
    static final Quotas DEFAULT = new Quotas(1000, 1000, 200);
  }

  /** When the number of jobs is reached, this long unused makes room: without runs, and with. */
  private static final Duration UNTRIED = Duration.ofDays(1);

  private static final Duration TRIED = Duration.ofDays(90);

  /** Above this a reference of next to nothing speaks, and not the grid. */
  private static final double HIGHEST_WEIGHT = 1e6;

  private final Database database;
  private final JouleWeight worth;
  private final InstantSource clock;
  private final Duration silenceTimeout;
  private final String host;
  private final Quotas quotas;

  /**
   * Studies in {@code database}.
   *
   * @param silence a trial that says nothing for this long counts as failed, until it does
   * @param host what this host is called in its trials
   */
  StudyStore(
      Database database,
      JouleWeight worth,
      InstantSource clock,
      Duration silence,
      String host,
      Quotas quotas) {
    this.quotas = quotas;
    this.database = database;
    this.worth = worth;
    this.clock = clock;
    this.silenceTimeout = silence;
    this.host = host;
  }

  /**
   * Keeps a job, unless the same one is there.
   *
   * @param otherwise how its batch size is chosen where it has no wish of its own
   */
  StoredStudy.RegistrationResult register(RecurringJob job, SearchMethod otherwise)
      throws SQLException {
    SearchMethod method = job.method(otherwise);
    return database.transact(connection -> {
      OptionalDouble reference = worth.reference(job.cost());
      boolean fresh =
          reference.isPresent()
              && StudyRows.add(connection, job, method, reference.getAsDouble(), clock.instant());
      if (!fresh && !StudyRows.exists(connection, job.name())) {
        throw new BatchSizeException(
            Kind.NO_SIGNAL,
            "%s is to count for '%s', and this host does not know it yet (chase signal)"
                .formatted(job.cost().word(), job.name()));
      }
      if (fresh) {
        makeRoom(connection);
      }
      StoredStudy kept = load(connection, job.name(), 0);
      if (kept.job().api() != job.api() || !kept.job().json().equals(job.json())) {
        throw new BatchSizeException(
            Kind.DIFFERS,
            "a recurring job '%s' is registered already, and is described otherwise"
                .formatted(job.name()));
      }
      return new StoredStudy.RegistrationResult(fresh, kept);
    });
  }

  private void makeRoom(Connection connection) throws SQLException {
    Instant now = clock.instant();
    for (int more = StudyRows.count(connection) - quotas.jobs(); more > 0; more--) {
      if (!StudyRows.retire(connection, now.minus(UNTRIED), now.minus(TRIED))) {
        throw new BatchSizeException(
            Kind.NO_ROOM,
            String.format(
                Locale.ROOT,
                "%d recurring jobs are registered, and there may be no more (chase batch-size rm)",
                quotas.jobs()));
      }
    }
  }

  /** Forgets a job and its trials. */
  boolean delete(String job) throws SQLException {
    return database.transact(connection -> {
      lock(connection, job);
      return StudyRows.delete(connection, job);
    });
  }

  /** The next trial of a job. */
  TrialResult startTrial(String job) throws SQLException {
    return database.transact(connection -> {
      lock(connection, job);
      StoredStudy known = load(connection, job, 0);
      if (known.study().trials().stream().filter(Trial::isRunning).count() >= quotas.running()) {
        throw new BatchSizeException(
            Kind.NO_ROOM,
            String.format(
                Locale.ROOT,
                "%d runs of '%s' have not ended, and there may be no more",
                quotas.running(),
                job));
      }
      Trial next = known.study().startTrial().trial();
      Instant now = clock.instant();
      for (int number : known.outdated(quotas.trials() - 1)) {
        TrialRows.delete(connection, job, number);
      }
      TrialRows.add(connection, job, new StoredStudy.StoredTrial(next, host, now, now));
      return new TrialResult(known, next, next.why(), false);
    });
  }

  /** The run that {@link #startTrial} would answer, which is not kept. */
  Trial suggest(String job) throws SQLException {
    return find(job).study().startTrial().trial();
  }

  /** Takes back a run that nobody was told of. */
  boolean withdraw(String job, int number) throws SQLException {
    return database.transact(connection ->
        StudyRows.lock(connection, job, clock.instant())
            && TrialRows.delete(connection, job, number));
  }

  /**
   * Takes in a report, whose joules are weighed here. One of a trial that has ended is answered and
   * changes nothing; one that counted as failed because it was silent goes on.
   */
  TrialResult report(String job, TrialReport report) throws SQLException {
    return database.transact(connection -> {
      lock(connection, job);
      StoredStudy known = load(connection, job, report.trial());
      Trial before = known.trial(report.trial());
      if (report.batchSize() != before.batchSize()) {
        throw wrongBatchSize(before, report.batchSize());
      }
      if (!before.isRunning()) {
        return new TrialResult(
            known,
            before,
            String.format(
                Locale.ROOT,
                "trial %d has ended (%s), and its end is already reported",
                before.number(),
                word(before)),
            false);
      }
      StudyResult answer = apply(known, weighed(known, before, report));
      TrialRows.change(connection, job, answer.trial(), clock.instant());
      return new TrialResult(known, answer.trial(), answer.message(), answer.stop());
    });
  }

  private static BatchSizeException wrongBatchSize(Trial trial, int found) {
    return new BatchSizeException(
        Kind.WRONG_BATCH_SIZE,
        String.format(
            Locale.ROOT,
            "trial %d trains with batch size %d, not %d",
            trial.number(),
            trial.batchSize(),
            found));
  }

  private static String word(Trial trial) {
    return trial.status().name().toLowerCase(Locale.ROOT);
  }

  private static StudyResult apply(StoredStudy known, TrialReport report) {
    try {
      return known.study().report(report);
    } catch (StudyException e) {
      throw BatchSizeException.of(e);
    }
  }

  /**
   * What was used since the last report weighs what energy is worth now; while nobody knows that,
   * what the job's joules weighed on average.
   */
  private TrialReport weighed(StoredStudy known, Trial before, TrialReport report) {
    TrialUsage now = report.usage();
    TrialUsage then = before.usage();
    double joules = Math.max(0, now.energy().value() - then.energy().value());
    OptionalDouble current = worth.current(known.job().cost());
    double weight =
        current.isPresent() ? current.getAsDouble() / known.reference() : known.meanWeight();
    if (!(weight <= HIGHEST_WEIGHT)) {
      weight = known.meanWeight();
    }
    return new TrialReport(
        report.trial(),
        report.batchSize(),
        report.epoch(),
        new TrialUsage(now.energy(), then.weightedJoules() + joules * weight, now.seconds()),
        report.metric(),
        report.profile());
  }

  /**
   * A trial's run ended by itself; one that has ended already stays as it is.
   *
   * @param batchSize what the caller believes that it trains with
   */
  TrialResult fail(String job, int number, OptionalInt batchSize) throws SQLException {
    return database.transact(connection -> {
      lock(connection, job);
      StoredStudy known = load(connection, job, number);
      Trial before = known.trial(number);
      if (batchSize.isPresent() && batchSize.getAsInt() != before.batchSize()) {
        throw wrongBatchSize(before, batchSize.getAsInt());
      }
      Trial after = known.study().fail(number).trial(number).orElseThrow();
      if (before.isRunning()) {
        TrialRows.change(connection, job, after, clock.instant());
      }
      return new TrialResult(
          known,
          after,
          String.format(Locale.ROOT, "trial %d has ended: %s", number, word(after)),
          before.isRunning());
    });
  }

  /** One job with all of its trials. */
  StoredStudy find(String job) throws SQLException {
    return database.transact(connection -> load(connection, job, 0));
  }

  /** What {@code look} sees of each job behind {@code after}, by name; one job at a time. */
  <T> List<T> list(String after, int most, Function<StoredStudy, T> look) throws SQLException {
    return database.transact(connection -> {
      List<T> seen = new ArrayList<>();
      for (String name : StudyRows.names(connection, after, most)) {
        seen.add(look.apply(load(connection, name, 0)));
      }
      return seen;
    });
  }

  private void lock(Connection connection, String job) throws SQLException {
    if (!RecurringJob.isValidName(job) || !StudyRows.lock(connection, job, clock.instant())) {
      throw BatchSizeException.unknownJob(job);
    }
  }

  /** A trial that was silent for too long counts as failed, unless it is {@code heard} now. */
  private StoredStudy load(Connection connection, String job, int heard) throws SQLException {
    if (!RecurringJob.isValidName(job)) {
      throw BatchSizeException.unknownJob(job);
    }
    StudyRows.Row row =
        StudyRows.find(connection, job).orElseThrow(() -> BatchSizeException.unknownJob(job));
    List<StoredStudy.StoredTrial> rows = TrialRows.of(connection, job);
    Instant before = clock.instant().minus(silenceTimeout);
    List<Trial> trials =
        rows.stream()
            .map(known ->
                known.isSilentSince(before) && known.trial().number() != heard
                    ? failed(known.trial())
                    : known.trial())
            .toList();
    Study study = new Study(row.job().study(row.method()), trials);
    return new StoredStudy(row.job(), row.method(), row.reference(), row.createdAt(), study, rows);
  }

  private static Trial failed(Trial trial) {
    return new Trial(
        trial.number(),
        trial.batchSize(),
        trial.kind(),
        trial.why(),
        trial.limits(),
        Trial.Status.FAILED,
        trial.epochs(),
        trial.usage(),
        trial.profile());
  }

  /** Lets go of the database. */
  void close() {
    database.close();
  }
}
