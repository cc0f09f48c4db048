package chase.daemon.batchsize;

import chase.daemon.config.BatchSizesConfig;
import chase.daemon.config.ConfigException;
import chase.daemon.storage.DamagedDatabase;
import chase.daemon.storage.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** Where the studies are kept: a SQLite file of this host, or a PostgreSQL server for several. */
public final class StudyDatabase {
  private static final String FILE = "batch-sizes.db";
  private static final String SECONDS_TO_CONNECT = "3";

  /** A hung server must not block the reports of other jobs for ever. */
  private static final String SECONDS_TO_ANSWER = "5";

  /** How long a file that another process has locked is waited for. */
  private static final Duration BUSY = Duration.ofSeconds(2);

  /** More than a thousand jobs with a hundred trials each; every client of the port may write. */
  private static final long MAX_BYTES = 64L << 20;

  /**
   * SQL states (PostgreSQL's, appendix A of its manual) of a connection that was lost, a server
   * that shuts down, and transactions that lost against others.
   */
  private static final List<String> TRANSIENT_STATES =
      List.of("08", "57P", "40001", "40P01", "23505");

  private final String kind;
  private final Database database;
  private final Optional<Path> file;

  private StudyDatabase(String kind, Database database, Optional<Path> file) {
    this.kind = kind;
    this.database = database;
    this.file = file;
  }

  /**
   * The one that is configured, or a file in {@code stateDirectory}; nothing is opened yet.
   *
   * @param environment the process's environment variables, where secrets may be kept
   * @throws IllegalStateException with one line when a secret cannot be read
   */
  public static StudyDatabase of(
      BatchSizesConfig config, Path stateDirectory, Map<String, String> environment) {
    if (config.database().isEmpty()) {
      return sqlite(stateDirectory.resolve(FILE));
    }
    try {
      return postgresql(
          config.database().get(),
          BatchSizesConfig.secret(config.user(), environment),
          BatchSizesConfig.secret(config.password(), environment));
    } catch (ConfigException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  /** A SQLite file, made with its directory by the first request. */
  public static StudyDatabase sqlite(Path file) {
    return sqlite(file, MAX_BYTES);
  }

  /**
   * The same.
   *
   * @param bytes how large the file may become
   */
  static StudyDatabase sqlite(Path file, long bytes) {
    return new StudyDatabase(
        "sqlite", Database.sqlite(file, StudyStore.SCHEMA, BUSY, bytes), Optional.of(file));
  }

  /**
   * A PostgreSQL server.
   *
   * @param url its JDBC URL
   * @param user the user; empty for the one of the URL
   * @param password with which password; empty for none
   */
  public static StudyDatabase postgresql(
      String url, Optional<String> user, Optional<String> password) {
    return new StudyDatabase(
        "postgresql", Database.at(url, login(user, password), StudyStore.SCHEMA), Optional.empty());
  }

  /** How to sign in to a PostgreSQL server. */
  static Properties login(Optional<String> user, Optional<String> password) {
    Properties login = new Properties();
    login.setProperty("connectTimeout", SECONDS_TO_CONNECT);
    login.setProperty("socketTimeout", SECONDS_TO_ANSWER);
    login.setProperty("tcpKeepAlive", "true");
    login.setProperty("ApplicationName", "chase");
    user.ifPresent(name -> login.setProperty("user", name));
    password.ifPresent(secret -> login.setProperty("password", secret));
    return login;
  }

  /** {@code sqlite} or {@code postgresql}. */
  public String kind() {
    return kind;
  }

  Database database() {
    return database;
  }

  /** Whether the same again, on a new connection, may well succeed. */
  static boolean isTransient(SQLException e) {
    String state = e.getSQLState();
    return state != null && TRANSIENT_STATES.stream().anyMatch(state::startsWith);
  }

  /** The database's own message, such as {@code the disk is full}, on one line. */
  static String message(SQLException e) {
    return String.valueOf(e.getMessage()).replaceAll("\\s+", " ").strip();
  }

  /** Makes the directory of the file. */
  void prepare() throws SQLException {
    Path directory = file.map(Path::toAbsolutePath).map(Path::getParent).orElse(null);
    try {
      if (directory != null) {
        Files.createDirectories(directory);
      }
    } catch (IOException e) {
      throw new SQLException("its directory cannot be made: " + e, e);
    }
  }

  /**
   * Renames a damaged file, so that it can still be examined and a new one takes its place.
   *
   * @return its new name; empty for a server, which has no file
   */
  Optional<Path> setAside(Instant now) throws SQLException {
    database.close();
    if (file.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(DamagedDatabase.setAside(file.get(), now));
    } catch (IOException e) {
      throw new SQLException("it is damaged, and cannot be set aside: " + e, e);
    }
  }
}
