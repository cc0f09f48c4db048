package chase.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import chase.carbon.Region;
import chase.daemon.batchsize.ChaseJob;
import chase.daemon.batchsize.JouleWeight;
import chase.daemon.batchsize.StudyDatabase;
import chase.daemon.control.BatchSizeRoutes;
import chase.daemon.fixtures.NoLocalActions;
import chase.daemon.fixtures.TestDaemon;
import chase.daemon.fixtures.TestTerminal;
import chase.daemon.grid.GridState;
import chase.zeus.batchsize.SearchMethod;
import chase.zeus.batchsize.TrialReport;
import chase.zeus.batchsize.TrialUsage;
import chase.zeus.unit.Joules;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchSizeCommandTest {
  private final Vertx vertx = Vertx.vertx();
  private final TestDaemon daemon = new TestDaemon(vertx);
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Path socket;
  private final chase.daemon.batchsize.BatchSizeService service;

  BatchSizeCommandTest(@TempDir Path directory) {
    socket = directory.resolve("chase.sock");
    var clock = daemon.clock();
    service =
        new chase.daemon.batchsize.BatchSizeService(
            vertx,
            StudyDatabase.sqlite(directory.resolve("batch-sizes.db")),
            new JouleWeight(
                () -> GridState.withoutProvider(new Region("nowhere"), Duration.ofHours(2)), clock),
            clock,
            Duration.ofHours(1),
            "here");
  }

  @BeforeEach
  void open() throws TimeoutException {
    BatchSizeRoutes routes =
        new BatchSizeRoutes(service, daemon::snapshot, jobs -> Future.succeededFuture(Map.of()));
    await(vertx.deployVerticle(daemon.server(routes::mount, socket)));
  }

  @AfterEach
  void close() throws TimeoutException {
    await(service.close());
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) throws TimeoutException {
    return future.await(10, TimeUnit.SECONDS);
  }

  private int chase(String... line) {
    String[] all = new String[line.length + 2];
    all[0] = "--socket";
    all[1] = socket.toString();
    System.arraycopy(line, 0, all, 2, line.length);
    return ChaseCommand.run(
        all, new NoLocalActions(), TestTerminal.PIPE, new PrintWriter(out), new PrintWriter(err));
  }

  private void ran(int batchSize) throws TimeoutException {
    ChaseJob job =
        new ChaseJob(
            "bert",
            List.of(16, 32),
            batchSize,
            0.9,
            true,
            10,
            0.5,
            Optional.of(2.0),
            0,
            SearchMethod.CHASE,
            JouleWeight.CostBasis.ENERGY,
            Optional.empty(),
            300,
            1,
            "A40");
    await(service.register(job, SearchMethod.CHASE, Optional.empty()));
    await(service.startTrial("bert"));
    await(
        service.report(
            "bert",
            new TrialReport(
                1,
                batchSize,
                2,
                TrialUsage.of(new Joules(2000), 20),
                Optional.of(0.95),
                Optional.empty())));
  }

  @Test
  void withoutRecurringJobsThatIsPrinted() {
    assertThat(chase("batch-size")).isZero();
    assertThat(out.toString()).isEqualToIgnoringNewLines("no recurring job is registered");
  }

  @Test
  void theListHasARowForEachJob() throws TimeoutException {
    ran(32);
    assertThat(chase("batch-size")).isZero();
    assertThat(out.toString().lines())
        .containsExactly(
            "NAME  RUNS  REACHED  BEST  ITS COST kJ  LAST  SIZES  TRAIN  METHOD  COST",
            "bert     1        1    32        4.000    32      2      0  chase   energy");
  }

  @Test
  void theDetailsOfAJobHaveItsExpectationsItsRunsAndWhy() throws TimeoutException {
    ran(32);
    assertThat(chase("batch-size", "bert")).isZero();
    assertThat(out.toString())
        .startsWith("bert: ")
        .contains(
            "cost = 0.5 E + 0.5 x 300 W T, in joules; target at least 0.9; at\n"
                + "most 10 epochs, and 2 times the cheapest",
            "32  candidate    4.121        -     1        1",
            "1          32  reached    4.000      2.000      20       2  the owner",
            "The policy sets the real limit.");
  }

  @Test
  void theAnswerComesAsJsonToo() throws TimeoutException {
    ran(16);
    assertThat(chase("batch-size", "bert", "--json")).isZero();
    assertThat(out.toString()).contains("\"name\" : \"bert\"", "\"arms\" : [");
  }

  @Test
  void aJobIsForgotten() throws TimeoutException {
    ran(32);
    assertThat(chase("batch-size", "rm", "bert")).isZero();
    assertThat(out.toString()).contains("bert is removed, with 1 run");
    assertThat(chase("batch-size", "bert")).isEqualTo(1);
    assertThat(err.toString()).contains("no recurring job is called 'bert'");
  }
}
