package chase.daemon.batchsize;

import static chase.daemon.batchsize.ZeusClient.job;
import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.batchsize.ZeusClient.Reply;
import chase.daemon.batchsize.ZeusClient.Trained;
import chase.zeus.batchsize.SearchMethod;
import chase.zeus.batchsize.Trial;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client of the port can fill neither the disk nor the memory. */
class QuotasTest {
  @TempDir Path directory;

  private TestBatchSizes host(StudyStore.Quotas quotas) {
    StudyDatabase storage = StudyDatabase.sqlite(directory.resolve("batch-sizes.db"));
    return new TestBatchSizes(storage, SearchMethod.CHASE, quotas);
  }

  private static List<String> names(TestBatchSizes host) {
    return TestBatchSizes.await(host.service.list("", 100, job -> job.job().name()));
  }

  @Test
  void jobsBeyondTheQuotaAre507AndTheOthersGoOn() {
    try (TestBatchSizes host = host(new StudyStore.Quotas(3, 3, 10, 10))) {
      for (String name : List.of("a", "b", "c")) {
        assertThat(host.zeus.register(job(name)).status()).isEqualTo(201);
      }
      assertThat(host.zeus.register(job("d")).message())
          .isEqualTo(
              "507: 3 recurring jobs are registered, and there may be no more (chase batch-size"
                  + " rm)");
      assertThat(host.zeus.register(job("a")).status()).isEqualTo(200);
      assertThat(host.zeus.next("a").number()).isEqualTo(1);
      assertThat(names(host)).containsExactly("a", "b", "c");
    }
  }

  @Test
  void unusedJobsMakeRoomAfterADayOrWithTrialsAfterNinety() {
    try (TestBatchSizes host = host(new StudyStore.Quotas(3, 3, 10, 10))) {
      for (String name : List.of("ran", "never", "neither")) {
        host.zeus.register(job(name));
      }
      host.zeus.next("ran");
      host.advance(Duration.ofHours(25));
      assertThat(host.zeus.register(job("new")).status()).isEqualTo(201);
      assertThat(names(host)).contains("ran", "new").hasSize(3);
      host.zeus.next("new");
      host.advance(Duration.ofDays(91));
      host.zeus.register(job("newer"));
      host.zeus.next("newer");
      host.zeus.register(job("newest"));
      assertThat(names(host)).contains("newer", "newest").hasSize(3).doesNotContain("neither");
    }
  }

  @Test
  void theOldestRunsThatHaveEndedMakeRoomAndTheOthersKeepTheirNumbers() {
    try (TestBatchSizes host = host(new StudyStore.Quotas(3, 3, 8, 4))) {
      host.zeus.register(job("bert"));
      for (int run = 1; run <= 30; run++) {
        Trained trial = host.zeus.next("bert");
        assertThat(trial.number()).isEqualTo(run);
        if (run == 20) {
          continue; // it trains on
        }
        host.zeus.report(trial, 1, 1000 + trial.batchSize(), 0.95);
      }
      StoredStudy known = TestBatchSizes.await(host.service.find("bert"));
      assertThat(known.trials()).hasSize(8);
      assertThat(known.trial(30).reached()).isTrue();
      assertThat(known.trial(20).isRunning()).isTrue();
      assertThat(known.study().trials())
          .filteredOn(trial -> trial.kind() == Trial.TrialKind.EXPLORATION)
          .isNotEmpty();
    }
  }

  @Test
  void aFullDatabaseIsReportedAndReadAndItsTrialsGoOn() throws Exception {
    Path file = directory.resolve("batch-sizes.db");
    StudyDatabase small = StudyDatabase.sqlite(file, 60 * 1024);
    try (TestBatchSizes host = new TestBatchSizes(small)) {
      host.zeus.register(job("bert"));
      Trained first = host.zeus.next("bert");
      Reply last = host.zeus.register(job("0"));
      for (int i = 1; i < 500 && last.status() == 201; i++) {
        last = host.zeus.register(job("job" + i));
      }
      assertThat(last.message())
          .startsWith("507: the database of batch sizes takes nothing more: the disk is full, or");
      assertThat(Files.size(file)).isLessThanOrEqualTo(60 * 1024);
      assertThat(host.service.counts().up()).contains(true);
      assertThat(host.zeus.register(job("bert")).status()).isEqualTo(200);
      ZeusRoutesContract.assertVerdict(host.zeus.report(first, 1, 1000, 0.95), true, true);
      assertThat(host.zeus.call("DELETE", "/jobs?job_id=0", "").status()).isEqualTo(200);
    }
  }

  @Test
  void whatIsWrittenInAFieldIsBounded() {
    try (TestBatchSizes host = host(StudyStore.Quotas.DEFAULT)) {
      String long201 = "x".repeat(201);
      assertThat(host.zeus.register(job("bert").put("gpu_model", long201)).status()).isEqualTo(422);
      assertThat(host.zeus.register(job(long201)).status()).isEqualTo(422);
      assertThat(host.zeus.register(job("bert").put("max_power", 1e300)).status()).isEqualTo(422);
    }
  }
}
