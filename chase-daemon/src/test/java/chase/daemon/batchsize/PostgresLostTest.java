package chase.daemon.batchsize;

import static chase.daemon.batchsize.ZeusClient.job;
import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.batchsize.ZeusClient.Reply;
import chase.daemon.batchsize.ZeusClient.Trained;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A PostgreSQL server that goes away under the daemon. */
class PostgresLostTest {
  @RegisterExtension static final TestPostgres POSTGRES = new TestPostgres();

  private static void cutConnections() {
    POSTGRES.change(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '%s'"
            .formatted(POSTGRES.database()));
  }

  @Test
  void aConnectionThatWasCutIsReopenedWithoutAWarning() {
    try (TestBatchSizes host = new TestBatchSizes(POSTGRES.storage())) {
      host.zeus.register(job("bert"));
      cutConnections();
      assertThat(host.zeus.next("bert").number()).isEqualTo(1);
      assertThat(host.service.counts().failures()).isZero();
    }
  }

  @Test
  void noTrainingStopsWhileItIsUnavailableAndNothingIsLost() {
    try (TestBatchSizes host = new TestBatchSizes(POSTGRES.storage())) {
      host.zeus.register(job("bert"));
      Trained trial = host.zeus.next("bert");
      POSTGRES.change("ALTER DATABASE " + POSTGRES.database() + " ALLOW_CONNECTIONS false");
      cutConnections();
      Reply response = host.zeus.report(trial, 1, 1000, 0.95);
      assertThat(response.status()).isEqualTo(200);
      assertThat(response.json().path("stop_train").asBoolean(true)).isFalse();
      assertThat(host.zeus.call("DELETE", "/jobs?job_id=bert", "").message())
          .startsWith("503: the database of batch sizes cannot be used: ")
          .doesNotContain("secret");
      assertThat(host.zeus.register(job("bert")).status()).isEqualTo(201);
      assertThat(host.service.counts().up()).contains(false);
      POSTGRES.change("ALTER DATABASE " + POSTGRES.database() + " ALLOW_CONNECTIONS true");
      host.advance(Duration.ofSeconds(3));
      assertThat(host.zeus.report(trial, 2, 2000, 0.95).json().path("converged").asBoolean())
          .isTrue();
      assertThat(host.service.counts().up()).contains(true);
    }
  }

  @Test
  void noClientWaitsForAHungServerAndItsJobsAreRecordedAfterwards() {
    try (FreezablePort frozen = new FreezablePort(POSTGRES.port());
        TestBatchSizes host = new TestBatchSizes(POSTGRES.storage(frozen.port()))) {
      ZeusClient zeus = host.zeus.asPatientAsZeus();
      host.zeus.register(job("bert"));
      Trained kept = host.zeus.next("bert");
      frozen.freeze();
      UnrecordedTrialsTest.assertThatRunsTrainUnrecorded(zeus);
      assertThat(zeus.report(kept, 1, 1000, 0.5).json().path("stop_train").asBoolean(true))
          .isFalse();
      frozen.thaw();
      Awaitility.await()
          .untilAsserted(() -> {
            host.advance(Duration.ofSeconds(3));
            // A run that was recorded too late for its client was withdrawn, and had a number.
            assertThat(host.zeus.next("gpt").number()).isPositive();
          });
      assertThat(host.zeus.report(kept, 2, 2000, 0.95).json().path("converged").asBoolean())
          .isTrue();
    }
  }

  @Test
  void aServerThatIsNotThereIs503() {
    StudyDatabase unreachable =
        StudyDatabase.postgresql(
            "jdbc:postgresql://localhost:1/chase", Optional.of("chase"), Optional.of("secret"));
    try (TestBatchSizes host = new TestBatchSizes(unreachable)) {
      assertThat(host.zeus.call("DELETE", "/jobs?job_id=bert", "").message())
          .startsWith("503: ")
          .doesNotContain("secret");
    }
  }
}
