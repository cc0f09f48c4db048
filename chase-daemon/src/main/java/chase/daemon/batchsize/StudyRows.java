package chase.daemon.batchsize;

import chase.daemon.batchsize.StoredStudy.StoredTrial;
import chase.daemon.batchsize.StoredStudy.StudyOwner;
import chase.daemon.storage.Sql;
import chase.zeus.batchsize.SearchMethod;
import chase.zeus.batchsize.Trial;
import chase.zeus.batchsize.Trial.LimitPlan;
import chase.zeus.batchsize.TrialUsage;
import chase.zeus.unit.Joules;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rows of recurring jobs and of their trials, on one connection. A trial's row has no power
 * limits, since the daemon's policy sets them.
 */
final class StudyRows {
  /** Creates the tables. */
  static final List<String> TABLES =
      List.of(
          """
          CREATE TABLE batch_size_jobs (
            name VARCHAR(200) PRIMARY KEY,
            api VARCHAR(10) NOT NULL,
            method VARCHAR(10) NOT NULL,
            description TEXT NOT NULL,
            reference DOUBLE PRECISION NOT NULL,
            created_at VARCHAR(40) NOT NULL,
            used_at VARCHAR(40) NOT NULL)
          """,
          """
          CREATE TABLE batch_size_trials (
            job_name VARCHAR(200) NOT NULL REFERENCES batch_size_jobs (name) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            batch_size INTEGER NOT NULL,
            kind VARCHAR(20) NOT NULL,
            why TEXT NOT NULL,
            status VARCHAR(20) NOT NULL,
            epochs INTEGER NOT NULL,
            joules DOUBLE PRECISION NOT NULL,
            weighted_joules DOUBLE PRECISION NOT NULL,
            seconds DOUBLE PRECISION NOT NULL,
            host VARCHAR(255) NOT NULL,
            started_at VARCHAR(40) NOT NULL,
            heard_at VARCHAR(40) NOT NULL,
            PRIMARY KEY (job_name, number))
          """);

  /** Whose each job is; those of older versions and of Zeus's API are nobody's. */
  static final List<String> OWNERS =
      List.of(
          "ALTER TABLE batch_size_jobs ADD COLUMN owner VARCHAR(256)",
          "ALTER TABLE batch_size_jobs ADD COLUMN owner_uid BIGINT");

  private final Connection connection;

  StudyRows(Connection connection) {
    this.connection = connection;
  }

  /** A job's row. */
  record RegisteredJob(
      RecurringJob job,
      SearchMethod method,
      double reference,
      Instant createdAt,
      Optional<StudyOwner> owner) {
    static RegisteredJob of(ResultSet row) throws SQLException {
      return new RegisteredJob(
          RecurringJob.of(
              RecurringJob.Api.valueOf(row.getString("api")), row.getString("description")),
          SearchMethod.valueOf(row.getString("method")),
          row.getDouble("reference"),
          Instant.parse(row.getString("created_at")),
          owner(row));
    }

    private static Optional<StudyOwner> owner(ResultSet row) throws SQLException {
      @Nullable String name = row.getString("owner");
      long uid = row.getLong("owner_uid");
      Optional<Long> number = row.wasNull() ? Optional.empty() : Optional.of(uid);
      return Optional.ofNullable(name).map(user -> new StudyOwner(user, number));
    }
  }

  /** Adds a job; false when there is one of that name. */
  boolean addJob(
      RecurringJob job,
      SearchMethod method,
      double reference,
      Optional<StudyOwner> owner,
      Instant now)
      throws SQLException {
    int added =
        Sql.update(
            connection,
            "INSERT INTO batch_size_jobs"
                + " (name, api, method, description, reference, created_at, used_at, owner,"
                + " owner_uid) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO NOTHING",
            job.name(),
            job.api().name(),
            method.name(),
            job.json(),
            reference,
            now.toString(),
            now.toString(),
            owner.map(StudyOwner::user),
            owner.flatMap(StudyOwner::uid));
    return added == 1;
  }

  /**
   * Locks a job until the transaction ends, in SQLite and in PostgreSQL alike: no other connection
   * changes it or its trials meanwhile. False when there is no such job.
   */
  boolean lockJob(String job, Instant now) throws SQLException {
    String sql = "UPDATE batch_size_jobs SET used_at = ? WHERE name = ?";
    return Sql.update(connection, sql, now.toString(), job) == 1;
  }

