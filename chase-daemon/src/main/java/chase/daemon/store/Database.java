package chase.daemon.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/**
 * One database, opened when it is first used and again after it failed, so that a database that is
 * away stops nothing but what needs it. For one thread; every call blocks.
 */
public final class Database implements AutoCloseable {
  private static final int BUSY_MILLIS = 5_000;
  private static final int LOGIN_SECONDS = 5;

  /** SQLite takes 2 MB by itself, and a handful of rows a minute needs no such thing. */
  private static final int CACHE_KIBIBYTES = 256;

  /** In one transaction. */
  public interface Work<T> {
    /** Does something; what it throws undoes all of it. */
    T in(Connection connection) throws SQLException;
  }

  private final String url;
  private final Properties login;
  private final List<String> setUp;
  private final Schema schema;
  private Optional<Connection> open = Optional.empty();

  private Database(String url, Properties login, List<String> setUp, Schema schema) {
    this.url = url;
    this.login = login;
    this.setUp = setUp;
    this.schema = schema;
  }

  /**
   * A SQLite file, made where it is missing. A committed row survives the end of the process and of
   * the power: the log is written ahead and synced at every commit.
   */
  public static Database sqlite(Path file, Schema schema) {
    return new Database(
        "jdbc:sqlite:" + file,
        new Properties(),
        List.of(
            "PRAGMA busy_timeout=" + BUSY_MILLIS,
            // Only a file without tables takes this; space is then given back piece by piece.
            "PRAGMA auto_vacuum=INCREMENTAL",
            "PRAGMA journal_mode=WAL",
            "PRAGMA cache_size=-" + CACHE_KIBIBYTES,
            "PRAGMA synchronous=FULL",
            "PRAGMA foreign_keys=ON"),
        schema);
  }

  /**
   * The database of a JDBC URL.
   *
   * @param login {@code user} and {@code password}, where it asks for them
   */
  public static Database at(String url, Properties login, Schema schema) {
    return new Database(url, login, List.of(), schema);
  }

  /**
   * Does {@code work} in one transaction. A database that fails is opened anew by the next call.
   *
   * @throws SQLException when the database cannot be used, or refuses; nothing has changed then
   */
  public <T> T transact(Work<T> work) throws SQLException {
    Connection connection = connection();
    try {
      T result = work.in(connection);
      connection.commit();
      return result;
    } catch (SQLException | RuntimeException e) {
      rollBack(connection, e);
      throw e;
    }
  }

  private void rollBack(Connection connection, Exception cause) {
    try {
      connection.rollback();
    } catch (SQLException worse) {
      cause.addSuppressed(worse);
      close();
      return;
    }
    if (cause instanceof SQLException) {
      close();
    }
  }

  private Connection connection() throws SQLException {
    if (open.isEmpty()) {
      open = Optional.of(opened());
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

  /** Lets go of the connection; the next call opens another. */
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
}
