package chase.daemon.batchsize;

import static chase.daemon.batchsize.ZeusClient.job;
import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.batchsize.ZeusClient.Trained;
import chase.zeus.batchsize.SearchMethod;
import chase.zeus.batchsize.Study;
import chase.zeus.batchsize.Trial;
import chase.zeus.batchsize.TrialReport;
import chase.zeus.batchsize.TrialUsage;
import chase.zeus.unit.Joules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What outlives a daemon, and what several daemons share, whichever database it is. */
abstract class SharedStudiesContract {
  private TestBatchSizes host;
  private ZeusClient zeus;

  /** An empty database, the same one for each call of one test. */
  abstract StudyDatabase storage();

  @BeforeEach
  void open() {
    host = new TestBatchSizes(storage());
    zeus = host.zeus;
  }

  @AfterEach
  void close() {
    host.close();
  }

  @Test
  void whatIsKnownSurvivesARestart() {
    zeus.register(job("bert"));
    Trained trial = zeus.next("bert");
    zeus.report(trial, 1, 1000, 0.5);
    try (TestBatchSizes next = new TestBatchSizes(storage())) {
      assertThat(next.zeus.register(job("bert")).status()).isEqualTo(200);
      ZeusRoutesContract.assertVerdict(next.zeus.report(trial, 2, 2000, 0.95), true, true);
      assertThat(next.zeus.next("bert").number()).isEqualTo(2);
    }
    assertThat(TestBatchSizes.await(host.service.find("bert")).trial(1).usage().energy())
        .isEqualTo(new Joules(2000));
  }

  /** As Zeus tests its server against its simulator: both must choose alike, run for run. */
  @ParameterizedTest
  @EnumSource(SearchMethod.class)
  void theServerChoosesWhatTheStudyChooses(SearchMethod method) {
    RecurringJob described = ZeusJob.stored(job("bert").toString());
    Study study = Study.open(described.study(method));
    List<Trained> served = new ArrayList<>();
    List<Trained> expected = new ArrayList<>();
    try (TestBatchSizes server = new TestBatchSizes(storage(), method)) {
      server.zeus.register(job("bert"));
      for (int run = 0; run < 25; run++) {
        Trained trial = server.zeus.next("bert");
        served.add(trial);
        double joules = 1000.0 + 40 * Math.abs(trial.batchSize() - 48) + 7 * (run % 5);
        server.zeus.report(trial, 2, joules, 0.95);
        var started = study.startTrial();
        Trial own = started.trial();
        expected.add(new Trained("bert", own.batchSize(), own.number()));
        study = started.study().report(report(own, joules)).study();
      }
    }
    assertThat(served).isEqualTo(expected);
  }

  private static TrialReport report(Trial trial, double joules) {
    return new TrialReport(
        trial.number(),
        trial.batchSize(),
        2,
        TrialUsage.of(new Joules(joules), joules / 100),
        Optional.of(0.95),
        Optional.empty());
  }

  @Test
  void manyTrialsAtOnceFromTwoDaemonsAreEachTheirOwn() throws Exception {
    zeus.register(job("bert"));
    List<Integer> numbers;
    try (TestBatchSizes other = new TestBatchSizes(storage());
        ExecutorService threads = Executors.newFixedThreadPool(16)) {
      List<ZeusClient> daemons = List.of(zeus, other.zeus);
      var runs =
          IntStream.range(0, 48)
              .mapToObj(i -> threads.submit(() -> runOnce(daemons.get(i % 2), i)))
              .toList();
      numbers = new ArrayList<>();
      for (var run : runs) {
        numbers.add(run.get(60, TimeUnit.SECONDS));
      }
    }
    assertThat(numbers)
        .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, 48).boxed().toList());
    assertThat(TestBatchSizes.await(host.service.find("bert")).trials())
        .hasSize(48)
        .allSatisfy(row -> assertThat(row.trial().isRunning()).isFalse());
  }

  /** Every third client only vanishes. */
  private static int runOnce(ZeusClient daemon, int run) {
    Trained trial = daemon.next("bert");
    if (run % 3 == 0) {
      assertThat(daemon.end(trial).status()).isEqualTo(200);
    } else {
      assertThat(daemon.report(trial, 1, 500 + trial.batchSize(), 0.5).status()).isEqualTo(200);
      assertThat(daemon.report(trial, 2, 1000 + trial.batchSize(), 0.95).status()).isEqualTo(200);
    }
    return trial.number();
  }
}
