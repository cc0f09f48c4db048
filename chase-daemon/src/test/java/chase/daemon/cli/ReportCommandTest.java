package chase.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.fixtures.NoLocalActions;
import chase.daemon.fixtures.TestDaemon;
import chase.daemon.fixtures.TestLedger;
import chase.daemon.fixtures.TestTerminal;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportCommandTest {
  private final Vertx vertx = Vertx.vertx();
  private final TestDaemon daemon = new TestDaemon(vertx);
  private final Path socket;
  private final TestLedger ledger;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  ReportCommandTest(@TempDir Path directory) {
    socket = directory.resolve("chase.sock");
    ledger = new TestLedger(directory);
  }

  @BeforeEach
  void open() throws TimeoutException {
    vertx.deployVerticle(ledger.keeper()).await(10, TimeUnit.SECONDS);
    vertx.deployVerticle(daemon.server(ledger.keeper(), socket)).await(10, TimeUnit.SECONDS);
    ledger.aJobOnTwoGpus("a1");
  }

  @AfterEach
  void close() throws TimeoutException {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  private int chase(String... line) {
    String[] all = new String[line.length + 2];
    all[0] = "--socket";
    all[1] = socket.toString();
    System.arraycopy(line, 0, all, 2, line.length);
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return ChaseCommand.run(
        all,
        new NoLocalActions(),
        TestTerminal.PIPE,
        new PrintWriter(out, true),
        new PrintWriter(err, true));
  }

  private List<String> lines() {
    return out.toString().lines().toList();
  }

  @Test
  void aReportIsATableWithATotalItsBasisAndItsMethod() {
    assertThat(chase("report")).isZero();
    assertThat(lines().getFirst())
        .startsWith("JOB")
        .contains("KWH", "GCO2", "EUR", "VS FULL", "VS BLIND", "SLOWER")
        .doesNotContain("+HOST");
    assertThat(lines().get(1)).startsWith("a1").contains("resnet", "25.0 %", "16.7 %", "8");
    assertThat(out.toString())
        .contains("TOTAL")
        .contains("SIMULATED GPUs")
        .contains("Energy: the GPU's counter. Carbon: trace CISO, live, measured")
        .contains("Host: configured. Work:\nreported.")
        .contains("lower\nconvex hull");
  }

  @Test
  void oneJobsReportIsItsReceipt() {
    assertThat(chase("report", "--job", "a1")).isZero();
    assertThat(lines().getFirst())
        .startsWith("job a1 (resnet), 12:00 UTC to 12:01 UTC, budget:0.05")
        .endsWith("3m20s of GPU time, 800");
    assertThat(lines().get(1)).isEqualTo("steps, 25.0 % slower than at full power");
    assertThat(out.toString())
        .contains("at full power", "carbon-blind", "saved")
        .contains("GPU time under each limit: 450 W 3m20s.")
        .contains("SIMULATED GPUs");
  }

  @Test
  void programsGetEveryFigureAsJsonOrCsv() {
    assertThat(chase("report", "--by", "user", "--json")).isZero();
    assertThat(out.toString()).contains("\"gpu_seconds\" : 200.0", "\"joules\" : 80000.0");
    assertThat(chase("report", "--format", "csv")).isZero();
    assertThat(lines()).hasSize(2);
    assertThat(lines().getFirst())
        .startsWith("job,name,user,labels,origin,gpus,policy,started_at,ended_at,gpu_seconds,")
        .contains("money_eur_with_host", "blind_grams_with_host_saved_ratio", "carbon_basis");
    assertThat(lines().getLast())
        .startsWith("a1,resnet,")
        .contains(",200.0,800,0.25,80000.0,100000.0,8.0,10.0,");
  }

  @Test
  void aPageStandsAloneAndNamesSimulatedGpus() {
    assertThat(chase("report", "--by", "gpu", "--format", "html", "--last", "400d")).isZero();
    assertThat(out.toString())
        .startsWith("<!doctype html>")
        .contains("<td>GPU-aaaa</td>", "SIMULATED", "</html>")
        .doesNotContain("http");
  }

  @Test
  void aWrongQueryIsRefusedWithItsWord() {
    assertThat(chase("report", "--by", "colour")).isEqualTo(2);
    assertThat(err.toString()).contains("'colour' is not job, gpu, user, day or label:KEY");
    assertThat(chase("report", "--job", "none")).isEqualTo(1);
    assertThat(err.toString()).contains("no job 'none' is known here");
    assertThat(chase("report", "--last", "soon")).isEqualTo(2);
    assertThat(err.toString()).contains("--last: 'soon' is not a time such as");
    assertThat(chase("report", "--last", "1d", "--from", "2026-01-01T00:00:00Z")).isEqualTo(2);
    assertThat(err.toString()).contains("use either --last or --from");
    assertThat(chase("report", "--format", "xml")).isEqualTo(2);
    assertThat(err.toString()).contains("'xml' is not one of table, json, csv, html");
  }

  @Test
  void aTimeWithoutRecordsIsReported() {
    assertThat(chase("report", "--to", "2020-01-01T00:00:00Z")).isZero();
    assertThat(out).hasToString("the ledger has nothing from that time" + System.lineSeparator());
  }
}
