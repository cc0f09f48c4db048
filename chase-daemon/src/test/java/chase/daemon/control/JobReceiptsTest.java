package chase.daemon.control;

import static chase.daemon.control.ControlClient.await;
import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.control.ControlClient.Reply;
import chase.daemon.fixtures.TestDaemon;
import chase.daemon.ledger.LedgerKeeper;
import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job's end, and what is known of it afterwards, with a real ledger. */
class JobReceiptsTest {
  private static final String JOBS = "/v1/jobs";
  private final Vertx vertx = Vertx.vertx();
  private final TestDaemon daemon = new TestDaemon(vertx);
  private final Path directory;
  private final ControlClient api;

  JobReceiptsTest(@TempDir Path directory) {
    this.directory = directory;
    this.api = new ControlClient(vertx, directory.resolve("chase.sock"));
  }

  @BeforeEach
  void open() {
    LedgerKeeper ledger = daemon.ledger(directory);
    await(vertx.deployVerticle(ledger));
    await(vertx.deployVerticle(daemon.server(ledger, directory.resolve("chase.sock"))));
  }

  @AfterEach
  void close() {
    await(vertx.close());
  }

  private String start() {
    Reply reply = api.call(HttpMethod.POST, JOBS, "{\"name\":\"resnet\",\"gpus\":[\"0\"]}");
    assertThat(reply.status()).isEqualTo(201);
    return reply.json().path("id").asText();
  }

  /** Ten seconds in which the GPU uses 4 kJ and the job does 100 steps. */
  private void work(String id, int tens) {
    for (int ten = 0; ten <= tens; ten++) {
      api.call(HttpMethod.POST, JOBS + "/" + id + "/steps", "{\"steps\":" + 100 * ten + "}");
      daemon.advanceUsing(4_000, Duration.ofSeconds(10));
      api.get("/v1/report");
    }
  }

  @Test
  void theEndOfAJobIsAnsweredWithItsReceipt() {
    String id = start();
    work(id, 3);
    Reply end = api.call(HttpMethod.DELETE, JOBS + "/" + id, "");
    assertThat(end.status()).isEqualTo(200);
    assertThat(end.json().path("id").asText()).isEqualTo(id);
    JsonNode line = end.json().path("receipt").path("line");
    assertThat(line.path("used").path("joules").asDouble()).isBetween(12_000.0, 16_000.0);
    assertThat(line.path("steps").asInt()).isEqualTo(300);
    assertThat(line.path("job").path("ended_at").asText()).isNotEmpty();
    assertThat(line.path("basis").path("gpus").path(0).asText()).isEqualTo("simulated");
    assertThat(end.json().path("receipt").path("method").asText()).isNotEmpty();
  }

  @Test
  void aJobThatHasEndedIsAnsweredFromTheLedger() {
    String id = start();
    work(id, 2);
    api.call(HttpMethod.DELETE, JOBS + "/" + id, "");
    Reply later = api.get(JOBS + "/" + id);
    assertThat(later.status()).isEqualTo(200);
    assertThat(later.json().path("name").asText()).isEqualTo("resnet");
    assertThat(later.json().path("ended_at").asText()).isNotEmpty();
    assertThat(later.json().path("steps").asInt()).isEqualTo(200);
    assertThat(later.json().path("receipt").path("line").path("used").has("grams")).isTrue();
  }

  @Test
  void aJobThatWasNeverKnownStaysUnknown() {
    assertThat(api.get(JOBS + "/none").error()).startsWith("404 unknown_job: no job 'none'");
  }

  @Test
  void aJobEndsWithoutAReceiptWhereTheLedgerIsAway() throws IOException {
    Files.createDirectory(directory.resolve("ledger.db"));
    String id = start();
    Reply end = api.call(HttpMethod.DELETE, JOBS + "/" + id, "");
    assertThat(end.status()).isEqualTo(200);
    assertThat(end.json().has("receipt")).isFalse();
    assertThat(api.get(JOBS + "/" + id).error())
        .startsWith("503 no_ledger: the ledger cannot be read (denied)");
  }

  @Test
  void aGpuHasItsEmissionsSinceTheStart() {
    daemon.setEmissions(12.5, 3_600);
    JsonNode emissions = api.get("/v1/gpus/0").json().path("emissions");
    assertThat(emissions.path("grams").asDouble()).isEqualTo(12.5);
    assertThat(emissions.path("grams_by_kind").path("replayed").asDouble()).isEqualTo(12.5);
    assertThat(emissions.path("joules_without_signal").asDouble()).isEqualTo(3_600);
    assertThat(api.get("/v1/gpus/1").json().has("emissions")).isFalse();
  }
}
