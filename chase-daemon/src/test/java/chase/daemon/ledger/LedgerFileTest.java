package chase.daemon.ledger;

import static chase.daemon.fixtures.UsageSnapshots.FIRST;
import static chase.daemon.fixtures.UsageSnapshots.NOON;
import static chase.daemon.fixtures.UsageSnapshots.gpu;
import static chase.daemon.fixtures.UsageSnapshots.grid;
import static chase.daemon.fixtures.UsageSnapshots.gridWithoutSignal;
import static chase.daemon.fixtures.UsageSnapshots.job;
import static chase.daemon.fixtures.UsageSnapshots.snapshot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chase.daemon.ledger.Ledger.LedgerStatus;
import chase.zeus.engine.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerFileTest {
  private static final Duration KEPT = Duration.ofDays(30);

  @TempDir Path directory;
  private final List<String> warnings = new ArrayList<>();
  private Instant now = NOON;

  private LedgerFile open() {
    return new LedgerFile(directory, KEPT, () -> now, warnings::add);
  }

  /** An hour's row of 100 J and its job, which ends with it. */
  private static LedgerRows batch(String token, int hour) {
    UsageMeter meter = new UsageMeter(100);
    Snapshot begin =
        snapshot(3600L * hour, 0, List.of(job("j" + hour, 0, 0, 0, FIRST)), gpu(FIRST, 0, 700));
    Snapshot later =
        snapshot(
            3600L * hour + 60, 0, List.of(job("j" + hour, 5, 0, 0, FIRST)), gpu(FIRST, 100, 700));
    Snapshot gone = snapshot(3600L * hour + 60, 0, List.of(), gpu(FIRST, 100, 700));
    for (Snapshot one : List.of(begin, later, gone)) {
      meter.update(
          one,
          hour % 2 == 0 ? grid(400) : gridWithoutSignal(),
          gpu -> one.jobOn(gpu).map(GpuOwner::of));
    }
    return meter.drain(token);
  }

  private static double figure(LedgerFile file, String sql) throws SQLException {
    return file.transact(connection -> {
      try (Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery(sql)) {
        return rows.getDouble(1);
      }
    });
  }

  @Test
  void rowsOfOneHourAddUpAndABatchCountsOnce() throws SQLException {
    try (LedgerFile file = open()) {
      file.write(batch("a", 0));
      file.write(batch("b", 0));
      file.write(batch("b", 0));
      assertThat(figure(file, "SELECT sum(joules) FROM entry")).isEqualTo(200);
      assertThat(figure(file, "SELECT count(*) FROM entry")).isEqualTo(1);
      assertThat(figure(file, "SELECT seconds FROM entry_limit WHERE milliwatts = 700000"))
          .isEqualTo(120);
      assertThat(figure(file, "SELECT steps FROM job WHERE job = 'j0'")).isEqualTo(5);
    }
  }

  @Test
  void whatIsUnknownIsNullAndNotZero() throws SQLException {
    try (LedgerFile file = open()) {
      file.write(batch("a", 1));
      file.write(batch("b", 1));
      assertThat(
              figure(
                  file,
                  "SELECT grams IS NULL AND money IS NULL AND host_joules IS NULL AND joules = 200"
                      + " FROM entry"))
          .isEqualTo(1);
    }
  }

  @Test
  void figuresGoOnAfterARestartAndOpenJobsEndWhenLastSeen() throws SQLException {
    Snapshot running = snapshot(0, 0, List.of(job("left", 7, 0, 0, FIRST)), gpu(FIRST, 0, 700));
    UsageMeter meter = new UsageMeter(100);
    meter.update(running, grid(400), gpu -> running.jobOn(gpu).map(GpuOwner::of));
    try (LedgerFile file = open()) {
      file.write(meter.drain("a"));
      assertThat(figure(file, "SELECT ended_ms IS NULL FROM job")).isEqualTo(1);
    }
    try (LedgerFile file = open()) {
      file.write(batch("b", 0));
      assertThat(figure(file, "SELECT ended_ms FROM job WHERE job = 'left'"))
          .isEqualTo((double) NOON.toEpochMilli());
      assertThat(figure(file, "SELECT sum(joules) FROM entry")).isEqualTo(100);
    }
  }

  @Test
  void oldRowsAndTheirJobsGoInPiecesAndTheirSpaceWithThem() throws SQLException {
    try (LedgerFile file = open()) {
      for (int hour = 0; hour < 700; hour++) {
        file.write(batch("b" + hour, hour));
      }
      long full = file.bytes();
      now = NOON.plus(KEPT).plus(Duration.ofHours(690));
      int pieces = 1;
      while (file.deleteOld()) {
        pieces++;
      }
      assertThat(pieces).isEqualTo(2);
      assertThat(figure(file, "SELECT count(*) FROM entry")).isEqualTo(10);
      assertThat(figure(file, "SELECT count(*) FROM entry_limit")).isEqualTo(10);
      assertThat(figure(file, "SELECT count(*) FROM job")).isEqualTo(10);
      assertThat(figure(file, "PRAGMA freelist_count")).isLessThan(20);
      assertThat(full).isPositive();
    }
  }

  @Test
  void aDamagedFileIsSetAsideAndTheNextBatchBeginsANewOne() throws Exception {
    Files.writeString(directory.resolve("ledger.db"), "this was never a database ".repeat(50));
    try (LedgerFile file = open()) {
      assertThatThrownBy(() -> file.write(batch("a", 0))).isInstanceOf(SQLException.class);
      file.write(batch("a", 0));
      assertThat(figure(file, "SELECT sum(joules) FROM entry")).isEqualTo(100);
    }
    assertThat(warnings).singleElement().asString().contains("is damaged").contains("it is now");
    assertThat(aside())
        .singleElement()
        .satisfies(old -> assertThat(old).content().startsWith("this was never"));
  }

  @Test
  void aFileThatIsDamagedWhileItIsUsedIsSetAsideToo() throws Exception {
    try (LedgerFile file = open()) {
      for (int hour = 0; hour < 50; hour++) {
        file.write(batch("b" + hour, hour));
      }
    }
    byte[] bytes = Files.readAllBytes(directory.resolve("ledger.db"));
    for (int i = 4096; i < bytes.length; i++) {
      bytes[i] = 42;
    }
    Files.write(directory.resolve("ledger.db"), bytes);
    try (LedgerFile file = open()) {
      assertThatThrownBy(() -> file.write(batch("c", 0))).isInstanceOf(SQLException.class);
      file.write(batch("c", 0));
      assertThat(figure(file, "SELECT sum(joules) FROM entry")).isEqualTo(100);
    }
    assertThat(aside()).hasSize(1);
  }

  private List<Path> aside() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().contains(".damaged-")).toList();
    }
  }

  @Test
  void aLockedFileIsLeftAloneAndWrittenLater() throws Exception {
    try (LedgerFile file = open()) {
      file.write(batch("a", 0));
      try (Connection other =
              DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("ledger.db"));
          Statement statement = other.createStatement()) {
        statement.execute("BEGIN IMMEDIATE");
        assertThatThrownBy(() -> file.write(batch("b", 0)))
            .isInstanceOfSatisfying(
                SQLException.class,
                e ->
                    assertThat(LedgerStatus.WriteFailure.of(e))
                        .isEqualTo(LedgerStatus.WriteFailure.LOCKED));
        statement.execute("ROLLBACK");
      }
      file.write(batch("b", 0));
      assertThat(figure(file, "SELECT sum(joules) FROM entry")).isEqualTo(200);
    }
    assertThat(warnings).isEmpty();
  }

  @Test
  void aFullDiskIsRecognisedAndLosesNothing() throws Exception {
    try (LedgerFile file = open()) {
      file.write(batch("a", 0));
      double pages = figure(file, "PRAGMA page_count");
      figure(file, "PRAGMA max_page_count=" + (long) pages);
      assertThatThrownBy(
              () -> {
                for (int hour = 1; hour < 500; hour++) {
                  file.write(batch("b" + hour, hour));
                }
              })
          .isInstanceOfSatisfying(
              SQLException.class,
              e ->
                  assertThat(LedgerStatus.WriteFailure.of(e))
                      .isEqualTo(LedgerStatus.WriteFailure.FULL));
      file.write(batch("c", 0));
      assertThat(figure(file, "SELECT joules FROM entry ORDER BY hour LIMIT 1")).isEqualTo(200);
    }
    assertThat(warnings).isEmpty();
  }

  @Test
  void aMissingDirectoryIsRecognised() {
    try (LedgerFile file =
        new LedgerFile(directory.resolve("none"), KEPT, () -> now, warnings::add)) {
      assertThatThrownBy(() -> file.write(batch("a", 0)))
          .isInstanceOfSatisfying(
              SQLException.class,
              e ->
                  assertThat(LedgerStatus.WriteFailure.of(e))
                      .isEqualTo(LedgerStatus.WriteFailure.DENIED));
    }
  }
}
