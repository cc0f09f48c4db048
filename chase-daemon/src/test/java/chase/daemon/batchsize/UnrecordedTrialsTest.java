package chase.daemon.batchsize;

import static chase.daemon.batchsize.ZeusClient.job;
import static chase.daemon.batchsize.ZeusRoutesContract.assertVerdict;
import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.batchsize.ZeusClient.Trained;
import chase.zeus.batchsize.SearchMethod;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No client of Zeus ends a training because a trial cannot be recorded. */
class UnrecordedTrialsTest {
  /** The number of every trial that is not recorded. */
  private static final int UNRECORDED = 0;

  @TempDir Path directory;

  private StudyDatabase storage() {
    return StudyDatabase.sqlite(directory.resolve("batch-sizes.db"));
  }

  /** A whole training of Zeus's client, for a job that was not registered before. */
  static void assertThatRunsTrainUnrecorded(ZeusClient zeus) {
    assertThat(zeus.register(job("gpt")).status()).isEqualTo(201);
    Trained trial = zeus.next("gpt");
    assertThat(trial).isEqualTo(new Trained("gpt", 32, UNRECORDED));
    assertVerdict(zeus.report(trial, 1, 1000, 0.5), false, false);
    assertVerdict(zeus.report(trial, 2, 2000, 0.95), true, true);
    assertVerdict(zeus.report(trial, 10, 2000, 0.5), true, false);
    assertThat(zeus.end(trial).json().isNull()).isTrue();
  }

  @Test
  void aTrainingRunsWhileTheFileIsLockedAndItsJobIsRecordedAfterwards() throws Exception {
    try (TestBatchSizes host = new TestBatchSizes(storage())) {
      host.zeus.register(job("bert"));
      try (Connection other =
              DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("batch-sizes.db"));
          Statement lock = other.createStatement()) {
        lock.execute("BEGIN EXCLUSIVE");
        assertThatRunsTrainUnrecorded(host.zeus.asPatientAsZeus());
        lock.execute("ROLLBACK");
      }
      host.advance(Duration.ofSeconds(3));
      assertThat(host.zeus.next("gpt")).isEqualTo(new Trained("gpt", 32, 1));
    }
  }

  @Test
  void aTrialBeyondTheQuotaStillGetsABatchSize() {
    StudyStore.Quotas quotas = new StudyStore.Quotas(10, 10, 10, 2);
    try (TestBatchSizes host = new TestBatchSizes(storage(), SearchMethod.CHASE, quotas)) {
      host.zeus.register(job("bert"));
      host.zeus.next("bert");
      host.zeus.next("bert");
      Trained third = host.zeus.next("bert");
      assertThat(third.number()).isEqualTo(UNRECORDED);
      assertVerdict(host.zeus.report(third, 1, 1000, 0.95), true, true);
      assertThat(TestBatchSizes.await(host.service.find("bert")).trials()).hasSize(2);
      host.advance(TestBatchSizes.SILENCE.plus(Duration.ofSeconds(1)));
      assertThat(host.zeus.next("bert").number()).isEqualTo(3);
    }
  }
}
