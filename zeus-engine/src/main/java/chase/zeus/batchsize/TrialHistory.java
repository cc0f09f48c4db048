package chase.zeus.batchsize;

import chase.zeus.batchsize.Trial.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The runs that have ended and count.
 *
 * @param sizes for each batch size that was tried, rising
 * @param best the least mean cost of a batch size, failed runs included; infinite before a run
 *     reached the target
 */
record TrialHistory(NavigableMap<Integer, SizeHistory> sizes, double best) {
  static TrialHistory of(Study study) {
    NavigableMap<Integer, List<Trial>> runs = recent(study);
    double retry =
        runs.values().stream()
            .mapToDouble(size -> meanOfReached(study, size))
            .min()
            .orElse(Double.POSITIVE_INFINITY);
    double charge = Double.isInfinite(retry) ? 0 : retry;
    NavigableMap<Integer, SizeHistory> sizes = new TreeMap<>();
    runs.forEach((batchSize, size) -> sizes.put(batchSize, size(study, batchSize, size, charge)));
    double best =
        runs.values().stream()
            .filter(size -> size.stream().anyMatch(Trial::reached))
            .mapToDouble(size -> mean(study, size, charge))
            .min()
            .orElse(Double.POSITIVE_INFINITY);
    return new TrialHistory(sizes, best);
  }

  /**
   * What counts: of each batch size the latest runs that the window holds, and none that is older
   * than as many of every batch size, so that a batch size that was left out long ago is tried
   * again.
   */
  private static NavigableMap<Integer, List<Trial>> recent(Study study) {
    int window = study.spec().window() == 0 ? Integer.MAX_VALUE : study.spec().window();
    long oldest = study.trialCount() - (long) window * study.spec().batchSizes().size();
    NavigableMap<Integer, List<Trial>> recent = new TreeMap<>();
    for (Trial trial : study.trials().reversed()) {
      if (trial.number() <= oldest) {
        break;
      }
      List<Trial> size = recent.computeIfAbsent(trial.batchSize(), b -> new ArrayList<>());
      if (!trial.isRunning() && !study.isUnmeasured(trial) && size.size() < window) {
        size.add(trial);
      }
    }
    recent.values().removeIf(List::isEmpty);
    return recent;
  }

  private static SizeHistory size(Study study, int batchSize, List<Trial> runs, double charge) {
    List<Trial> missed = runs.stream().filter(run -> !run.reached()).toList();
    return new SizeHistory(
        batchSize,
        runs.stream().filter(Trial::reached).map(run -> Math.log(run.epochs())).toList(),
        epochCost(study, batchSize, runs),
        missed.size() - count(missed, Status.FAILED),
        count(missed, Status.FAILED),
        missed.isEmpty() ? 0 : mean(study, missed, charge));
  }

  private static double epochCost(Study study, int batchSize, List<Trial> runs) {
    Optional<Double> measured = study.epochCost(batchSize);
    if (measured.isPresent()) {
      return measured.get();
    }
    double epochs = runs.stream().mapToInt(Trial::epochs).sum();
    return runs.stream().mapToDouble(study::cost).sum() / Math.max(1, epochs);
  }

  private static double meanOfReached(Study study, List<Trial> runs) {
    return runs.stream()
        .filter(Trial::reached)
        .mapToDouble(study::cost)
        .average()
        .orElse(Double.POSITIVE_INFINITY);
  }

  private static double mean(Study study, List<Trial> runs, double charge) {
    return runs.stream()
        .mapToDouble(run -> study.cost(run) + (run.reached() ? 0 : charge))
        .average()
        .orElseThrow();
  }

  private static int count(List<Trial> runs, Status status) {
    return (int) runs.stream().filter(run -> run.status() == status).count();
  }

  boolean isGivenUp(int batchSize) {
    return sizes.containsKey(batchSize) && sizes.get(batchSize).isGivenUp();
  }

  boolean hasReached(int batchSize) {
    return sizes.containsKey(batchSize) && sizes.get(batchSize).reached() > 0;
  }

  /** The batch sizes that have reached the target, rising. */
  List<SizeHistory> reached() {
    return sizes.values().stream().filter(size -> size.reached() > 0).toList();
  }

  /** The fewest epochs to the target: how coarse a whole number of epochs is. */
  double fewestEpochs() {
    return sizes.values().stream()
        .flatMap(size -> size.logEpochs().stream())
        .mapToDouble(Math::exp)
        .min()
        .orElse(1);
  }

  /**
   * What the runs that count say of one batch size.
   *
   * @param logEpochs for each run that reached the target, the logarithm of its epochs
   * @param epochCost what one epoch costs; 0 before a run trained
   * @param lost how many runs were stopped or trained all their epochs
   * @param failed how many ended before the study ended them
   * @param missCost what a run that missed the target costs on average, with the run of the
   *     cheapest batch size that has to follow
   */
  record SizeHistory(
      int batchSize,
      List<Double> logEpochs,
      double epochCost,
      int lost,
      int failed,
      double missCost) {
    /**
     * One failure may have any cause; two in a row are due to the batch size, such as no memory.
     */
    private static final int FAILURES = 2;

    int reached() {
      return logEpochs.size();
    }

    int missed() {
      return lost + failed;
    }

    int trials() {
      return reached() + missed();
    }

    /** Whether a run has trained. */
    boolean hasTrained() {
      return epochCost > 0;
    }

    /** Whether it is left out: it never reached the target, and was tried often enough. */
    boolean isGivenUp() {
      return reached() == 0 && (lost > 0 || failed >= FAILURES);
    }

    /**
     * The logarithm of the cost, when a run that reaches the target has one and a share misses it.
     */
    double withMisses(double logCost, double share) {
      return Math.log((1 - share) * Math.exp(logCost) + share * missCost);
    }
  }
}
