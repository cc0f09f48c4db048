package chase.daemon.batchsize;

import chase.zeus.batchsize.SearchMethod;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Recurring jobs in their table. */
final class StudyRows {
  /** The table. */
  static final String TABLE =
      "CREATE TABLE batch_size_jobs (name VARCHAR(200) PRIMARY KEY, api VARCHAR(10) NOT NULL,"
          + " method VARCHAR(10) NOT NULL, description TEXT NOT NULL,"
          + " reference DOUBLE PRECISION NOT NULL, created_at VARCHAR(40) NOT NULL,"
          + " used_at VARCHAR(40) NOT NULL)";

  private StudyRows() {}

  /** A row. */
  record Row(RecurringJob job, SearchMethod method, double reference, Instant createdAt) {}

  /** Adds a job; false when there is one of that name. */
  static boolean add(
      Connection connection, RecurringJob job, SearchMethod method, double reference, Instant at)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO batch_size_jobs"
                + " (name, api, method, description, reference, created_at, used_at)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO NOTHING")) {
      insert.setString(1, job.name());
      insert.setString(2, job.api().name());
      insert.setString(3, method.name());
      insert.setString(4, job.json());
      insert.setDouble(5, reference);
      insert.setString(6, at.toString());
      insert.setString(7, at.toString());
      return insert.executeUpdate() == 1;
    }
  }

  /**
   * Locks a job until the transaction ends, in SQLite and in PostgreSQL alike: nobody else changes
   * it or its trials meanwhile. False when there is no such job.
   */
  static boolean lock(Connection connection, String job, Instant at) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement("UPDATE batch_size_jobs SET used_at = ? WHERE name = ?")) {
      update.setString(1, at.toString());
      update.setString(2, job);
      return update.executeUpdate() == 1;
    }
  }

  static boolean exists(Connection connection, String job) throws SQLException {
    return find(connection, job).isPresent();
  }

  static Optional<Row> find(Connection connection, String job) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT api, method, description, reference, created_at FROM batch_size_jobs"
                + " WHERE name = ?")) {
      query.setString(1, job);
      try (ResultSet row = query.executeQuery()) {
        return row.next()
            ? Optional.of(
                new Row(
                    RecurringJob.of(RecurringJob.Api.valueOf(row.getString(1)), row.getString(3)),
                    SearchMethod.valueOf(row.getString(2)),
                    row.getDouble(4),
                    Instant.parse(row.getString(5))))
            : Optional.empty();
      }
    }
  }

  /** The first {@code most} names behind {@code after}, in the database's order. */
  static List<String> names(Connection connection, String after, int most) throws SQLException {
    List<String> names = new ArrayList<>();
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT name FROM batch_size_jobs WHERE name > ? ORDER BY name LIMIT ?")) {
      query.setString(1, after);
      query.setInt(2, most);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          names.add(rows.getString(1));
        }
      }
    }
    return names;
  }

  static int count(Connection connection) throws SQLException {
    try (PreparedStatement query =
            connection.prepareStatement("SELECT count(*) FROM batch_size_jobs");
        ResultSet row = query.executeQuery()) {
      return row.next() ? row.getInt(1) : 0;
    }
  }

  /**
   * Deletes the job that was used longest ago, if it never ran and was not used since {@code
   * untried}, or has runs and was not used since {@code tried}.
   */
  static boolean retire(Connection connection, Instant untried, Instant tried) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement(
            "DELETE FROM batch_size_jobs WHERE name = (SELECT name FROM batch_size_jobs AS job"
                + " WHERE used_at < ? OR (used_at < ? AND NOT EXISTS"
                + " (SELECT 1 FROM batch_size_trials WHERE job_name = job.name))"
                + " ORDER BY used_at LIMIT 1)")) {
      delete.setString(1, tried.toString());
      delete.setString(2, untried.toString());
      return delete.executeUpdate() > 0;
    }
  }

  /** Deletes a job and, by the database's own rule, its trials. */
  static boolean delete(Connection connection, String job) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM batch_size_jobs WHERE name = ?")) {
      delete.setString(1, job);
      return delete.executeUpdate() == 1;
    }
  }
}
