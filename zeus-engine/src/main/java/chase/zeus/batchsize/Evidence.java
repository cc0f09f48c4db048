package chase.zeus.batchsize;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeMap;

/** What ended runs say, per batch size, in logarithms of cost. */
record Evidence(
    Map<Integer, List<Double>> costs, Map<Integer, Integer> reachedCount, double cheapest) {
  private static final double PRIOR_RUNS = 1.5;
  private static final double PRIOR_NOISE = 0.05;

  static Evidence of(Study study) {
    double cheapest = Double.POSITIVE_INFINITY;
    for (Trial trial : study.trials()) {
      if (trial.reached()) {
        cheapest = Math.min(cheapest, study.cost(trial));
      }
    }
    Map<Integer, List<Double>> costs = new TreeMap<>();
    Map<Integer, Integer> reached = new TreeMap<>();
    for (Trial trial : study.trials()) {
      if (trial.isRunning()) {
        continue;
      }
      double cost =
          study.cost(trial) + (trial.reached() || Double.isInfinite(cheapest) ? 0 : cheapest);
      if (cost > 0) {
        costs.computeIfAbsent(trial.batchSize(), b -> new ArrayList<>()).add(Math.log(cost));
      }
      reached.merge(trial.batchSize(), trial.reached() ? 1 : 0, Integer::sum);
    }
    return new Evidence(costs, reached, cheapest);
  }

  List<Integer> reachedBatchSizes() {
    return costs.keySet().stream().filter(b -> reached(b) > 0).toList();
  }

  int trials(int batchSize) {
    return costs.getOrDefault(batchSize, List.of()).size();
  }

  int reached(int batchSize) {
    return reachedCount.getOrDefault(batchSize, 0);
  }

  OptionalInt best() {
    int best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int batchSize : reachedBatchSizes()) {
      double mean = mean(batchSize).orElseThrow();
      if (mean < least) {
        least = mean;
        best = batchSize;
      }
    }
    return best == 0 ? OptionalInt.empty() : OptionalInt.of(best);
  }

  OptionalDouble mean(int batchSize) {
    return costs.getOrDefault(batchSize, List.of()).stream().mapToDouble(Math::exp).average();
  }

  private double logMean(int batchSize) {
    return costs.getOrDefault(batchSize, List.of()).stream()
        .mapToDouble(c -> c)
        .average()
        .orElseThrow();
  }

  double drawNoise(Random random) {
    double shape = PRIOR_RUNS;
    double scale = PRIOR_RUNS * PRIOR_NOISE * PRIOR_NOISE;
    for (Map.Entry<Integer, List<Double>> arm : costs.entrySet()) {
      double mean = logMean(arm.getKey());
      shape += (arm.getValue().size() - 1) / 2.0;
      for (double cost : arm.getValue()) {
        scale += (cost - mean) * (cost - mean) / 2;
      }
    }
    return Math.sqrt(scale / gamma(shape, random));
  }

  double drawMean(int batchSize, double noise, Random random) {
    return logMean(batchSize) + noise / Math.sqrt(trials(batchSize)) * random.nextGaussian();
  }

  /** Marsaglia and Tsang (2000), for shapes of 1 and more. */
  private static double gamma(double shape, Random random) {
    double d = shape - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double x = random.nextGaussian();
      double v = Math.pow(1 + c * x, 3);
      if (v > 0 && Math.log(random.nextDouble()) < 0.5 * x * x + d - d * v + d * Math.log(v)) {
        return d * v;
      }
    }
  }
}
