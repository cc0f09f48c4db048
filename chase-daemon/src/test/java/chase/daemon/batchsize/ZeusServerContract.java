package chase.daemon.batchsize;

import static chase.daemon.batchsize.ZeusRoutesContract.assertVerdict;
import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.batchsize.ZeusClient.Reply;
import chase.daemon.batchsize.ZeusClient.Trained;
import chase.zeus.batchsize.SearchMethod;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * With {@code method: zeus}, what Zeus's own tests hold its server, its explorer and its client to:
 * their jobs, figures and expectations.
 */
abstract class ZeusServerContract {
  private static final List<Integer> SIZES = List.of(32, 64, 256, 512, 1024, 2048, 4096);
  private static final int DEFAULT = 1024;
  private static final double EPOCH_SECONDS = 37.248;
  private static final double EPOCH_JOULES = 17133;

  private TestBatchSizes host;
  private ZeusClient zeus;

  /** An empty database, the same one for each call of one test. */
  abstract StudyDatabase storage();

  @BeforeEach
  void open() {
    host = new TestBatchSizes(storage(), SearchMethod.ZEUS);
    zeus = host.zeus;
  }

  @AfterEach
  void close() {
    host.close();
  }

  private static ObjectNode job(String id) {
    ObjectNode job = ZeusClient.job(id);
    sizes(job, List.of(32, 64, 256, 512, 1024, 4096, 2048));
    return job.put("default_batch_size", DEFAULT)
        .put("beta_knob", 2)
        .put("target_metric", 0.5)
        .put("max_epochs", 100)
        .put("window_size", 5)
        .put("mab_seed", 123456)
        .put("max_power", 3000)
        .put("number_of_gpus", 4)
        .put("gpu_model", "A100")
        .put("seed", 1);
  }

  private static void sizes(ObjectNode job, List<Integer> sizes) {
    ArrayNode all = job.putArray("batch_sizes");
    sizes.forEach(all::add);
  }

  private Reply report(Trained trial, double seconds, double joules, double metric, int epoch) {
    return zeus.report(trial, epoch, "" + seconds, "" + joules, "" + metric);
  }

  @Test
  void theSameJobIsKnownAndAnotherDefaultIsAConflict() {
    assertThat(zeus.register(job("bert")).status()).isEqualTo(201);
    assertThat(zeus.register(job("bert")).status()).isEqualTo(200);
    assertThat(zeus.register(job("bert").put("default_batch_size", 512)).status()).isEqualTo(409);
  }

  @Test
  void twoRunsAtOnceBothBeginWithTheDefault() {
    zeus.register(job("bert"));
    assertThat(zeus.next("bert")).isEqualTo(new Trained("bert", DEFAULT, 1));
    assertThat(zeus.next("bert")).isEqualTo(new Trained("bert", DEFAULT, 2));
  }

  @Test
  void aRunAboveBetaTimesTheCheapestHasNotConvergedAndIsOutOfTheSweep() {
    zeus.register(job("bert"));
    assertVerdict(report(zeus.next("bert"), 14.438, 3000.123, 0.55, 98), true, true);
    Trained below = zeus.next("bert");
    assertThat(below.batchSize()).isEqualTo(512);
    Reply above = report(below, 30, 6000, 0.55, 98);
    assertVerdict(above, true, false);
    assertThat(above.json().path("message").asText()).contains("cost upper bound");
    assertThat(zeus.next("bert").batchSize()).isEqualTo(2048);
  }

