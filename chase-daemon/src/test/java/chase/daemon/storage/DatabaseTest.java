package chase.daemon.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {
  private static final List<String> FIRST = List.of("CREATE TABLE song (name TEXT NOT NULL)");
  private static final List<String> SECOND =
      List.of("ALTER TABLE song ADD COLUMN bars INTEGER NOT NULL DEFAULT 8");
  private static final SchemaVersions ONE = new SchemaVersions("songs", List.of(FIRST));
  private static final SchemaVersions TWO = new SchemaVersions("songs", List.of(FIRST, SECOND));

  private final Path file;

  DatabaseTest(@TempDir Path directory) {
    file = directory.resolve("songs.db");
  }

  private static Database.Transaction<Integer> insert(String name) {
    return connection -> {
      try (Statement statement = connection.createStatement()) {
        return statement.executeUpdate("INSERT INTO song (name) VALUES ('" + name + "')");
      }
    };
  }

  private static int count(Connection connection, String what) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT " + what + " FROM song")) {
      return rows.getInt(1);
    }
  }

  private Database with(AtomicLong free) {
    SpaceReserve reserve = new SpaceReserve(1000, path -> free.get(), path -> 1_000_000);
    return Database.sqlite(file, ONE, Duration.ofSeconds(1), Long.MAX_VALUE, reserve);
  }

  @Test
  void aNearlyFullDiskIsLeftToTheJournalAndWhatIsWrittenCanBeRead() throws SQLException {
    AtomicLong free = new AtomicLong(1000);
    try (Database database = with(free)) {
      database.transact(insert("a"));
      free.set(999);
      assertThatThrownBy(() -> database.transact(insert("b")))
          .isInstanceOf(Database.DatabaseFullException.class)
          .hasMessageContaining("songs.db is not written while less than")
          .satisfies(
              e -> assertThat(((Database.DatabaseFullException) e).getErrorCode()).isEqualTo(13));
      assertThat(database.<Integer>transact(c -> count(c, "count(*)"))).isEqualTo(1);
      free.set(1000);
      database.transact(insert("c"));
      assertThat(database.<Integer>transact(c -> count(c, "count(*)"))).isEqualTo(2);
    }
    free.set(0);
    try (Database database = with(free)) {
      assertThat(database.<Integer>transact(c -> count(c, "count(*)"))).isEqualTo(2);
      assertThatThrownBy(() -> database.transact(insert("d")))
          .isInstanceOf(Database.DatabaseFullException.class);
    }
  }

  @Test
  void aSmallDiskKeepsATenthFree() {
    SpaceReserve reserve = new SpaceReserve(1000, path -> 500, path -> 4000);
    assertThat(reserve.refusal(file)).isEmpty();
    assertThat(new SpaceReserve(1000, path -> 399, path -> 4000).refusal(file)).isPresent();
    assertThat(new SpaceReserve(1000, path -> -1, path -> -1).refusal(file)).isEmpty();
    assertThat(SpaceReserve.SYSTEM.free().applyAsLong(file)).isPositive();
  }

  @Test
  void aFileGrowsNoFurtherThanItMayAndStaysSound() throws Exception {
    try (Database database = Database.sqlite(file, ONE, Duration.ofSeconds(1), 40 * 1024)) {
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 1000; i++) {
                  database.transact(insert("x".repeat(1000)));
                }
              })
          .isInstanceOf(Database.DatabaseFullException.class);
      assertThat(Files.size(file)).isLessThanOrEqualTo(40 * 1024);
      database.<Integer>transact(connection -> {
        try (Statement statement = connection.createStatement()) {
          return statement.executeUpdate("DELETE FROM song");
        }
      });
      database.transact(insert("b"));
      assertThat(database.<Integer>transact(c -> count(c, "count(*)"))).isEqualTo(1);
    }
  }

  @Test
  void whatIsCommittedIsThereAfterwards() throws SQLException {
    try (Database database = Database.sqlite(file, ONE)) {
      assertThat(database.transact(insert("a"))).isEqualTo(1);
    }
    try (Database database = Database.sqlite(file, ONE)) {
      assertThat(database.<Integer>transact(c -> count(c, "count(*)"))).isEqualTo(1);
    }
  }

  @Test
  void aTransactionThatFailsChangesNothingAndTheNextOneWorks() throws SQLException {
    try (Database database = Database.sqlite(file, ONE)) {
      assertThatThrownBy(() ->
              database.transact(connection -> {
                insert("a").in(connection);
                return count(connection, "nonsense(1)");
              }))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("nonsense");
      assertThatThrownBy(() ->
              database.transact(connection -> {
                insert("b").in(connection);
                throw new IllegalStateException("no more");
              }))
          .hasMessage("no more");
      database.transact(insert("c"));
      assertThat(database.<Integer>transact(c -> count(c, "count(*)"))).isEqualTo(1);
    }
  }

  @Test
  void anOlderFileIsBroughtUpToDateWithItsRows() throws SQLException {
    try (Database database = Database.sqlite(file, ONE)) {
      database.transact(insert("a"));
    }
    try (Database database = Database.sqlite(file, TWO)) {
      assertThat(database.<Integer>transact(c -> count(c, "sum(bars)"))).isEqualTo(8);
    }
  }

  @Test
  void aStepThatFailsLeavesTheVersionBefore() throws SQLException {
    SchemaVersions broken =
        new SchemaVersions("songs", List.of(FIRST, List.of("DELETE FROM song", "NONSENSE")));
    try (Database database = Database.sqlite(file, ONE)) {
      database.transact(insert("a"));
    }
    try (Database database = Database.sqlite(file, broken)) {
      assertThatThrownBy(() -> database.transact(insert("b"))).hasMessageContaining("NONSENSE");
    }
    try (Database database = Database.sqlite(file, TWO)) {
      assertThat(database.<Integer>transact(c -> count(c, "sum(bars)"))).isEqualTo(8);
    }
  }

  @Test
  void aFileOfANewerChaseIsRefused() throws SQLException {
    try (Database database = Database.sqlite(file, TWO)) {
      database.transact(insert("a"));
    }
    try (Database database = Database.sqlite(file, ONE)) {
      assertThatThrownBy(() -> database.transact(insert("b")))
          .hasMessageContaining("version 2")
          .hasMessageContaining("up to 1");
    }
  }

  @Test
  void aFileThatIsNoDatabaseIsRefusedAndKept() throws IOException {
    Files.writeString(file, "this was never a database, and is longer than a page's header is");
    try (Database database = Database.sqlite(file, ONE)) {
      assertThatThrownBy(() -> database.transact(insert("a"))).isInstanceOf(SQLException.class);
    }
    assertThat(file).content().startsWith("this was never");
  }

  @Test
  void aDatabaseThatWasUnavailableIsOpenedByTheNextCall(@TempDir Path directory) throws Exception {
    Path folder = directory.resolve("later");
    try (Database database = Database.sqlite(folder.resolve("songs.db"), ONE)) {
      assertThatThrownBy(() -> database.transact(insert("a"))).isInstanceOf(SQLException.class);
      Files.createDirectory(folder);
      assertThat(database.transact(insert("a"))).isEqualTo(1);
    }
  }
}
