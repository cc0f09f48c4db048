package chase.daemon.storage;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * One database, opened when it is first used and again after it failed, so that a database that
 * cannot be used stops only what needs it. For one thread; every call blocks.
 */
public final class Database implements AutoCloseable {
  private static final Duration BUSY = Duration.ofSeconds(5);
  private static final int LOGIN_SECONDS = 5;

  /** SQLite takes 2 MB by default, and a handful of rows a minute needs no such thing. */
  private static final int CACHE_KIBIBYTES = 256;

  /** What was written ahead is cut to this when it is folded into the file. */
  private static final int MAX_WAL_BYTES = 4 << 20;

  private static final int PAGE_BYTES = 4096;

  /** SQLite's own bound. */
  private static final long MAX_PAGES = 0xFFFFFFFEL;

  /** In one transaction. */
  public interface Transaction<T> {
    /** Does something; what it throws undoes all of it. */
    T in(Connection connection) throws SQLException;
  }

  private final String url;
  private final Properties login;
  private final List<String> setUp;
  private final SchemaVersions schema;
  private final Optional<Quota> quota;
  private Optional<Connection> open = Optional.empty();
  private boolean readOnly;

  /** What a file may take. */
  private record Quota(Path file, long bytes, SpaceReserve reserve) {}

  private Database(
      String url,
      Properties login,
      List<String> setUp,
      SchemaVersions schema,
      Optional<Quota> quota) {
    this.url = url;
    this.login = login;
    this.setUp = setUp;
    this.schema = schema;
    this.quota = quota;
  }

  /**
   * A SQLite file, made where it is missing. A committed row survives the end of the process and of
   * the power: the log is written ahead and synced at every commit. It is only read while its file
   * system is nearly full.
   */
  public static Database sqlite(Path file, SchemaVersions schema) {
    return sqlite(file, schema, BUSY);
  }

  /**
   * The same.
   *
   * @param busy how long a call waits while another process has locked the file
   */
  public static Database sqlite(Path file, SchemaVersions schema, Duration busy) {
    return sqlite(file, schema, busy, Long.MAX_VALUE);
  }

  /**
   * The same.
   *
   * @param bytes how large the file may become; a larger one may still shrink
   */
  public static Database sqlite(Path file, SchemaVersions schema, Duration busy, long bytes) {
    return sqlite(file, schema, busy, bytes, SpaceReserve.SYSTEM);
  }

  static Database sqlite(
      Path file, SchemaVersions schema, Duration busy, long bytes, SpaceReserve reserve) {
    return new Database(
        "jdbc:sqlite:" + file,
        new Properties(),
        List.of(
            "PRAGMA busy_timeout=" + busy.toMillis(),
            // Only a file without tables takes this; space is then given back piece by piece.
            "PRAGMA auto_vacuum=INCREMENTAL",
            "PRAGMA journal_mode=WAL",
            "PRAGMA cache_size=-" + CACHE_KIBIBYTES,
            "PRAGMA synchronous=FULL",
            "PRAGMA journal_size_limit=" + MAX_WAL_BYTES,
            "PRAGMA max_page_count=" + Math.min(bytes / PAGE_BYTES, MAX_PAGES),
            "PRAGMA foreign_keys=ON"),
        schema,
        Optional.of(new Quota(file, bytes, reserve)));
  }

  /**
   * The database of a JDBC URL.
   *
   * @param login {@code user} and {@code password}, where the server needs them
   */
  public static Database at(String url, Properties login, SchemaVersions schema) {
    return new Database(url, login, List.of(), schema, Optional.empty());
  }

  /**
   * Does {@code work} in one transaction. A database that fails is opened anew by the next call.
   *
   * @throws SQLException when the database cannot be used, or refuses; nothing has changed then. A
   *     {@link DatabaseFullException} when it may not become larger: it can still be read
   */
  public <T> T transact(Transaction<T> work) throws SQLException {
    Optional<String> refusal = quota.flatMap(kept -> kept.reserve().refusal(kept.file()));
    try {
      return transactNow(work, refusal.isPresent());
    } catch (SQLException e) {
      throw named(e, refusal);
    }
  }

  private SQLException named(SQLException e, Optional<String> refusal) {
    return e instanceof SQLiteException sqlite && isFull(sqlite)
        ? new DatabaseFullException(refusal.orElseGet(this::full), e)
        : e;
  }

  private String full() {
    long bytes = quota.map(Quota::bytes).orElse(Long.MAX_VALUE);
    return bytes == Long.MAX_VALUE
        ? "the disk is full"
        : String.format(
            Locale.ROOT,
            "the disk is full, or the file has the %d MB that it may have",
            bytes >> 20);
  }

  private <T> T transactNow(Transaction<T> work, boolean onlyRead) throws SQLException {
    Connection connection = connection();
    try {
      if (onlyRead != readOnly) {
        try (Statement statement = connection.createStatement()) {
          statement.execute("PRAGMA query_only=" + onlyRead);
        }
        readOnly = onlyRead;
      }
      T result = work.in(connection);
      connection.commit();
      return result;
    } catch (SQLException | RuntimeException e) {
      rollBack(connection, e);
      throw e;
    }
  }

  /** One that has no room is as sound as before, and stays open. */
  private boolean isFull(Exception cause) {
    return cause instanceof SQLiteException sqlite
        && (isCode(sqlite, SQLiteErrorCode.SQLITE_FULL)
            || (readOnly && isCode(sqlite, SQLiteErrorCode.SQLITE_READONLY)));
  }

  private static boolean isCode(SQLiteException e, SQLiteErrorCode code) {
    return (e.getResultCode().code & 0xFF) == code.code;
  }

  private void rollBack(Connection connection, Exception cause) {
    try {
      connection.rollback();
    } catch (SQLException worse) {
      cause.addSuppressed(worse);
      close();
      return;
    }
    if (cause instanceof SQLException && !isFull(cause)) {
      close();
    }
  }

  private Connection connection() throws SQLException {
    if (open.isEmpty()) {
      open = Optional.of(opened());
      readOnly = false;
    }
    return open.get();
  }

  private Connection opened() throws SQLException {
    DriverManager.setLoginTimeout(LOGIN_SECONDS);
    Connection connection = DriverManager.getConnection(url, login);
    try {
      try (Statement statement = connection.createStatement()) {
        for (String line : setUp) {
          statement.execute(line);
        }
      }
      connection.setAutoCommit(false);
      schema.bringUpToDate(connection);
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** Closes the connection; the next call opens another. */
  @Override
  public void close() {
    open.ifPresent(connection -> {
      try {
        connection.close();
      } catch (SQLException e) {
        System.getLogger(Database.class.getName())
            .log(System.Logger.Level.DEBUG, "while closing " + url, e);
      }
    });
    open = Optional.empty();
  }

  /**
   * A database that is sound and can be read, and takes nothing more for now. Its code is that of a
   * full disk.
   */
  public static final class DatabaseFullException extends SQLException {
    private static final long serialVersionUID = 1;

    private DatabaseFullException(String message, SQLException cause) {
      super(message, cause.getSQLState(), SQLiteErrorCode.SQLITE_FULL.code, cause);
    }
  }
}
