package chase.daemon.ledger;

import static chase.daemon.fixtures.UsageSnapshots.FIRST;
import static chase.daemon.fixtures.UsageSnapshots.gpu;
import static chase.daemon.fixtures.UsageSnapshots.snapshot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chase.daemon.fixtures.TestLedger;
import chase.daemon.fixtures.UsageSnapshots;
import chase.daemon.ledger.Ledger.LedgerException;
import chase.daemon.ledger.Ledger.LedgerStatus;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class LedgerKeeperTest {
  private final Vertx vertx = Vertx.vertx();
  private final Path directory;
  private final TestLedger ledger;

  LedgerKeeperTest(@TempDir Path directory) {
    this.directory = directory;
    this.ledger = new TestLedger(directory);
  }

  @AfterEach
  void close() throws TimeoutException {
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) throws TimeoutException {
    return future.await(20, TimeUnit.SECONDS);
  }

  private String deployed() throws TimeoutException {
    return await(vertx.deployVerticle(ledger.keeper()));
  }

  private void use(long second, double joules) throws TimeoutException {
    ledger.advance(snapshot(second, 0, List.of(), gpu(FIRST, joules, 700)));
  }

  private double reported() throws TimeoutException {
    return await(
            ledger
                .keeper()
                .report(
                    new ReportQuery(
                        ReportQuery.GroupBy.BY_JOB,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty())))
        .total()
        .used()
        .joules()
        .orElse(0.0);
  }

  private LedgerStatus status() {
    return ledger.keeper().status().orElseThrow();
  }

  @Test
  void whatWasUsedIsWrittenAndCounted() throws TimeoutException {
    deployed();
    use(0, 0);
    use(10, 500);
    assertThat(status().waiting()).isPositive();
    assertThat(reported()).isEqualTo(500);
    assertThat(status().waiting()).isZero();
    assertThat(status().written()).isPositive();
    assertThat(status().committedAt()).isPresent();
    assertThat(status().bytes()).isPositive();
    assertThat(status().failures()).isEmpty();
  }

  @Test
  void rowsWaitWhileTheDatabaseIsUnavailableAndAreWrittenAfterwards() throws Exception {
    Files.createDirectory(directory.resolve("ledger.db"));
    deployed();
    use(0, 0);
    use(10, 500);
    assertThatThrownBy(this::reported).hasMessageContaining("cannot be read (denied)");
    use(20, 900);
    assertThatThrownBy(this::reported).isInstanceOf(LedgerException.class);
    assertThat(status().failures()).containsEntry(LedgerStatus.WriteFailure.DENIED, 2L);
    assertThat(status().waiting()).isPositive();

    Files.delete(directory.resolve("ledger.db"));
    assertThat(reported()).isEqualTo(900);
    assertThat(status().waiting()).isZero();
  }

  @Test
  void aDamagedFileCostsNoRow() throws Exception {
    Files.writeString(directory.resolve("ledger.db"), "this was never a database ".repeat(40));
    deployed();
    use(0, 0);
    use(10, 500);
    assertThat(reported()).isEqualTo(500);
    assertThat(status().failures()).containsEntry(LedgerStatus.WriteFailure.DAMAGED, 1L);
  }

  @Test
  void theLastRowsAreWrittenWhenTheDaemonStops() throws Exception {
    String deployment = deployed();
    use(0, 0);
    use(10, 500);
    await(vertx.undeploy(deployment));
    try (LedgerFile file =
        new LedgerFile(directory, Duration.ofDays(1), () -> UsageSnapshots.NOON, line -> {})) {
      assertThat(
              file.<Double>transact(connection -> {
                try (Statement statement = connection.createStatement()) {
                  return statement.executeQuery("SELECT sum(joules) FROM entry").getDouble(1);
                }
              }))
          .isEqualTo(500);
    }
  }

  @Test
  @Timeout(value = 4, unit = TimeUnit.SECONDS)
  void aStopDoesNotWaitForALockedDatabase() throws Exception {
    String deployment = deployed();
    use(0, 0);
    reported();
    try (Connection other =
            DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("ledger.db"));
        Statement statement = other.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      use(10, 500);
      await(vertx.undeploy(deployment));
      statement.execute("ROLLBACK");
    }
  }
}
