package chase.zeus.batchsize;

import chase.zeus.batchsize.Explanation.Arm;
import chase.zeus.batchsize.Explanation.ArmStatus;
import chase.zeus.batchsize.Trial.TrialKind;
import chase.zeus.batchsize.ZeusHistory.Observation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * Zeus's algorithm (NSDI'23, sections 4.2 to 4.4) as its own simulator and server run it: rounds of
 * pruning, then Gaussian Thompson sampling that takes the population variance of an arm's own costs
 * for the known noise. It serves as the baseline of comparisons.
 */
record ZeusSearch() implements BatchSizeSearch {
  private static final double FIVE_PERCENT = 1.645; // of a normal distribution, on either side

  @Override
  public BatchSizeSearch.Suggestion suggest(Study study) {
    ZeusHistory history = ZeusHistory.of(study);
    Pruning pruning = Pruning.of(study.spec(), history);
    if (pruning.next().isPresent()) {
      return isExploring(study)
          ? new BatchSizeSearch.Suggestion(
              best(study, history), TrialKind.CONCURRENT, "another trial explores")
          : new BatchSizeSearch.Suggestion(
              pruning.next().get(), TrialKind.EXPLORATION, "next in Zeus's pruning");
    }
    return pruning.survivors().isEmpty()
        ? new BatchSizeSearch.Suggestion(
            best(study, history), TrialKind.CONCURRENT, "no batch size reached the target")
        : sample(study, history, pruning.survivors());
  }

  private static boolean isExploring(Study study) {
    return study.trials().stream()
        .anyMatch(trial -> trial.isRunning() && trial.kind() == TrialKind.EXPLORATION);
  }

  private static int best(Study study, ZeusHistory history) {
    return history.cheapestBatchSize() > 0
        ? history.cheapestBatchSize()
        : study.spec().defaultBatchSize();
  }

  private static BatchSizeSearch.Suggestion sample(
      Study study, ZeusHistory history, List<Integer> survivors) {
    Random random = new Random(study.nextSeed());
    List<Integer> shuffled = new ArrayList<>(survivors);
    Collections.shuffle(shuffled, random);
    int fewest = Math.max(1, study.spec().zeus().explorations());
    for (int batchSize : shuffled) {
      if (history.costs(batchSize, study.spec().window()).size() < fewest) {
        return new BatchSizeSearch.Suggestion(
            batchSize, TrialKind.SAMPLED, "fewer trials than " + fewest);
      }
    }
    int best = survivors.getFirst();
    double least = Double.POSITIVE_INFINITY;
    for (int batchSize : survivors) {
      Posterior posterior = posterior(study, history, batchSize);
      double cost = posterior.mean() + posterior.deviation() * random.nextGaussian();
      if (cost < least) {
        least = cost;
        best = batchSize;
      }
    }
    return new BatchSizeSearch.Suggestion(
        best, TrialKind.SAMPLED, String.format(Locale.ROOT, "sampled mean cost %.4g", least));
  }

  private static Posterior posterior(Study study, ZeusHistory history, int batchSize) {
    return Posterior.of(history.costs(batchSize, study.spec().window()), study.spec().zeus());
  }

  @Override
  public Trial.LimitPlan limits(Study study, int batchSize) {
    if (study.spec().limits().isEmpty()) {
      return new Trial.LimitPlan.Free();
    }
    return study
        .bestLimit(batchSize)
        .<Trial.LimitPlan>map(Trial.LimitPlan.Fixed::new)
        .orElseGet(() -> new Trial.LimitPlan.Measure(study.spec().limits()));
  }

  @Override
  public double costUpperBound(Study study, int batchSize) {
    double beta = study.spec().beta().orElse(Double.POSITIVE_INFINITY);
    return beta * ZeusHistory.of(study).cheapest();
  }

  /**
   * As Zeus's simulator, which knows what an epoch will cost; its server only knows what one did.
   */
  @Override
  public boolean stopsEarly(Study study, int batchSize) {
    return study.profile(batchSize).isPresent();
  }

