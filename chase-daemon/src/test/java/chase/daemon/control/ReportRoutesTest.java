package chase.daemon.control;

import static chase.daemon.control.ControlClient.await;
import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.control.ControlClient.Reply;
import chase.daemon.fixtures.TestDaemon;
import chase.daemon.fixtures.TestLedger;
import chase.daemon.ledger.Ledger;
import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReportRoutesTest {
  private final Vertx vertx = Vertx.vertx();
  private final TestDaemon daemon = new TestDaemon(vertx);
  private final Path directory;
  private final ControlClient api;

  ReportRoutesTest(@TempDir Path directory) {
    this.directory = directory;
    this.api = new ControlClient(vertx, directory.resolve("chase.sock"));
  }

  private void open(Ledger ledger) {
    await(vertx.deployVerticle(daemon.server(ledger, directory.resolve("chase.sock"))));
  }

  private TestLedger kept() throws TimeoutException {
    TestLedger ledger = new TestLedger(directory);
    await(vertx.deployVerticle(ledger.keeper()));
    open(ledger.keeper());
    return ledger;
  }

  @AfterEach
  void close() {
    await(vertx.close());
  }

  @Test
  void aReportHoldsWhatWasUsedUpToNow() throws TimeoutException {
    kept().aJobOnTwoGpus("a1");
    Reply reply = api.get("/v1/report?by=job&job=a1");
    assertThat(reply.status()).isEqualTo(200);
    JsonNode line = reply.json().path("lines").path(0);
    assertThat(line.path("group").asText()).isEqualTo("a1");
    assertThat(line.path("used").path("joules").asDouble()).isEqualTo(80_000);
    assertThat(line.path("basis").path("gpus").path(0).asText()).isEqualTo("simulated");
    assertThat(reply.json().path("simulated").asBoolean()).isTrue();
    assertThat(reply.json().path("method").asText()).contains("convex hull");
  }

  @Test
  void whatIsUnknownHasNoKey() throws TimeoutException {
    TestLedger ledger = kept();
    ledger.loseSignal();
    ledger.aJobOnTwoGpus("a1");
    JsonNode used = api.get("/v1/report").json().path("total").path("used");
    assertThat(used.has("joules")).isTrue();
    assertThat(used.has("grams")).isFalse();
    assertThat(used.has("money")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          by=colour                    | 422 bad_value: 'colour' is not job, gpu, user, day or label:KEY
          by=label:                    | 422 bad_value: 'label:' is not job, gpu, user, day or label:KEY
          from=yesterday               | 422 bad_value: 'from': 'yesterday' is not a time such as 2026-11-23T18:00:00Z
          from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z | 422 bad_value: 'to' must be after 'from'
          form=2026-01-02T00:00:00Z    | 400 unknown_field: unknown field 'form'; did you mean 'from'?
          by=job&by=gpu                | 400 bad_request: 'by' is given twice
          job=none                     | 404 unknown_job: no job 'none' is known here
          gpu=GPU-none                 | 404 unknown_gpu: no GPU 'GPU-none' is known here
          """)
  void aWrongQueryIsRefusedByName(String query, String error) throws TimeoutException {
    kept();
    assertThat(api.get("/v1/report?" + query).error()).isEqualTo(error);
  }

  @Test
  void withoutALedgerThereIsAnErrorThatSaysSo() {
    open(Ledger.NONE);
    assertThat(api.get("/v1/report").error())
        .startsWith("503 no_ledger: this daemon keeps no ledger");
  }

  @Test
  void aLedgerThatCannotBeReadIsAnErrorWithTheReason() throws Exception {
    Files.createDirectory(directory.resolve("ledger.db"));
    kept();
    assertThat(api.get("/v1/report").error())
        .startsWith("503 no_ledger: the ledger cannot be read (denied)");
  }
}
