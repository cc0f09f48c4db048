package chase.zeus.batchsize;

import java.util.ArrayList;
import java.util.List;

/**
 * The runs that have ended, as Zeus's optimiser counts them: one that failed, or was not measured,
 * is left out.
 *
 * @param runs in the order in which they were started
 * @param cheapest the least cost of a run that reached the target, in a replay with the failed runs
 *     before it; infinite before one did
 * @param cheapestBatchSize the batch size of that run; 0 before one reached the target
 */
record ZeusHistory(List<Observation> runs, double cheapest, int cheapestBatchSize) {
  /** What Zeus charges a run that was not started, in cost upper bounds. */
  private static final double DECLINED = 100;

  /**
   * One run.
   *
   * @param cost what it is charged
   */
  record Observation(Trial trial, double cost) {}

  static ZeusHistory of(Study study) {
    double beta = study.spec().beta().orElse(Double.POSITIVE_INFINITY);
    List<Observation> runs = new ArrayList<>();
    double cheapest = Double.POSITIVE_INFINITY;
    int best = 0;
    double recurrence = 0;
    for (Trial trial : study.trials()) {
      if (trial.isRunning() || trial.status() == Trial.Status.FAILED || study.isUnmeasured(trial)) {
        continue;
      }
      double cost = study.cost(trial);
      // Zeus's simulator charges a run with the failed ones before it; its server, which serves
      // runs from anywhere and with limits of their own, does not.
      recurrence = study.spec().limits().isEmpty() ? cost : recurrence + cost;
      boolean declined = trial.status() == Trial.Status.DECLINED;
      runs.add(new Observation(trial, declined ? DECLINED * beta * cheapest : cost));
      if (trial.reached()) {
        if (recurrence < cheapest) {
          cheapest = recurrence;
          best = trial.batchSize();
        }
        recurrence = 0;
      }
    }
    return new ZeusHistory(List.copyOf(runs), cheapest, best);
  }

  /** What the latest {@code window} runs of a batch size were charged; all of them for 0. */
  List<Double> costs(int batchSize, int window) {
    List<Double> costs =
        runs.stream()
            .filter(run -> run.trial().batchSize() == batchSize)
            .map(Observation::cost)
            .toList();
    return window > 0 && costs.size() > window
        ? costs.subList(costs.size() - window, costs.size())
        : costs;
  }
}
