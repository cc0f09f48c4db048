package chase.zeus.batchsize;

import chase.zeus.batchsize.Trial.LimitPlan;
import chase.zeus.batchsize.Trial.TrialKind;
import chase.zeus.unit.Watts;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * One sweep outward from the owner's batch size, as long as a batch size beyond may well cost less
 * than the best; then Thompson sampling over those that reached the target. See {@link CostModel}.
 */
record ChaseSearch() implements BatchSizeSearch {
  /** The share of the model's spread that is drawn: jobs recur hundreds of times, not for ever. */
  static final double EXPLORATION_FACTOR = 0.5;

  /**
   * Below this share of its highest limit a GPU has spare capacity, and larger batches cost less.
   */
  private static final double FULL_LOAD = 0.5;

  @Override
  public Suggestion suggest(Study study) {
    TrialHistory history = TrialHistory.of(study);
    Set<Integer> busy =
        study.trials().stream()
            .filter(Trial::isRunning)
            .map(Trial::batchSize)
            .collect(Collectors.toSet());
    if (history.reached().isEmpty()) {
      return beforeTheFirstSuccess(study, history, busy);
    }
    CostModel model = new CostModel(study.spec(), history);
    boolean explores = false;
    boolean upFirst = load(study) < FULL_LOAD;
    for (boolean up : List.of(upFirst, !upFirst)) {
      if (model.isWorthTrying(up, study.trialCount())) {
        int next = model.next(up).orElseThrow();
        if (!busy.contains(next)) {
          return new Suggestion(
              next,
              TrialKind.EXPLORATION,
              "the next outward may well cost less than " + model.best());
        }
        explores = true;
      }
    }
    return sample(study, history, model, busy, explores);
  }

  /**
   * The owner's batch size; if that does not reach the target, its neighbours, the nearest first;
   * and when none does, the one that was tried least.
   */
  private static Suggestion beforeTheFirstSuccess(
      Study study, TrialHistory history, Set<Integer> busy) {
    int owners = study.spec().defaultBatchSize();
    if (!history.isGivenUp(owners)) {
      return busy.contains(owners)
          ? new Suggestion(owners, TrialKind.CONCURRENT, "nothing is known yet")
          : new Suggestion(owners, TrialKind.EXPLORATION, "the owner's batch size comes first");
    }
    List<Integer> all = study.spec().batchSizes();
    Optional<Integer> near =
        all.stream()
            .filter(size -> !history.isGivenUp(size) && !busy.contains(size))
            .min(
                Comparator.comparingInt(size -> Math.abs(all.indexOf(size) - all.indexOf(owners))));
    if (near.isPresent()) {
      return new Suggestion(
          near.get(), TrialKind.EXPLORATION, "none nearer to the owner's reached the target");
    }
    int least =
        all.stream().min(Comparator.comparingLong(size -> trials(study, size))).orElseThrow();
    return new Suggestion(least, TrialKind.CONCURRENT, "no batch size has reached the target");
  }

  private static long trials(Study study, int batchSize) {
    return study.trials().stream().filter(trial -> trial.batchSize() == batchSize).count();
  }

  private static Suggestion sample(
      Study study, TrialHistory history, CostModel model, Set<Integer> busy, boolean explores) {
    List<Integer> candidates = candidates(study, history, busy);
    double[] drawn =
        model.draw(candidates, new SplittableRandom(study.nextSeed()), EXPLORATION_FACTOR);
    int least = 0;
    for (int i = 1; i < drawn.length; i++) {
      least = drawn[i] < drawn[least] ? i : least;
    }
    int chosen = candidates.get(least);
    TrialKind kind =
        !history.hasReached(chosen)
            ? TrialKind.EXPLORATION
            : explores ? TrialKind.CONCURRENT : TrialKind.SAMPLED;
    return new Suggestion(
        chosen,
        kind,
        String.format(
            Locale.ROOT,
            "drew a cost of %.4g J, the least of %d candidates",
            Math.exp(drawn[least]),
            candidates.size()));
  }

  /** Those that reached the target, and those untried between them. */
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

  /** The share of its highest limit that the owner's batch size draws; 1 while it is unknown. */
  private static double load(Study study) {
    int owners = study.spec().defaultBatchSize();
    return study
        .profile(owners)
        .map(profile -> profile.points().getLast())
        .map(point -> point.power().value() / point.limit().value())
        .orElse(1.0);
  }

  /**
   * Neighbouring batch sizes have similar profiles, so a first trial measures only around the best
   * limit of the nearest one; a batch size that is tried again is a candidate, and the rest of its
   * limits is measured as well.
   */
  @Override
  public LimitPlan limits(Study study, int batchSize) {
    List<Watts> all = study.spec().limits();
    if (all.isEmpty()) {
      return new LimitPlan.Free();
    }
    Optional<Watts> best = study.bestLimit(batchSize);
    if (best.isEmpty()) {
      return new LimitPlan.Measure(
          bestOfNearest(study, batchSize).map(limit -> around(all, limit)).orElse(all));
    }
    List<Watts> measured =
        study.profile(batchSize).orElseThrow().points().stream().map(p -> p.limit()).toList();
    List<Watts> rest = all.stream().filter(limit -> !measured.contains(limit)).toList();
    return rest.isEmpty() ? new LimitPlan.Fixed(best.get()) : new LimitPlan.Measure(rest);
  }

  /** The best limit of the nearest batch size that has a profile. */
  private static Optional<Watts> bestOfNearest(Study study, int batchSize) {
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

  /**
   * Beta times a mean, not one lucky trial, so that a job whose cost grows is not stopped for ever.
   */
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
}
