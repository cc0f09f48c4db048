package chase.daemon.batchsize;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.opentest4j.TestAbortedException;

/** One PostgreSQL server for all tests, with an empty database for each of them. */
final class TestPostgres implements BeforeAllCallback, BeforeEachCallback {
  private static final String USER = "postgres";
  private static final String PASSWORD = "a secret that no server of the tests asks for";
  private static final AtomicInteger DATABASES = new AtomicInteger();

  private @Nullable EmbeddedPostgres server;
  private String database = "";

  @Override
  public void beforeAll(ExtensionContext context) {
    server =
        context
            .getRoot()
            .getStore(ExtensionContext.Namespace.create(TestPostgres.class))
            .getOrComputeIfAbsent("server", key -> new Running(started()), Running.class)
            .server();
  }

  /** Stopped by JUnit after the last test. */
  private record Running(EmbeddedPostgres server) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      server.close();
    }
  }

  /**
   * As root the server needs a user namespace of its own, which some containers forbid: then its
   * tests are left out, unless {@code CHASE_REQUIRE_POSTGRES} is set.
   */
  private static EmbeddedPostgres started() {
    try {
      return EmbeddedPostgres.start();
    } catch (IOException | IllegalStateException e) {
      if (System.getenv("CHASE_REQUIRE_POSTGRES") != null) {
        throw new IllegalStateException("PostgreSQL cannot be started", e);
      }
      throw new TestAbortedException("PostgreSQL cannot be started here: " + e, e);
    }
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    database = "chase" + DATABASES.incrementAndGet();
    change("CREATE DATABASE " + database);
  }

  /** Runs a statement as the server's administrator. */
  void change(String statement) {
    try (Connection connection =
            DriverManager.getConnection(url("postgres", port()), USER, PASSWORD);
        Statement change = connection.createStatement()) {
      change.execute(statement);
    } catch (SQLException e) {
      throw new AssertionError(statement, e);
    }
  }

  /** The name of the test's database. */
  String database() {
    return database;
  }

  /** The test's database. */
  StudyDatabase storage() {
    return storage(port());
  }

  /** The same through another port. */
  StudyDatabase storage(int port) {
    return StudyDatabase.postgresql(url(database, port), Optional.of(USER), Optional.of(PASSWORD));
  }

  /** The JDBC URL of the test's database. */
  String url() {
    return url(database, port());
  }

  int port() {
    if (server == null) {
      throw new IllegalStateException("JUnit has not started the server");
    }
    return server.getPort();
  }

  private static String url(String database, int port) {
    return String.format(Locale.ROOT, "jdbc:postgresql://localhost:%d/%s", port, database);
  }
}
