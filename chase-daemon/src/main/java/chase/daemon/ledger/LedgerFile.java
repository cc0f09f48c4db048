package chase.daemon.ledger;

import chase.daemon.storage.DamagedDatabase;
import chase.daemon.storage.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;

/**
 * {@code ledger.db} in the state directory. A file that is damaged is set aside under another name
 * and a new one begun. Blocks; for one thread.
 */
final class LedgerFile implements AutoCloseable {
  static final String NAME = "ledger.db";

  /** A stop waits for this; whatever is not written by then is written by the next batch. */
  private static final Duration BUSY = Duration.ofSeconds(1);

  /** So few rows go at a time that nothing waits for it. */
  private static final int ROWS_DELETED = 500;

  private static final int PAGES_FREED = 100;
  private static final long SECONDS_PER_HOUR = 3600;

  private final Path file;
  private final Duration retention;
  private final InstantSource clock;
  private final Consumer<String> warnings;
  private final Database database;
  private final LedgerJson json = new LedgerJson();
  private boolean jobsEnded;

  /**
   * A file that is opened when it is first used, and made where it is missing.
   *
   * @param retention how long a row is kept
   * @param warnings hears one sentence when the file is set aside
   */
  LedgerFile(Path directory, Duration retention, InstantSource clock, Consumer<String> warnings) {
    this.file = directory.resolve(NAME);
    this.retention = retention;
    this.clock = clock;
    this.warnings = warnings;
    this.database = Database.sqlite(file, LedgerSchema.SCHEMA, BUSY);
  }

  /**
   * Writes all of {@code batch}, once, however often it is called with it.
   *
   * @throws SQLException when nothing of it is written
   */
  void write(LedgerRows batch) throws SQLException {
    transact(connection -> {
      if (!jobsEnded) {
        endOpenJobs(connection);
      }
      try (LedgerWriter writer = new LedgerWriter(connection, json)) {
        return writer.write(batch);
      }
    });
    jobsEnded = true;
  }

  /** No job outlives the daemon: one that did not end when it was last seen ended then. */
  private static void endOpenJobs(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate("UPDATE job SET ended_ms = seen_ms WHERE ended_ms IS NULL");
    }
  }

  /**
   * Deletes some of the rows that are too old, and gives some space back.
   *
   * @return whether there may be more
   */
  boolean deleteOld() throws SQLException {
    long oldest = clock.instant().minus(retention).getEpochSecond() / SECONDS_PER_HOUR;
    return transact(connection -> {
      boolean more = deleteOld(connection, oldest);
      try (Statement statement = connection.createStatement()) {
        // Each step of this frees one page, and only an update is stepped to its end.
        statement.executeUpdate("PRAGMA incremental_vacuum(" + PAGES_FREED + ")");
      }
      return more;
    });
  }

  private static boolean deleteOld(Connection connection, long oldest) throws SQLException {
    String old = "SELECT id FROM entry WHERE hour < ? ORDER BY hour, id LIMIT " + ROWS_DELETED;
    delete(connection, "DELETE FROM entry_limit WHERE entry IN (" + old + ")", oldest);
    int rows = delete(connection, "DELETE FROM entry WHERE id IN (" + old + ")", oldest);
    int jobs =
        delete(
            connection,
            "DELETE FROM job WHERE id IN (SELECT id FROM job WHERE ended_ms < ?"
                + " AND NOT EXISTS (SELECT 1 FROM entry WHERE entry.job = job.id) LIMIT "
                + ROWS_DELETED
                + ")",
            oldest * SECONDS_PER_HOUR * 1000);
    return rows == ROWS_DELETED || jobs == ROWS_DELETED;
  }

  private static int delete(Connection connection, String sql, long before) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, before);
      return statement.executeUpdate();
    }
  }

  /** Asks what is written. */
  <T> T query(LedgerQuery<T> question) throws SQLException {
    return transact(connection -> question.of(new LedgerReader(connection, json)));
  }

  /** Something that the rows answer. */
  interface LedgerQuery<T> {
    /** Asks it. */
    T of(LedgerReader reader) throws SQLException;
  }

  /** Reads anything. */
  <T> T read(Database.Work<T> question) throws SQLException {
    return transact(question);
  }

  /** The bytes of the file and of what was written ahead of it. */
  long bytes() {
    return bytes(file) + bytes(file.resolveSibling(NAME + "-wal"));
  }

  private static long bytes(Path file) {
    try {
      return Files.exists(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  private <T> T transact(Database.Work<T> work) throws SQLException {
    try {
      return database.transact(work);
    } catch (SQLException e) {
      if (DamagedDatabase.isCauseOf(e)) {
        setAside(e);
      }
      throw e;
    }
  }

  private void setAside(SQLException why) {
    database.close();
    jobsEnded = false;
    try {
      Path aside = DamagedDatabase.setAside(file, clock.instant());
      warnings.accept(
          "%s is damaged (%s): it is now %s, and a new one begins"
              .formatted(file, why.getMessage(), aside.getFileName()));
    } catch (IOException e) {
      warnings.accept("%s is damaged, and cannot be set aside: %s".formatted(file, e));
    }
  }

  /** Lets go of the file. */
  @Override
  public void close() {
    database.close();
  }
}
