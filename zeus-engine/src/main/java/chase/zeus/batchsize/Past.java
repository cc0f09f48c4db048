package chase.zeus.batchsize;

import java.util.ArrayList;
import java.util.List;

/**
 * The runs that have ended, as Zeus's optimiser counts them.
 *
 * @param runs in the order in which they were dispatched
 * @param cheapest the least cost of a recurrence, its failed tries included; infinite before one
 *     reached the target
 * @param cheapestBatchSize the one that reached the target then; 0 before
 */
record Past(List<Observation> runs, double cheapest, int cheapestBatchSize) {
  /** What Zeus charges a run that was not started, in allowances. */
  private static final double DECLINED = 100;

  /**
   * One run.
   *
   * @param cost what it is charged
   */
  record Observation(Trial trial, double cost) {}

  static Past of(Study study) {
    double beta = study.spec().beta().orElse(Double.POSITIVE_INFINITY);
    List<Observation> runs = new ArrayList<>();
    double cheapest = Double.POSITIVE_INFINITY;
    int best = 0;
    double recurrence = 0;
    for (Trial trial : study.trials()) {
      if (trial.isRunning()) {
        continue;
      }
      double cost = study.cost(trial);
      recurrence += cost;
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
    return new Past(List.copyOf(runs), cheapest, best);
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
