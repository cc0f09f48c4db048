package chase.zeus.batchsize;

import chase.zeus.batchsize.Explanation.Arm;
import chase.zeus.batchsize.Explanation.Standing;
import chase.zeus.batchsize.Trial.Kind;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;

/** One sweep outward, then Thompson sampling with unknown noise over what is left. */
record ChaseSampling() implements BatchSizePolicy {
  @Override
  public Choice choose(Study study) {
    Evidence evidence = Evidence.of(study);
    Sweep sweep = Sweep.of(study, evidence);
    if (sweep.next().isPresent()) {
      return new Choice(sweep.next().getAsInt(), Kind.EXPLORATION, "next outward");
    }
    if (sweep.waits()) {
      return new Choice(best(study, evidence), Kind.CONCURRENT, "other runs explore");
    }
    Random random = new Random(Chance.seed(study));
    double noise = evidence.drawNoise(random);
    int chosen = best(study, evidence);
    double least = Double.POSITIVE_INFINITY;
    for (int batchSize : evidence.reachedBatchSizes()) {
      double sampled = evidence.drawMean(batchSize, noise, random);
      if (sampled < least) {
        least = sampled;
        chosen = batchSize;
      }
    }
    return new Choice(chosen, Kind.SAMPLED, "sampled mean cost %.4g".formatted(Math.exp(least)));
  }

  private static int best(Study study, Evidence evidence) {
    return evidence.best().orElse(study.spec().defaultBatchSize());
  }

  @Override
  public LimitPlan limits(Study study, int batchSize) {
    return new ZeusSampling().limits(study, batchSize);
  }

  @Override
  public double allowance(Study study, int batchSize) {
    double beta = study.spec().beta().orElse(Double.POSITIVE_INFINITY);
    return beta * Evidence.of(study).cheapest();
  }

  @Override
  public Explanation explain(Study study) {
    Evidence evidence = Evidence.of(study);
    Sweep sweep = Sweep.of(study, evidence);
    List<Arm> arms = study.spec().batchSizes().stream().map(b -> arm(study, evidence, b)).toList();
    OptionalDouble cheapest =
        Double.isInfinite(evidence.cheapest())
            ? OptionalDouble.empty()
            : OptionalDouble.of(evidence.cheapest());
    return new Explanation(
        sweep.next().isPresent() || sweep.waits() ? "exploring outward" : "Thompson sampling",
        arms,
        cheapest);
  }

  private static Arm arm(Study study, Evidence evidence, int batchSize) {
    int trials = evidence.trials(batchSize);
    int reached = evidence.reached(batchSize);
    OptionalDouble mean = evidence.mean(batchSize);
    return new Arm(
        batchSize,
        trials == 0 ? Standing.UNTRIED : reached == 0 ? Standing.PRUNED : Standing.CANDIDATE,
        trials,
        reached,
        mean,
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        study.profile(batchSize).map(profile -> study.spec().cost().cheapest(profile).limit()),
        "");
  }

  /** The sweep: what is to be explored, or whether runs that explore are awaited. */
  private record Sweep(OptionalInt next, boolean waits) {
    private static final int PATIENCE = 2;

    static Sweep of(Study study, Evidence evidence) {
      int start = study.spec().defaultBatchSize();
      if (evidence.trials(start) == 0) {
        return runs(study, start) ? new Sweep(OptionalInt.empty(), true) : explore(start);
      }
      List<Integer> all = study.spec().batchSizes();
      int middle = all.indexOf(start);
      Sweep up = along(study, evidence, all.subList(middle + 1, all.size()), start);
      Sweep down = along(study, evidence, all.subList(0, middle).reversed(), start);
      if (up.next.isPresent()) {
        return up;
      }
      return down.next.isPresent() ? down : new Sweep(OptionalInt.empty(), up.waits || down.waits);
    }

    private static Sweep explore(int batchSize) {
      return new Sweep(OptionalInt.of(batchSize), false);
    }

    private static Sweep along(Study study, Evidence evidence, List<Integer> way, int start) {
      double least = evidence.mean(start).orElse(Double.POSITIVE_INFINITY);
      int misses = 0;
      for (int batchSize : way) {
        if (evidence.trials(batchSize) == 0) {
          return runs(study, batchSize) ? new Sweep(OptionalInt.empty(), true) : explore(batchSize);
        }
        if (evidence.reached(batchSize) == 0) {
          break;
        }
        double cost = evidence.mean(batchSize).orElseThrow();
        misses = cost < least ? 0 : misses + 1;
        least = Math.min(least, cost);
        if (misses == PATIENCE) {
          break;
        }
      }
      return new Sweep(OptionalInt.empty(), false);
    }

    private static boolean runs(Study study, int batchSize) {
      return study.trials().stream()
          .anyMatch(trial -> trial.isRunning() && trial.batchSize() == batchSize);
    }
  }
}
