package chase.zeus.batchsize;

import chase.zeus.batchsize.Trial.Kind;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is tried before any batch size has reached the target. */
final class FirstTries {
  private FirstTries() {}

  /**
   * The owner's batch size; if it does not reach the target, its neighbours, the nearest first; and
   * when none does, the one that was tried least.
   */
  static BatchSizeSearch.Suggestion choose(Study study, TrialHistory history, Set<Integer> busy) {
    int owners = study.spec().defaultBatchSize();
    if (!history.isGivenUp(owners)) {
      return busy.contains(owners)
          ? new BatchSizeSearch.Suggestion(owners, Kind.CONCURRENT, "nothing is known yet")
          : new BatchSizeSearch.Suggestion(
              owners, Kind.EXPLORATION, "the owner's batch size comes first");
    }
    List<Integer> all = study.spec().batchSizes();
    Optional<Integer> near =
        all.stream()
            .filter(size -> !history.isGivenUp(size) && !busy.contains(size))
            .min(
                Comparator.comparingInt(size -> Math.abs(all.indexOf(size) - all.indexOf(owners))));
    if (near.isPresent()) {
      return new BatchSizeSearch.Suggestion(
          near.get(), Kind.EXPLORATION, "none nearer to the owner's reached the target");
    }
    int least =
        all.stream().min(Comparator.comparingLong(size -> tries(study, size))).orElseThrow();
    return new BatchSizeSearch.Suggestion(
        least, Kind.CONCURRENT, "no batch size has reached the target");
  }

  private static long tries(Study study, int batchSize) {
    return study.trials().stream().filter(trial -> trial.batchSize() == batchSize).count();
  }
}
