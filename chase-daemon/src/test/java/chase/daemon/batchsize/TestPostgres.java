package chase.daemon.batchsize;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.opentest4j.TestAbortedException;

/** A PostgreSQL server of the tests' own, with an empty database for whoever asks. */
final class TestPostgres implements AutoCloseable {
  private static final String USER = "postgres";
  private static final String PASSWORD = "a secret that no server of the tests asks for";

  private final EmbeddedPostgres server;
  private final AtomicInteger databases = new AtomicInteger();

  /**
   * Starts the server. As root it needs a user namespace of its own, which some containers forbid:
   * then its tests are left out, unless {@code CHASE_REQUIRE_POSTGRES} is set.
   */
  TestPostgres() {
    try {
      server = EmbeddedPostgres.start();
    } catch (IOException | IllegalStateException e) {
      if (System.getenv("CHASE_REQUIRE_POSTGRES") != null) {
        throw new IllegalStateException("PostgreSQL cannot be started", e);
      }
      throw new TestAbortedException("PostgreSQL cannot be started here: " + e, e);
    }
  }

  /** The name of a new database. */
  String fresh() {
    String name = "chase" + databases.incrementAndGet();
    change("postgres", "CREATE DATABASE " + name);
    return name;
  }

  /** Does something in a database from outside. */
  void change(String database, String statement) {
    try (Connection connection = DriverManager.getConnection(url(database), USER, PASSWORD);
        Statement change = connection.createStatement()) {
      change.execute(statement);
    } catch (SQLException e) {
      throw new AssertionError(statement, e);
    }
  }

  StudyDatabase storage(String database) {
    return StudyDatabase.postgresql(url(database), Optional.of(USER), Optional.of(PASSWORD));
  }

  /** The same server behind another port. */
  StudyDatabase storage(String database, int port) {
    return StudyDatabase.postgresql(url(database, port), Optional.of(USER), Optional.of(PASSWORD));
  }

  int port() {
    return server.getPort();
  }

  private String url(String database) {
    return url(database, server.getPort());
  }

  private static String url(String database, int port) {
    return String.format(Locale.ROOT, "jdbc:postgresql://localhost:%d/%s", port, database);
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
