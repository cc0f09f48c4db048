package chase.daemon.batchsize;

import chase.daemon.batchsize.Refused.Kind;
import chase.daemon.store.Database;
import chase.daemon.store.Schema;
import chase.zeus.batchsize.Answer;
import chase.zeus.batchsize.Method;
import chase.zeus.batchsize.Report;
import chase.zeus.batchsize.Spending;
import chase.zeus.batchsize.Study;
import chase.zeus.batchsize.StudyRefused;
import chase.zeus.batchsize.Trial;
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
 * throws {@link Refused} for what cannot be, {@link SQLException} when the database fails.
 */
final class Studies {
  /** The tables. */
  static final Schema SCHEMA =
      new Schema("batch_sizes", List.of(List.of(JobRows.TABLE, TrialRows.TABLE)));

  /**
   * How much is kept, since whoever reaches Zeus's API may register jobs and begin runs.
   *
   * @param jobs how many jobs
   * @param trials how many trials of one job; the oldest that have ended make room
   * @param running how many of them that have not ended
   */
  record Quotas(int jobs, int trials, int running) {
    static final Quotas USUAL = new Quotas(1000, 1000, 200);
  }

  /** When the number of jobs is reached, this long unused makes room: without runs, and with. */
  private static final Duration UNTRIED = Duration.ofDays(1);

  private static final Duration TRIED = Duration.ofDays(90);

  /** Above this a reference of next to nothing speaks, and not the grid. */
  private static final double HIGHEST_WEIGHT = 1e6;

  private final Database database;
  private final EnergyWorth worth;
  private final InstantSource clock;
  private final Duration silence;
  private final String host;
  private final Quotas quotas;

  /**
   * Studies in {@code database}.
   *
   * @param silence a trial that says nothing for this long counts as failed, until it does
   * @param host what this host is called in its trials
   */
  Studies(
      Database database,
      EnergyWorth worth,
      InstantSource clock,
      Duration silence,
      String host,
      Quotas quotas) {
    this.quotas = quotas;
    this.database = database;
    this.worth = worth;
    this.clock = clock;
    this.silence = silence;
    this.host = host;
  }

  /**
   * Keeps a job, unless the same one is there.
   *
   * @param otherwise how its batch size is chosen where it has no wish of its own
   */
  Registered register(Recurring job, Method otherwise) throws SQLException {
    Method method = job.method(otherwise);
    return database.transact(connection -> {
      OptionalDouble reference = worth.reference(job.cost());
      boolean fresh =
          reference.isPresent()
              && JobRows.add(connection, job, method, reference.getAsDouble(), clock.instant());
      if (!fresh && !JobRows.exists(connection, job.name())) {
        throw new Refused(
            Kind.NO_SIGNAL,
            "%s is to count for '%s', and this host does not know it yet (chase signal)"
                .formatted(job.cost().word(), job.name()));
      }
      if (fresh) {
        makeRoom(connection);
      }
      KnownJob kept = known(connection, job.name(), 0);
      if (kept.described().api() != job.api() || !kept.described().json().equals(job.json())) {
        throw new Refused(
            Kind.DIFFERS,
            "a recurring job '%s' is registered already, and is described otherwise"
                .formatted(job.name()));
      }
      return new Registered(fresh, kept);
    });
  }