  Optional<RegisteredJob> findJob(String job) throws SQLException {
    return Sql.first(
        connection,
        "SELECT api, method, description, reference, created_at, owner, owner_uid"
            + " FROM batch_size_jobs WHERE name = ?",
        RegisteredJob::of,
        job);
  }

  /** How many jobs are a user's. */
  int countJobs(StudyOwner owner) throws SQLException {
    return Sql.first(
            connection,
            "SELECT COUNT(*) FROM batch_size_jobs WHERE owner = ?",
            row -> row.getInt(1),
            owner.user())
        .orElse(0);
  }

  /** The first {@code max} names after {@code after}, in the database's order. */
  List<String> jobNames(String after, int max) throws SQLException {
    return Sql.query(
        connection,
        "SELECT name FROM batch_size_jobs WHERE name > ? ORDER BY name LIMIT ?",
        row -> row.getString(1),
        after,
        max);
  }

  int countJobs() throws SQLException {
    return Sql.first(connection, "SELECT count(*) FROM batch_size_jobs", row -> row.getInt(1))
        .orElse(0);
  }

  /**
   * Deletes the job that was used longest ago, if it has no trial and was not used since {@code
   * untried}, or has some and was not used since {@code tried}.
   */
  boolean deleteUnusedJob(Instant untried, Instant tried) throws SQLException {
    int deleted =
        Sql.update(
            connection,
            "DELETE FROM batch_size_jobs WHERE name = (SELECT name FROM batch_size_jobs AS job"
                + " WHERE used_at < ? OR (used_at < ? AND NOT EXISTS"
                + " (SELECT 1 FROM batch_size_trials WHERE job_name = job.name))"
                + " ORDER BY used_at LIMIT 1)",
            tried.toString(),
            untried.toString());
    return deleted > 0;
  }

  /** Deletes a job; the database then deletes its trials. */
  boolean deleteJob(String job) throws SQLException {
    return Sql.update(connection, "DELETE FROM batch_size_jobs WHERE name = ?", job) == 1;
  }

  /** A job's trials, in the order in which they were started. */
  List<StoredTrial> trials(String job) throws SQLException {
    return Sql.query(
        connection,
        "SELECT * FROM batch_size_trials WHERE job_name = ? ORDER BY number",
        row ->
            new StoredTrial(
                trial(row),
                row.getString("host"),
                Instant.parse(row.getString("started_at")),
                Instant.parse(row.getString("heard_at"))),
        job);
  }

  private static Trial trial(ResultSet row) throws SQLException {
    return new Trial(
        row.getInt("number"),
        row.getInt("batch_size"),
        Trial.TrialKind.valueOf(row.getString("kind")),
        row.getString("why"),
        new LimitPlan.Free(),
        Trial.Status.valueOf(row.getString("status")),
        row.getInt("epochs"),
        new TrialUsage(
            new Joules(row.getDouble("joules")),
            row.getDouble("weighted_joules"),
            row.getDouble("seconds")),
        Optional.empty());
  }

  void addTrial(String job, StoredTrial stored) throws SQLException {
    Trial trial = stored.trial();
    Sql.update(
        connection,
        "INSERT INTO batch_size_trials (job_name, number, batch_size, kind, why, status,"
            + " epochs, joules, weighted_joules, seconds, host, started_at, heard_at)"
            + " VALUES (?, ?, ?, ?, ?, ?, 0, 0, 0, 0, ?, ?, ?)",
        job,
        trial.number(),
        trial.batchSize(),
        trial.kind().name(),
        trial.why(),
        trial.status().name(),
        stored.host(),
        stored.startedAt().toString(),
        stored.changedAt().toString());
  }

  /** Writes the progress and status of a trial; what it was given at its start never changes. */
  void updateTrial(String job, Trial trial, Instant now) throws SQLException {
    Sql.update(
        connection,
        "UPDATE batch_size_trials SET status = ?, epochs = ?, joules = ?, weighted_joules = ?,"
            + " seconds = ?, heard_at = ? WHERE job_name = ? AND number = ?",
        trial.status().name(),
        trial.epochs(),
        trial.usage().energy().value(),
        trial.usage().weightedJoules(),
        trial.usage().seconds(),
        now.toString(),
        job,
        trial.number());
  }

  boolean deleteTrial(String job, int number) throws SQLException {
    String sql = "DELETE FROM batch_size_trials WHERE job_name = ? AND number = ?";
    return Sql.update(connection, sql, job, number) == 1;
  }
}