  @Override
  public Explanation explain(Study study) {
    ZeusHistory history = ZeusHistory.of(study);
    Pruning pruning = Pruning.of(study.spec(), history);
    boolean prunes = pruning.next().isPresent();
    return new Explanation(
        prunes ? "Zeus's pruning exploration" : "Zeus's Gaussian Thompson sampling",
        study.spec().batchSizes().stream()
            .map(batchSize ->
                arm(study, history, batchSize, pruning.survivors().contains(batchSize)))
            .toList(),
        Double.isInfinite(history.cheapest()) ? Optional.empty() : Optional.of(history.cheapest()));
  }

  private static Arm arm(Study study, ZeusHistory history, int batchSize, boolean candidate) {
    List<Double> costs = history.costs(batchSize, study.spec().window());
    Optional<Posterior> posterior =
        costs.isEmpty() ? Optional.empty() : Optional.of(posterior(study, history, batchSize));
    long reached =
        history.runs().stream()
            .filter(run -> run.trial().batchSize() == batchSize && run.trial().reached())
            .count();
    ArmStatus status =
        !candidate ? ArmStatus.PRUNED : costs.isEmpty() ? ArmStatus.UNTRIED : ArmStatus.CANDIDATE;
    return new Arm(
        batchSize,
        status,
        costs.size(),
        (int) reached,
        posterior.map(Posterior::mean),
        posterior.map(b -> b.mean() - FIVE_PERCENT * b.deviation()),
        posterior.map(b -> b.mean() + FIVE_PERCENT * b.deviation()),
        study.bestLimit(batchSize),
        candidate ? "" : "did not reach the target");
  }

  /**
   * A normal posterior of a mean.
   *
   * @param deviation its standard deviation; 0 when all costs were equal
   */
  private record Posterior(double mean, double deviation) {
    static Posterior of(List<Double> costs, StudySpec.ZeusOptions options) {
      double mean = costs.stream().mapToDouble(cost -> cost).average().orElseThrow();
      double variance =
          costs.stream().mapToDouble(cost -> (cost - mean) * (cost - mean)).average().orElseThrow();
      if (variance == 0 || options.priorPrecision() == 0) {
        return new Posterior(mean, Math.sqrt(variance / costs.size()));
      }
      double known = costs.size() / variance;
      double precision = options.priorPrecision() + known;
      double prior = -options.priorMean(); // of rewards, which are costs below zero
      return new Posterior(
          (options.priorPrecision() * prior + known * mean) / precision, 1 / Math.sqrt(precision));
    }
  }

  /**
   * Zeus's pruning exploration: round by round from the default downwards, then upwards, each
   * direction until a batch size does not reach the target; later rounds take those that did, from
   * the cheapest.
   *
   * @param next the batch size to explore now; empty when the exploration is over
   * @param survivors those that reached the target in the round before, rising
   */
  record Pruning(Optional<Integer> next, List<Integer> survivors) {

    static Pruning of(StudySpec spec, ZeusHistory history) {
      Map<Integer, List<Observation>> explored =
          history.runs().stream()
              .filter(run -> run.trial().kind() == Trial.TrialKind.EXPLORATION)
              .collect(Collectors.groupingBy(run -> run.trial().batchSize()));
      List<Integer> batchSizes = spec.batchSizes();
      int start = spec.defaultBatchSize();
      for (int round = 0; round < spec.zeus().rounds(); round++) {
        List<Observation> good = new ArrayList<>();
        for (List<Integer> direction : directions(batchSizes, start)) {
          for (int batchSize : direction) {
            List<Observation> runs = explored.getOrDefault(batchSize, List.of());
            if (runs.size() <= round) {
              return new Pruning(Optional.of(batchSize), batchSizes);
            }
            Observation seen = runs.get(round);
            if (!seen.trial().reached()) {
              break;
            }
            good.add(seen);
          }
        }
        if (good.isEmpty()) {
          return new Pruning(Optional.empty(), List.of());
        }
        start =
            good.stream()
                .min(Comparator.comparingDouble(Observation::cost))
                .orElseThrow()
                .trial()
                .batchSize();
        batchSizes = good.stream().map(run -> run.trial().batchSize()).sorted().toList();
      }
      return new Pruning(Optional.empty(), batchSizes);
    }

    private static List<List<Integer>> directions(List<Integer> batchSizes, int start) {
      int middle = batchSizes.indexOf(start) + 1;
      return List.of(
          batchSizes.subList(0, middle).reversed(), batchSizes.subList(middle, batchSizes.size()));
    }
  }
}
