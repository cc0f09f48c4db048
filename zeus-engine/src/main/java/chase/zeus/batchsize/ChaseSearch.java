package chase.zeus.batchsize;

import chase.zeus.batchsize.Trial.Kind;
import chase.zeus.unit.Watts;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * One sweep outward, as long as a batch size beyond may well cost less than the best; then Thompson
 * sampling over what reached the target. See {@link CostModel}.
 */
record ChaseSearch() implements BatchSizeSearch {
  /** The share of the belief's spread that is drawn: jobs recur hundreds of times, not for ever. */
  static final double EXPLORATION_FACTOR = 0.5;

  /** Below this share of its highest limit a GPU is not filled, and larger batches cost less. */
  private static final double FULL_LOAD = 0.5;

  @Override
  public BatchSizeSearch.Suggestion suggest(Study study) {
    TrialHistory history = TrialHistory.of(study);
    Set<Integer> busy =
        study.trials().stream()
            .filter(Trial::isRunning)
            .map(Trial::batchSize)
            .collect(Collectors.toSet());
    if (history.reached().isEmpty()) {
      return FirstTries.choose(study, history, busy);
    }
    CostModel belief = new CostModel(study.spec(), history);
    boolean explores = false;
    boolean upFirst = load(study) < FULL_LOAD;
    for (boolean up : List.of(upFirst, !upFirst)) {
      if (belief.isWorthTrying(up, study.trialCount())) {
        int next = belief.next(up).orElseThrow();
        if (!busy.contains(next)) {
          return new BatchSizeSearch.Suggestion(
              next, Kind.EXPLORATION, "the next outward may well cost less than " + belief.best());
        }
        explores = true;
      }
    }
    return sample(study, history, belief, busy, explores);
  }

  private static BatchSizeSearch.Suggestion sample(
      Study study, TrialHistory history, CostModel belief, Set<Integer> busy, boolean explores) {
    List<Integer> candidates = candidates(study, history, busy);
    double[] drawn =
        belief.draw(candidates, new SplittableRandom(Seeds.seed(study)), EXPLORATION_FACTOR);
    int least = 0;
    for (int i = 1; i < drawn.length; i++) {
      least = drawn[i] < drawn[least] ? i : least;
    }
    int chosen = candidates.get(least);
    Kind kind =
        !history.hasReached(chosen) ? Kind.EXPLORATION : explores ? Kind.CONCURRENT : Kind.SAMPLED;
    return new BatchSizeSearch.Suggestion(
        chosen,
        kind,
        String.format(
            Locale.ROOT,
            "drew a cost of %.4g J, the least of %d candidates",
            Math.exp(drawn[least]),
            candidates.size()));
  }

  /** What reached the target, and what is untried between. */
  static List<Integer> candidates(Study study, TrialHistory history, Set<Integer> busy) {
    int lowest = history.sizes().firstKey();
    int highest = history.sizes().lastKey();
    return study.spec().batchSizes().stream()
        .filter(size -> size >= lowest && size <= highest)
        .filter(size ->
            history.hasReached(size)
                || (!history.sizes().containsKey(size) && !busy.contains(size)))
        .toList();
  }

  /** How much of its highest limit the owner's batch size draws; 1 when nobody knows. */
  private static double load(Study study) {
    int owners = study.spec().defaultBatchSize();
    return study
        .profile(owners)
        .map(profile -> profile.points().getLast())
        .map(point -> point.power().value() / point.limit().value())
        .orElse(1.0);
  }

  @Override
  public Trial.LimitPlan limits(Study study, int batchSize) {
    return LimitPlanner.of(study, batchSize);
  }

  /** Of the mean, not of a lucky run, so that a job whose cost grows does not stop for ever. */
  @Override
  public double costUpperBound(Study study, int batchSize) {
    double beta = study.spec().beta().orElse(Double.POSITIVE_INFINITY);
    return beta * TrialHistory.of(study).best();
  }

  @Override
  public boolean stopsEarly(Study study, int batchSize) {
    return true;
  }

  @Override
  public Explanation explain(Study study) {
    return ChaseExplanation.of(study);
  }

  /**
   * Which limits a run measures. Neighbouring batch sizes have similar profiles, so a first run
   * looks around the best limit of the nearest one only; a batch size that is tried again is a
   * candidate, and the rest is measured as well.
   */
  static final class LimitPlanner {
    private LimitPlanner() {}

    static Trial.LimitPlan of(Study study, int batchSize) {
      List<Watts> all = study.spec().limits();
      if (all.isEmpty()) {
        return new Trial.LimitPlan.Free();
      }
      Optional<Watts> best = study.bestLimit(batchSize);
      if (best.isEmpty()) {
        return new Trial.LimitPlan.Measure(
            nearest(study, batchSize).map(limit -> around(all, limit)).orElse(all));
      }
      List<Watts> measured =
          study.profile(batchSize).orElseThrow().points().stream().map(p -> p.limit()).toList();
      List<Watts> rest = all.stream().filter(limit -> !measured.contains(limit)).toList();
      return rest.isEmpty()
          ? new Trial.LimitPlan.Fixed(best.get())
          : new Trial.LimitPlan.Measure(rest);
    }

    /** The best limit of the nearest batch size that has a profile. */
    private static Optional<Watts> nearest(Study study, int batchSize) {
      Optional<Watts> nearest = Optional.empty();
      double least = Double.POSITIVE_INFINITY;
      for (int other : study.spec().batchSizes()) {
        double distance = Math.abs(Math.log((double) other / batchSize));
        Optional<Watts> best = study.bestLimit(other);
        if (best.isPresent() && distance < least) {
          least = distance;
          nearest = best;
        }
      }
      return nearest;
    }

    private static List<Watts> around(List<Watts> all, Watts limit) {
      int index = all.indexOf(limit);
      return index < 0 ? all : all.subList(Math.max(0, index - 1), Math.min(all.size(), index + 2));
    }
  }
}
