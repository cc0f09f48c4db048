package chase.daemon.batchsize;

import chase.daemon.batchsize.BatchSizeException.BatchSizeFailure;
import chase.daemon.batchsize.StoredStudy.RegistrationResult;
import chase.daemon.batchsize.StoredStudy.StoredTrial;
import chase.daemon.batchsize.StoredStudy.StudyOwner;
import chase.daemon.storage.Database;
import chase.daemon.storage.SchemaVersions;
import chase.zeus.batchsize.SearchMethod;
import chase.zeus.batchsize.Study;
import chase.zeus.batchsize.StudyException;
import chase.zeus.batchsize.StudyResult;
import chase.zeus.batchsize.Trial;
import chase.zeus.batchsize.TrialReport;
import chase.zeus.batchsize.TrialUsage;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * The studies of recurring jobs, in a database that several hosts may share. Each change is one
 * transaction that begins by locking the job, so that trials may overlap. Every call blocks, and
 * throws {@link BatchSizeException} for a request that cannot be met, {@link SQLException} when the
 * database fails.
 */
final class StudyStore {
  /** The tables. */
  static final SchemaVersions SCHEMA =
      new SchemaVersions("batch_sizes", List.of(StudyRows.TABLES, StudyRows.OWNERS));

  /**
   * How much is kept, since every client of Zeus's API may register jobs and start trials.
   *
   * @param jobs how many jobs
   * @param jobsOfOne how many of them may be one user's
   * @param trials how many trials of one job; the oldest that have ended make room
   * @param running how many of them that have not ended
   */
  record Quotas(int jobs, int jobsOfOne, int trials, int running) {
    static final Quotas DEFAULT = new Quotas(1000, 200, 1000, 200);
  }

  /**
   * When the quota of jobs is reached, a job without trials unused for this long is deleted, ...
   */
  private static final Duration UNTRIED = Duration.ofDays(1);

  /** ... and one with trials after this. */
  private static final Duration TRIED = Duration.ofDays(90);

  /** A higher weight comes from a reference next to zero, and says nothing about the grid. */
  private static final double MAX_WEIGHT = 1e6;

  private final Database database;
  private final JouleWeight weight;
  private final InstantSource clock;
  private final Duration silenceTimeout;
  private final String host;
  private final Quotas quotas;

  /**
   * Studies in {@code database}.
   *
   * @param silenceTimeout a trial that does not report for this long counts as failed, until it
   *     does
   * @param host the name of this host in its trials
   */
  StudyStore(
      Database database,
      JouleWeight weight,
      InstantSource clock,
      Duration silenceTimeout,
      String host,
      Quotas quotas) {
    this.database = database;
    this.weight = weight;
    this.clock = clock;
    this.silenceTimeout = silenceTimeout;
    this.host = host;
    this.quotas = quotas;
  }

  private interface StudyTransaction<T> {
    T on(StudyRows rows) throws SQLException;
  }

  private <T> T transact(StudyTransaction<T> work) throws SQLException {
    return database.transact(connection -> work.on(new StudyRows(connection)));
  }

  /**
   * Keeps a job, unless the same one is there.
   *
   * @param otherwise how its batch size is chosen where its description does not say
   * @param owner who registers it; empty where that is not known
   */
  RegistrationResult register(RecurringJob job, SearchMethod otherwise, Optional<StudyOwner> owner)
      throws SQLException {
    return transact(rows -> {
      Optional<Double> reference = weight.reference(job.cost());
      boolean created =
          reference.isPresent()
              && rows.addJob(job, job.method(otherwise), reference.get(), owner, clock.instant());
      if (!created && rows.findJob(job.name()).isEmpty()) {
        throw new BatchSizeException(
            BatchSizeFailure.NO_SIGNAL,
            "%s is to count for '%s', and this host does not know it yet (chase signal)"
                .formatted(job.cost().word(), job.name()));
      }
      if (created) {
        requireFewOf(rows, owner);
        makeRoom(rows);
      }
      StoredStudy stored = load(rows, job.name(), 0);
      if (stored.job().api() != job.api() || !stored.job().json().equals(job.json())) {
        throw new BatchSizeException(
            BatchSizeFailure.DIFFERS,
            "a recurring job '%s' is registered already, and is described otherwise"
                .formatted(job.name()));
      }
      return new RegistrationResult(created, stored);
    });
  }

