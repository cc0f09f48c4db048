package chase.daemon.batchsize;

import chase.zeus.batchsize.Trial;
import chase.zeus.batchsize.TrialUsage;
import chase.zeus.unit.Joules;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Trials in their table. Their power limits are the governor's, so that a row knows none. */
final class TrialRows {
  /** The table. */
  static final String TABLE =
      "CREATE TABLE batch_size_trials (job_name VARCHAR(200) NOT NULL"
          + " REFERENCES batch_size_jobs (name) ON DELETE CASCADE,"
          + " number INTEGER NOT NULL, batch_size INTEGER NOT NULL, kind VARCHAR(20) NOT NULL,"
          + " why TEXT NOT NULL, status VARCHAR(20) NOT NULL, epochs INTEGER NOT NULL,"
          + " joules DOUBLE PRECISION NOT NULL, weighted_joules DOUBLE PRECISION NOT NULL,"
          + " seconds DOUBLE PRECISION NOT NULL, host VARCHAR(255) NOT NULL,"
          + " started_at VARCHAR(40) NOT NULL, heard_at VARCHAR(40) NOT NULL,"
          + " PRIMARY KEY (job_name, number))";

  private TrialRows() {}

  static List<StoredStudy.StoredTrial> of(Connection connection, String job) throws SQLException {
    List<StoredStudy.StoredTrial> rows = new ArrayList<>();
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT number, batch_size, kind, why, status, epochs, joules, weighted_joules,"
                + " seconds, host, started_at, heard_at"
                + " FROM batch_size_trials WHERE job_name = ? ORDER BY number")) {
      query.setString(1, job);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          rows.add(
              new StoredStudy.StoredTrial(
                  trial(row),
                  row.getString(10),
                  Instant.parse(row.getString(11)),
                  Instant.parse(row.getString(12))));
        }
      }
    }
    return rows;
  }

  private static Trial trial(ResultSet row) throws SQLException {
    return new Trial(
        row.getInt(1),
        row.getInt(2),
        Trial.Kind.valueOf(row.getString(3)),
        row.getString(4),
        new Trial.LimitPlan.Free(),
        Trial.Status.valueOf(row.getString(5)),
        row.getInt(6),
        new TrialUsage(new Joules(row.getDouble(7)), row.getDouble(8), row.getDouble(9)),
        Optional.empty());
  }

  static void add(Connection connection, String job, StoredStudy.StoredTrial row)
      throws SQLException {
    Trial trial = row.trial();
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO batch_size_trials (job_name, number, batch_size, kind, why, status,"
                + " epochs, joules, weighted_joules, seconds, host, started_at, heard_at)"
                + " VALUES (?, ?, ?, ?, ?, ?, 0, 0, 0, 0, ?, ?, ?)")) {
      insert.setString(1, job);
      insert.setInt(2, trial.number());
      insert.setInt(3, trial.batchSize());
      insert.setString(4, trial.kind().name());
      insert.setString(5, trial.why());
      insert.setString(6, trial.status().name());
      insert.setString(7, row.host());
      insert.setString(8, row.startedAt().toString());
      insert.setString(9, row.changedAt().toString());
      insert.executeUpdate();
    }
  }

  /** Keeps what a trial has done and become; what it was given never changes. */
  static void change(Connection connection, String job, Trial trial, Instant at)
      throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE batch_size_trials SET status = ?, epochs = ?, joules = ?,"
                + " weighted_joules = ?, seconds = ?, heard_at = ?"
                + " WHERE job_name = ? AND number = ?")) {
      update.setString(1, trial.status().name());
      update.setInt(2, trial.epochs());
      update.setDouble(3, trial.usage().energy().value());
      update.setDouble(4, trial.usage().weightedJoules());
      update.setDouble(5, trial.usage().seconds());
      update.setString(6, at.toString());
      update.setString(7, job);
      update.setInt(8, trial.number());
      update.executeUpdate();
    }
  }

  static boolean delete(Connection connection, String job, int number) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement(
            "DELETE FROM batch_size_trials WHERE job_name = ? AND number = ?")) {
      delete.setString(1, job);
      delete.setInt(2, number);
      return delete.executeUpdate() == 1;
    }
  }
}