  @Test
  void eachDirectionIsSweptUntilARunDoesNotConvergeAndOthersAreGivenTheCheapest() {
    long seed = new Random().nextLong();
    System.out.println("chase.seed=" + seed);
    Random chance = new Random(seed);
    zeus.register(job("bert"));
    List<Integer> sizes = SIZES;
    int start = DEFAULT;
    int cheapest = DEFAULT;
    int number = 1;
    for (int round = 1; round <= 2; round++) {
      int middle = sizes.indexOf(start) + 1;
      List<Integer> good = new ArrayList<>();
      for (List<Integer> direction :
          List.of(sizes.subList(0, middle).reversed(), sizes.subList(middle, sizes.size()))) {
        for (int size : direction) {
          Trained explored = zeus.next("bert");
          assertThat(explored).isEqualTo(new Trained("bert", size, number++));
          assertThat(zeus.next("bert")).isEqualTo(new Trained("bert", cheapest, number++));
          boolean converges = size == 1024 || size == 512 || chance.nextInt(3) > 0;
          double seconds = size == 512 ? 12 : 14.438;
          assertVerdict(
              report(explored, seconds, 3000.123, converges ? 0.55 : 0.33, converges ? 98 : 100),
              true,
              converges);
          if (!converges) {
            break;
          }
          good.add(size);
          cheapest = good.contains(512) || round == 2 ? 512 : cheapest;
        }
      }
      sizes = good.stream().sorted().toList();
      start = 512;
    }
  }

  @Test
  void runsThatOverlapInEveryStageAreAnswered() {
    zeus.register(job("bert"));
    for (int i = 0; i < 50; i++) {
      Trained run = zeus.next("bert");
      zeus.next("bert");
      assertVerdict(report(run, 15.123, 3000.123, 0.55, 98), true, true);
    }
  }

  @Test
  void aRunThatEndsByItselfIsNoResultAndItsBatchSizeIsExploredAgain() {
    zeus.register(job("bert"));
    assertThat(zeus.end(zeus.next("bert")).status()).isEqualTo(200);
    Trained again = zeus.next("bert");
    assertThat(again.batchSize()).isEqualTo(DEFAULT);
    assertVerdict(report(again, 15.123, 3000.123, 0.55, 98), true, true);
    assertThat(zeus.end(again).status()).isEqualTo(200);
    assertThat(zeus.next("bert").batchSize()).isEqualTo(512);
  }

  /** A run's batch size, its cost and whether it converges. */
  private record Explored(int batchSize, double cost, boolean converges) {}

  private static Explored run(int batchSize, double cost) {
    return new Explored(batchSize, cost, true);
  }

  private static Explored miss(int batchSize, double cost) {
    return new Explored(batchSize, cost, false);
  }

  record Sweep(int start, List<Explored> runs, List<Integer> survivors) {}

  static Stream<Sweep> sweeps() {
    return Stream.of(
        new Sweep(
            128,
            List.of(
                run(128, 10),
                run(64, 9),
                run(32, 8),
                run(16, 12),
                miss(8, 21),
                run(256, 15),
                run(32, 8),
                miss(16, 12),
                run(64, 9),
                run(128, 10),
                miss(256, 17)),
            List.of(32, 64, 128)),
        new Sweep(
            256,
            List.of(
                run(256, 7),
                run(128, 8),
                run(64, 9),
                run(32, 13),
                miss(16, 22),
                run(256, 8),
                run(128, 8.5),
                run(64, 9),
                run(32, 12)),
            List.of(32, 64, 128, 256)),
        new Sweep(
            8,
            List.of(run(8, 10), run(16, 17), run(32, 20), miss(64, 25), run(8, 10), miss(16, 21)),
            List.of(8)),
        new Sweep(
            64,
            List.of(
                run(64, 10),
                run(32, 8),
                run(16, 12),
                run(8, 15),
                run(128, 12),
                run(256, 13),
                run(32, 7),
                run(16, 10),
                run(8, 15),
                run(64, 10),
                run(128, 12),
                run(256, 13)),
            List.of(8, 16, 32, 64, 128, 256)),
        new Sweep(64, List.of(run(64, 10), miss(32, 22), miss(128, 25), run(64, 9)), List.of(64)));
  }

