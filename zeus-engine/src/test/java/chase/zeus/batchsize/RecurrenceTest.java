package chase.zeus.batchsize;

import static org.assertj.core.api.Assertions.assertThat;

import chase.zeus.batchsize.Explanation.Arm;
import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/** A job that recurs, each time with an epoch or a few whose cost is known. */
class RecurrenceTest {
  private static final long SEED = Long.getLong("chase.seed", 11);
  private static final List<Integer> SIZES = List.of(16, 32, 64, 128, 256);

  private final Random noise = new Random(SEED);

  RecurrenceTest() {
    System.out.println("chase.seed=" + SEED);
  }

  private static Study open(int window, Optional<Double> beta) {
    return Study.open(
        new StudySpec(
            SIZES,
            64,
            new TargetMetric(0.9, true),
            10,
            new EnergyTimeCost(1, new Watts(100)),
            beta,
            List.of(),
            window,
            SearchMethod.CHASE,
            SEED));
  }

  private Study finish(Study study, Trial trial, double joules) {
    TrialReport report =
        new TrialReport(
            trial.number(),
            trial.batchSize(),
            1,
            TrialUsage.of(new Joules(joules * (1 + 0.05 * noise.nextGaussian())), 10),
            Optional.of(0.95),
            Optional.empty());
    return study.report(report).study();
  }

  private Study recur(Study start, int times, IntToDoubleFunction joules) {
    Study study = start;
    for (int i = 0; i < times; i++) {
      StudyResult next = study.startTrial();
      study = finish(next.study(), next.trial(), joules.applyAsDouble(next.trial().batchSize()));
    }
    return study;
  }

  private static long runs(List<Trial> trials, int batchSize) {
    return trials.stream().filter(trial -> trial.batchSize() == batchSize).count();
  }

  @Test
  void theCheapestBatchSizeIsFoundAndKept() {
    Study study = recur(open(0, Optional.of(2.0)), 60, size -> 1000.0 + 10 * Math.abs(size - 128));
    List<Trial> last = study.trials().subList(40, 60);
    assertThat(runs(last, 128)).isGreaterThanOrEqualTo(16);
  }

  @Test
  void aJobThatDriftsIsRelearntWithinItsWindow() {
    Study before = recur(open(6, Optional.of(2.0)), 40, size -> 1000.0 + 10 * Math.abs(size - 128));
    Study after = recur(before, 60, size -> 1000.0 + 10 * Math.abs(size - 32));
    List<Trial> last = after.trials().subList(80, 100);
    assertThat(runs(last, 32) + runs(last, 64) + runs(last, 16)).isGreaterThanOrEqualTo(16);
    assertThat(runs(last, 32)).isGreaterThan(runs(last, 128));
  }

  @Test
  void runsThatOverlapAllTrainAndNoneIsExploredTwiceAtOnce() {
    Study study = recur(open(0, Optional.of(2.0)), 1, size -> 1000);
    List<Trial> open = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      StudyResult next = study.startTrial();
      study = next.study();
      open.add(next.trial());
    }
    List<Integer> explored =
        open.stream()
            .filter(trial -> trial.kind() == Trial.TrialKind.EXPLORATION)
            .map(Trial::batchSize)
            .toList();
    assertThat(explored).doesNotHaveDuplicates();
    for (Trial trial : open.reversed()) {
      study = finish(study, trial, 1000 + trial.batchSize());
    }
    assertThat(study.trials()).allMatch(Trial::reached);
  }

  @Test
  void whatItPredictsIsExplainedForEveryBatchSize() {
    Study study = recur(open(0, Optional.of(2.0)), 30, size -> 1000.0 + 10 * Math.abs(size - 128));
    Explanation explained = study.explain();
    assertThat(explained.arms()).extracting(Arm::batchSize).containsExactlyElementsOf(SIZES);
    assertThat(explained.cheapest()).isPresent();
  }

  @Test
  void whatIsTriedNextIsNeverCalledPruned() {
    Study study = open(0, Optional.of(2.0));
    for (int i = 0; i < 30; i++) {
      Explanation explained = study.explain();
      StudyResult next = study.startTrial();
      int size = next.trial().batchSize();
      int run = i;
      assertThat(explained.arms())
          .filteredOn(arm -> arm.batchSize() == size)
          .allSatisfy(arm ->
              assertThat(arm.status())
                  .as("run %d, batch size %d: %s", run, size, arm.why())
                  .isNotEqualTo(Explanation.ArmStatus.PRUNED));
      study = finish(next.study(), next.trial(), 1000.0 + 10 * Math.abs(size - 128));
    }
  }

  @Test
  void aBatchSizeThatNeverReachesItsTargetIsGivenUp() {
    Study study = open(0, Optional.empty());
    int missed = 0;
    for (int i = 0; i < 40; i++) {
      StudyResult next = study.startTrial();
      study = next.study();
      if (next.trial().batchSize() >= 128) {
        missed++;
        study = study.fail(next.trial().number());
      } else {
        study = finish(study, next.trial(), 2000.0 - next.trial().batchSize());
      }
    }
    assertThat(missed).isBetween(1, 3);
  }
}
