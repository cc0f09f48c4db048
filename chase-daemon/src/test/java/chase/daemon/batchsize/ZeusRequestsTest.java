package chase.daemon.batchsize;

import static chase.daemon.batchsize.ZeusClient.job;
import static chase.daemon.batchsize.ZeusRoutesContract.assertVerdict;
import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.batchsize.ZeusClient.Reply;
import chase.daemon.batchsize.ZeusClient.Trained;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests as no client of Zeus writes them, or only an unusual one. */
class ZeusRequestsTest {
  @TempDir Path directory;
  private TestBatchSizes host;
  private ZeusClient zeus;

  @BeforeEach
  void open() {
    host = new TestBatchSizes(StudyDatabase.sqlite(directory.resolve("batch-sizes.db")));
    zeus = host.zeus;
  }

  @AfterEach
  void close() {
    host.close();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /jobs/batch_size?%",
    "GET, /jobs/batch_size?job_id=%zz",
    "GET, /jobs/batch_size?job_id=%c3%28",
    "DELETE, /jobs?%",
    "DELETE, /jobs?job_id=%f",
    "POST, /jobs?%",
    "POST, /report?a=%",
    "PATCH, /trials?%",
    "GET, /%"
  })
  void aRequestThatCannotBeDecodedIsTheClientsError(String method, String path) throws Exception {
    zeus.register(job("bert"));
    try (WarningRecorder log = new WarningRecorder()) {
      String answer =
          zeus.raw(method + " " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
      assertThat(answer).startsWith("HTTP/1.1 4");
      assertThat(log.warnings()).isEmpty();
    }
  }

  @Test
  void aClientThatDisconnectsCausesNoWarning() throws Exception {
    try (WarningRecorder log = new WarningRecorder()) {
      zeus.leave("POST /report HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n{");
      zeus.leave("GET /jobs/batch_size?job_id=bert HTTP/1.1\r\nHost: a\r\n\r\n");
      zeus.leave("POST /jobs HTTP/1.1\r\nTransfer-Encoding: chunked\r\nHost: a\r\n\r\n5\r\n{");
      assertThat(zeus.register(job("bert")).status()).isEqualTo(201);
      TestBatchSizes.await(host.server().close());
      assertThat(log.warnings()).isEmpty();
    }
  }

  @Test
  void whatZeussServerReadsIsRead() {
    String odd =
        """
        {"job_id":"bert","job_id_prefix":"","batch_sizes":["64",32.0,true],"default_batch_size":"32",
         "max_epochs":10.7,"window_size":-1,"higher_is_better_metric":"yes","max_power":"300",
         "number_of_gpus":1,"gpu_model":" ","mab_prior_precision":-1}
        """;
    Reply created = zeus.call("POST", "/jobs", odd);
    assertThat(created.status()).as(created.toString()).isEqualTo(201);
    assertThat(created.json().path("batch_sizes").toString()).isEqualTo("[1,32,64]");
    assertThat(created.json().path("max_epochs").asInt()).isEqualTo(10);
    Trained trial = zeus.next("bert");
    assertVerdict(zeus.report(trial, 0, 1000, 0.4), false, false);
    assertVerdict(zeus.report(trial, 1, "\"10\"", "\"1000\"", "\"0.4\""), false, false);
    assertVerdict(zeus.report(trial, 10, 2000, 0.5), true, true);
  }
}