  @ParameterizedTest
  @MethodSource("sweeps")
  void theSweepsAreZeussAndSoAreTheirSurvivors(Sweep sweep) {
    ObjectNode job = job("bert").put("default_batch_size", sweep.start()).putNull("beta_knob");
    sizes(job, List.of(8, 16, 32, 64, 128, 256));
    zeus.register(job);
    for (Explored explored : sweep.runs()) {
      Trained trial = zeus.next("bert");
      assertThat(trial.batchSize()).isEqualTo(explored.batchSize());
      double seconds = (2 * explored.cost() - 1) / 3000;
      assertVerdict(
          report(trial, seconds, 1, explored.converges() ? 0.55 : 0.4, 100),
          true,
          explored.converges());
    }
    assertThat(zeus.next("bert").batchSize()).isIn(sweep.survivors());
    assertThat(TestBatchSizes.await(host.service.find("bert")).study().explain().arms())
        .filteredOn(arm -> sweep.survivors().contains(arm.batchSize()))
        .noneMatch(arm -> arm.why().contains("did not reach"));
  }

  @Test
  void asManyRoundsAsTheJobSaysAreSwept() {
    ObjectNode job = job("bert").put("num_pruning_rounds", 1);
    sizes(job, List.of(512, 1024));
    zeus.register(job);
    for (int size : List.of(1024, 512)) {
      Trained trial = zeus.next("bert");
      assertThat(trial.batchSize()).isEqualTo(size);
      report(trial, 14, 3000, 0.55, 98);
    }
    TestBatchSizes.await(host.service.startTrial("bert"));
    assertThat(TestBatchSizes.await(host.service.find("bert")).trial(3).kind())
        .isEqualTo(chase.zeus.batchsize.Trial.TrialKind.SAMPLED);
  }

  /** One evaluation of a client on four GPUs, epoch by epoch. */
  private Reply evaluated(Trained trial, int epoch, double metric) {
    return report(trial, epoch * EPOCH_SECONDS, epoch * EPOCH_JOULES, metric, epoch);
  }

  @Test
  void aClientIsStoppedWhenItsRunHasCostTwiceTheCheapestAndTheNextGoesUp() {
    zeus.register(job("bert").put("max_power", 1200));
    Trained first = zeus.next("bert");
    assertVerdict(evaluated(first, 1, 0.1), false, false);
    assertVerdict(evaluated(first, 2, 0.2), false, false);
    assertVerdict(evaluated(first, 3, 0.6), true, true);
    Trained second = zeus.next("bert");
    assertThat(second.batchSize()).isEqualTo(512);
    for (int epoch = 1; epoch <= 6; epoch++) {
      assertVerdict(evaluated(second, epoch, 0.3), false, false);
    }
    assertVerdict(evaluated(second, 7, 0.3), true, false);
    assertThat(zeus.next("bert").batchSize()).isEqualTo(2048);
  }

  @Test
  void aClientThatNeverConvergesEndsWithItsLastEpochAndTheNextGoesUp() {
    zeus.register(job("bert").putNull("beta_knob"));
    Trained first = zeus.next("bert");
    for (int epoch = 1; epoch < 100; epoch++) {
      assertVerdict(evaluated(first, epoch, 0.3), false, false);
    }
    assertVerdict(evaluated(first, 100, 0.3), true, false);
    assertThat(zeus.next("bert").batchSize()).isEqualTo(2048);
  }

  @Test
  void everyProcessOfATrainingIsNotifiedOfItsEnd() {
    zeus.register(job("bert").put("max_epochs", 3));
    Trained trial = zeus.next("bert");
    for (int epoch = 1; epoch <= 3; epoch++) {
      evaluated(trial, epoch, 0.3);
    }
    for (int rank = 1; rank < 4; rank++) {
      Reply late = evaluated(trial, 1, 0.3);
      assertVerdict(late, true, false);
      assertThat(late.json().path("message").asText()).contains("is already reported.");
    }
  }
}