  private void requireFewOf(StudyRows rows, Optional<StudyOwner> owner) throws SQLException {
    if (owner.isPresent() && rows.countJobs(owner.get()) > quotas.jobsOfOne()) {
      throw new BatchSizeException(
          BatchSizeFailure.TOO_MANY,
          String.format(
              Locale.ROOT,
              "%d recurring jobs are %s's, and one user may have no more (chase batch-size rm)",
              quotas.jobsOfOne(),
              owner.get().user()));
    }
  }

  private void makeRoom(StudyRows rows) throws SQLException {
    Instant now = clock.instant();
    for (int more = rows.countJobs() - quotas.jobs(); more > 0; more--) {
      if (!rows.deleteUnusedJob(now.minus(UNTRIED), now.minus(TRIED))) {
        throw new BatchSizeException(
            BatchSizeFailure.NO_ROOM,
            String.format(
                Locale.ROOT,
                "%d recurring jobs are registered, and there may be no more (chase batch-size rm)",
                quotas.jobs()));
      }
    }
  }

  /** Deletes a job and its trials. */
  boolean delete(String job) throws SQLException {
    return transact(rows -> {
      lock(rows, job);
      return rows.deleteJob(job);
    });
  }

  /** The next trial of a job. */
  TrialResult startTrial(String job) throws SQLException {
    return transact(rows -> {
      lock(rows, job);
      StoredStudy stored = load(rows, job, 0);
      if (stored.study().trials().stream().filter(Trial::isRunning).count() >= quotas.running()) {
        throw new BatchSizeException(
            BatchSizeFailure.NO_ROOM,
            String.format(
                Locale.ROOT,
                "%d runs of '%s' have not ended, and there may be no more",
                quotas.running(),
                job));
      }
      Trial next = stored.study().startTrial().trial();
      Instant now = clock.instant();
      for (int number : stored.surplusTrials(quotas.trials() - 1)) {
        rows.deleteTrial(job, number);
      }
      rows.addTrial(job, new StoredTrial(next, host, now, now));
      return new TrialResult(stored, next, next.why(), false);
    });
  }

  /** The trial that {@link #startTrial} would return; it is not kept. */
  Trial suggest(String job) throws SQLException {
    return find(job).study().startTrial().trial();
  }

  /** Deletes a trial whose start did not reach its client. */
  boolean withdraw(String job, int number) throws SQLException {
    return transact(rows -> rows.lockJob(job, clock.instant()) && rows.deleteTrial(job, number));
  }

  /**
   * Adds a report, whose joules are weighed here. The report of a trial that has ended changes
   * nothing; a trial that counted as failed because it did not report goes on.
   */
  TrialResult report(String job, TrialReport report) throws SQLException {
    return transact(rows -> {
      lock(rows, job);
      StoredStudy stored = load(rows, job, report.trial());
      Trial before = stored.trial(report.trial());
      requireBatchSize(before, report.batchSize());
      if (!before.isRunning()) {
        return new TrialResult(
            stored,
            before,
            String.format(
                Locale.ROOT,
                "trial %d has ended (%s), and its end is already reported",
                before.number(),
                word(before)),
            false);
      }
      StudyResult result = report(stored, weighed(stored, before, report));
      rows.updateTrial(job, result.trial(), clock.instant());
      return new TrialResult(stored, result.trial(), result.message(), result.stop());
    });
  }

  private static void requireBatchSize(Trial trial, int reported) {
    if (reported != trial.batchSize()) {
      throw new BatchSizeException(
          BatchSizeFailure.WRONG_BATCH_SIZE,
          String.format(
              Locale.ROOT,
              "trial %d trains with batch size %d, not %d",
              trial.number(),
              trial.batchSize(),
              reported));
    }
  }

