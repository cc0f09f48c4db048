package chase.daemon.ledger;

import chase.daemon.storage.DamagedDatabase;
import chase.daemon.storage.Database;
import chase.daemon.storage.SchemaVersions;
import chase.daemon.storage.Sql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;

/**
 * {@code ledger.db} in the state directory. A file that is damaged is set aside under another name
 * and a new one begun. Blocks; for one thread.
 */
final class LedgerFile implements AutoCloseable {
  static final String NAME = "ledger.db";

  /** The tables. Figures without a source are NULL, and stay so whatever is added to them. */
  private static final SchemaVersions SCHEMA =
      new SchemaVersions(
          "ledger",
          List.of(
              List.of(
                  "CREATE TABLE gpu (id INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE,"
                      + " model TEXT NOT NULL)",
                  "CREATE TABLE job (id INTEGER PRIMARY KEY, job TEXT NOT NULL UNIQUE,"
                      + " name TEXT NOT NULL, user TEXT, labels TEXT NOT NULL,"
                      + " origin TEXT NOT NULL, gpus TEXT NOT NULL, started_ms INTEGER NOT NULL,"
                      + " seen_ms INTEGER NOT NULL, ended_ms INTEGER, policy TEXT, work TEXT,"
                      + " steps INTEGER, slowdown REAL, profile TEXT)",
                  "CREATE TABLE basis (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE)",
                  // Job 0 is no owner: with NULL each of its rows would be unique.
                  "CREATE TABLE entry (id INTEGER PRIMARY KEY, hour INTEGER NOT NULL,"
                      + " gpu INTEGER NOT NULL REFERENCES gpu, job INTEGER NOT NULL,"
                      + " basis INTEGER NOT NULL REFERENCES basis, seconds REAL NOT NULL,"
                      + " joules REAL, host_joules REAL, grams REAL, host_grams REAL, money REAL,"
                      + " host_money REAL, intensity_seconds REAL, price_seconds REAL, steps REAL,"
                      + " done_seconds REAL, elapsed_seconds REAL, work_joules REAL,"
                      + " UNIQUE (hour, gpu, job, basis))",
                  "CREATE INDEX entry_of_job ON entry (job, hour)",
                  "CREATE TABLE entry_limit (entry INTEGER NOT NULL, milliwatts INTEGER NOT NULL,"
                      + " seconds REAL NOT NULL, PRIMARY KEY (entry, milliwatts)) WITHOUT ROWID",
                  "CREATE TABLE batch (id INTEGER PRIMARY KEY CHECK (id = 1),"
                      + " token TEXT NOT NULL)")));

  /** A stop waits for this; rows not written by then are written by the next batch. */
  private static final Duration BUSY = Duration.ofSeconds(1);

  /** Few enough rows at a time that nothing waits for their deletion. */
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
   * @param warnings gets one sentence when the file is set aside
   */
  LedgerFile(Path directory, Duration retention, InstantSource clock, Consumer<String> warnings) {
    this.file = directory.resolve(NAME);
    this.retention = retention;
    this.clock = clock;
    this.warnings = warnings;
    this.database = Database.sqlite(file, SCHEMA, BUSY);
  }

  /**
   * Writes all of {@code rows} once, even if it is called with them again.
   *
   * @throws SQLException when none of them is written
   */
  void write(LedgerRows rows) throws SQLException {
    transact(connection -> {
      if (!jobsEnded) {
        endOpenJobs(connection);
      }
      try (LedgerWriter writer = new LedgerWriter(connection, json)) {
        return writer.write(rows);
      }
    });
    jobsEnded = true;
  }

  /** No job outlives the daemon: one that was running when it was last seen ended then. */
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
    Sql.update(connection, "DELETE FROM entry_limit WHERE entry IN (" + old + ")", oldest);
    int rows = Sql.update(connection, "DELETE FROM entry WHERE id IN (" + old + ")", oldest);
    int jobs =
        Sql.update(
            connection,
            "DELETE FROM job WHERE id IN (SELECT id FROM job WHERE ended_ms < ?"
                + " AND NOT EXISTS (SELECT 1 FROM entry WHERE entry.job = job.id) LIMIT "
                + ROWS_DELETED
                + ")",
            oldest * SECONDS_PER_HOUR * 1000);
    return rows == ROWS_DELETED || jobs == ROWS_DELETED;
  }

  /** Runs a query over what is written. */
  <T> T query(LedgerQuery<T> query) throws SQLException {
    return transact(connection -> query.run(new LedgerReader(connection, json)));
  }

  /** A query over the rows. */
  interface LedgerQuery<T> {
    T run(LedgerReader reader) throws SQLException;
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

  <T> T transact(Database.Transaction<T> work) throws SQLException {
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

  /** Closes the file. */
  @Override
  public void close() {
    database.close();
  }
}