  private void makeRoom(Connection connection) throws SQLException {
    Instant now = clock.instant();
    for (int more = JobRows.count(connection) - quotas.jobs(); more > 0; more--) {
      if (!JobRows.retire(connection, now.minus(UNTRIED), now.minus(TRIED))) {
        throw new Refused(
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
      return JobRows.delete(connection, job);
    });
  }

  /** The next trial of a job. */
  Told dispatch(String job) throws SQLException {
    return database.transact(connection -> {
      lock(connection, job);
      KnownJob known = known(connection, job, 0);
      if (known.study().trials().stream().filter(Trial::isRunning).count() >= quotas.running()) {
        throw new Refused(
            Kind.NO_ROOM,
            String.format(
                Locale.ROOT,
                "%d runs of '%s' have not ended, and there may be no more",
                quotas.running(),
                job));
      }
      Trial next = known.study().dispatch().trial();
      Instant now = clock.instant();
      for (int number : known.outdated(quotas.trials() - 1)) {
        TrialRows.delete(connection, job, number);
      }
      TrialRows.add(connection, job, new TrialRow(next, host, now, now));
      return new Told(known, next, next.why(), false);
    });
  }

  /** The run that {@link #dispatch} would answer, which is not kept. */
  Trial choose(String job) throws SQLException {
    return find(job).study().dispatch().trial();
  }

  /** Takes back a run that nobody was told of. */
  boolean withdraw(String job, int number) throws SQLException {
    return database.transact(connection ->
        JobRows.lock(connection, job, clock.instant())
            && TrialRows.delete(connection, job, number));
  }

  /**
   * Takes in a report, whose joules are weighed here. One of a trial that has ended is answered and
   * changes nothing; one that counted as failed because it was silent goes on.
   */
  Told report(String job, Report report) throws SQLException {
    return database.transact(connection -> {
      lock(connection, job);
      KnownJob known = known(connection, job, report.trial());
      Trial before = known.trial(report.trial());
      if (report.batchSize() != before.batchSize()) {
        throw wrongBatchSize(before, report.batchSize());
      }
      if (!before.isRunning()) {
        return new Told(
            known,
            before,
            String.format(
                Locale.ROOT,
                "trial %d has ended (%s), and its end is already reported",
                before.number(),
                word(before)),
            false);
      }
      Answer answer = taken(known, weighed(known, before, report));
      TrialRows.change(connection, job, answer.trial(), clock.instant());
      return new Told(known, answer.trial(), answer.message(), answer.stop());
    });
  }

  private static Refused wrongBatchSize(Trial trial, int found) {
    return new Refused(
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

  private static Answer taken(KnownJob known, Report report) {
    try {
      return known.study().report(report);
    } catch (StudyRefused e) {
      throw Refused.of(e);
    }
  }

  /**
   * What was used since the last report weighs what energy is worth now; while nobody knows that,
   * what the job's joules weighed on average.
   */
  private Report weighed(KnownJob known, Trial before, Report report) {
    Spending now = report.spending();
    Spending then = before.spending();
    double joules = Math.max(0, now.energy().value() - then.energy().value());
    OptionalDouble current = worth.now(known.described().cost());
    double weight =
        current.isPresent() ? current.getAsDouble() / known.reference() : known.usualWeight();
    if (!(weight <= HIGHEST_WEIGHT)) {
      weight = known.usualWeight();
    }
    return new Report(
        report.trial(),
        report.batchSize(),
        report.epoch(),
        new Spending(now.energy(), then.weightedJoules() + joules * weight, now.seconds()),
        report.metric(),
        report.profile());
  }

  /**
   * A trial's run ended by itself; one that has ended already stays as it is.
   *
   * @param batchSize what the caller believes that it trains with
   */
  Told fail(String job, int number, OptionalInt batchSize) throws SQLException {
    return database.transact(connection -> {
      lock(connection, job);
      KnownJob known = known(connection, job, number);
      Trial before = known.trial(number);
      if (batchSize.isPresent() && batchSize.getAsInt() != before.batchSize()) {
        throw wrongBatchSize(before, batchSize.getAsInt());
      }
      Trial after = known.study().fail(number).trial(number).orElseThrow();
      if (before.isRunning()) {
        TrialRows.change(connection, job, after, clock.instant());
      }
      return new Told(
          known,
          after,
          String.format(Locale.ROOT, "trial %d has ended: %s", number, word(after)),
          before.isRunning());
    });
  }

  /** One job with all of its trials. */
  KnownJob find(String job) throws SQLException {
    return database.transact(connection -> known(connection, job, 0));
  }

  /** What {@code look} sees of each job behind {@code after}, by name; one job at a time. */
  <T> List<T> list(String after, int most, Function<KnownJob, T> look) throws SQLException {
    return database.transact(connection -> {
      List<T> seen = new ArrayList<>();
      for (String name : JobRows.names(connection, after, most)) {
        seen.add(look.apply(known(connection, name, 0)));
      }
      return seen;
    });
  }

  private void lock(Connection connection, String job) throws SQLException {
    if (!Recurring.isName(job) || !JobRows.lock(connection, job, clock.instant())) {
      throw Refused.unknownJob(job);
    }
  }

  /** A trial that was silent for too long counts as failed, unless it is {@code heard} now. */
  private KnownJob known(Connection connection, String job, int heard) throws SQLException {
    if (!Recurring.isName(job)) {
      throw Refused.unknownJob(job);
    }
    JobRows.Row row = JobRows.find(connection, job).orElseThrow(() -> Refused.unknownJob(job));
    List<TrialRow> rows = TrialRows.of(connection, job);
    Instant before = clock.instant().minus(silence);
    List<Trial> trials =
        rows.stream()
            .map(known ->
                known.isSilentSince(before) && known.trial().number() != heard
                    ? failed(known.trial())
                    : known.trial())
            .toList();
    Study study = Study.rebuild(row.described().study(row.method()), trials);
    return new KnownJob(
        row.described(), row.method(), row.reference(), row.createdAt(), study, rows);
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
        trial.spending(),
        trial.profile());
  }

  /** Lets go of the database. */
  void close() {
    database.close();
  }
}