  private static String word(Trial trial) {
    return trial.status().name().toLowerCase(Locale.ROOT);
  }

  private static StudyResult report(StoredStudy stored, TrialReport report) {
    try {
      return stored.study().report(report);
    } catch (StudyException e) {
      throw BatchSizeException.of(e);
    }
  }

  /**
   * The report, with the joules since the last one weighed by the current signal; while that is
   * unknown, by the mean weight of the job's joules so far.
   */
  private TrialReport weighed(StoredStudy stored, Trial before, TrialReport report) {
    TrialUsage now = report.usage();
    TrialUsage then = before.usage();
    double joules = Math.max(0, now.energy().value() - then.energy().value());
    Optional<Double> current = weight.current(stored.job().cost());
    double mean = stored.study().meanWeight();
    double factor = current.isPresent() ? current.get() / stored.reference() : mean;
    if (!(factor <= MAX_WEIGHT)) {
      factor = mean;
    }
    return new TrialReport(
        report.trial(),
        report.batchSize(),
        report.epoch(),
        new TrialUsage(now.energy(), then.weightedJoules() + joules * factor, now.seconds()),
        report.metric(),
        report.profile());
  }

  /**
   * Ends a trial whose training ended; one that has ended already stays as it is.
   *
   * @param batchSize what the caller believes that it trains with
   */
  TrialResult fail(String job, int number, Optional<Integer> batchSize) throws SQLException {
    return transact(rows -> {
      lock(rows, job);
      StoredStudy stored = load(rows, job, number);
      Trial before = stored.trial(number);
      requireBatchSize(before, batchSize.orElse(before.batchSize()));
      Trial after = stored.study().fail(number).trial(number).orElseThrow();
      if (before.isRunning()) {
        rows.updateTrial(job, after, clock.instant());
      }
      return new TrialResult(
          stored,
          after,
          String.format(Locale.ROOT, "trial %d has ended: %s", number, word(after)),
          before.isRunning());
    });
  }

  /** One job with all of its trials. */
  StoredStudy find(String job) throws SQLException {
    return transact(rows -> load(rows, job, 0));
  }

  /** What {@code summary} makes of each job after {@code after}, by name; one job at a time. */
  <T> List<T> list(String after, int max, Function<StoredStudy, T> summary) throws SQLException {
    return transact(rows -> {
      List<T> all = new ArrayList<>();
      for (String name : rows.jobNames(after, max)) {
        all.add(summary.apply(load(rows, name, 0)));
      }
      return all;
    });
  }

  private void lock(StudyRows rows, String job) throws SQLException {
    if (!RecurringJob.isValidName(job) || !rows.lockJob(job, clock.instant())) {
      throw BatchSizeException.unknownJob(job);
    }
  }

  /** A trial that has not reported for too long counts as failed, unless it {@code reports} now. */
  private StoredStudy load(StudyRows rows, String job, int reports) throws SQLException {
    if (!RecurringJob.isValidName(job)) {
      throw BatchSizeException.unknownJob(job);
    }
    StudyRows.RegisteredJob found =
        rows.findJob(job).orElseThrow(() -> BatchSizeException.unknownJob(job));
    List<StoredTrial> stored = rows.trials(job);
    Instant oldest = clock.instant().minus(silenceTimeout);
    Study study =
        new Study(
            found.job().study(found.method()), stored.stream().map(StoredTrial::trial).toList());
    for (StoredTrial trial : stored) {
      if (trial.isSilentSince(oldest) && trial.trial().number() != reports) {
        study = study.fail(trial.trial().number());
      }
    }
    return new StoredStudy(
        found.job(),
        found.method(),
        found.reference(),
        found.createdAt(),
        found.owner(),
        study,
        stored);
  }

  /** Closes the database. */
  void close() {
    database.close();
  }
}
