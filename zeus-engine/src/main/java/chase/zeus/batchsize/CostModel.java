package chase.zeus.batchsize;

import chase.zeus.batchsize.EpochModel.ExpectedImprovement;
import chase.zeus.batchsize.EpochModel.Runs;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Predicts what a run costs at each batch size: the epochs that it needs, which vary from run to
 * run, times the cost of an epoch, which hardly does. Costs here are logarithms of joules.
 */
final class CostModel {
  /** How much runs of one job are assumed to differ before any has ended: 5 %, ... */
  private static final double NOISE = 0.05;

  /** ... and half an epoch, since runs end after whole ones. */
  private static final double COARSENESS = 0.5;

  /** How the cost of an epoch is assumed to change in an octave where only one is known, ... */
  private static final double SLOPE = -0.3;

  /** ... and how uncertain that is. Throughput rises with the batch size, at most in proportion. */
  private static final double SLOPE_DEVIATION = 0.4;

  /** What Jeffreys's prior adds to either side of a share. */
  private static final double JEFFREYS = 0.5;

  private static final double STEEPEST = -1;
  private static final double FLATTEST = 0.1;

  /**
   * How uncertain a line through the last two is, in an octave, and how much single ones differ.
   */
  private static final double LINE_DEVIATION = 0.15;

  private static final double POINT_DEVIATION = 0.03;

  /** How far beyond the next batch size a better one may lie for the next to be tried. */
  private static final double OCTAVES_AHEAD = 1;

  /** Within how many recurrences a trial must pay off at first. */
  private static final int HORIZON = 20;

  private final StudySpec spec;
  private final TrialHistory history;
  private final NavigableMap<Integer, Double> epochCosts = new TreeMap<>();
  private final EpochModel epochs;

  /** The model after {@code history}, in which at least one run has reached the target. */
  CostModel(StudySpec spec, TrialHistory history) {
    this.spec = spec;
    this.history = history;
    for (TrialHistory.SizeHistory size : history.sizes().values()) {
      if (size.hasTrained()) {
        epochCosts.put(size.batchSize(), Math.log(size.epochCost()));
      }
    }
    this.epochs =
        new EpochModel(
            history.reached().stream()
                .map(size -> new Runs(octaves(size.batchSize()), size.logEpochs()))
                .toList(),
            Math.hypot(NOISE, COARSENESS / history.fewestEpochs()));
  }

  /** The batch size with the least predicted cost, of those that reached the target. */
  int best() {
    return history.reached().stream()
        .min(Comparator.comparingDouble(size -> mean(size.batchSize())))
        .orElseThrow()
        .batchSize();
  }

  /** The predicted cost. */
  double mean(int batchSize) {
    double cost = epochs.mean(octaves(batchSize)) + epochCost(batchSize);
    TrialHistory.SizeHistory size = history.sizes().get(batchSize);
    return size == null || size.missed() == 0
        ? cost
        : size.withMisses(cost, (size.missed() + JEFFREYS) / (size.trials() + 2 * JEFFREYS));
  }

  /** One draw of what all these batch sizes cost. */
  double[] draw(List<Integer> batchSizes, RandomGenerator random, double factor) {
    double[] drawn =
        epochs.draw(batchSizes.stream().mapToDouble(this::octaves).toArray(), random, factor);
    for (int i = 0; i < drawn.length; i++) {
      int batchSize = batchSizes.get(i);
      double deviation = Math.sqrt(variance(batchSize));
      drawn[i] += epochCost(batchSize) + factor * deviation * random.nextGaussian();
      TrialHistory.SizeHistory size = history.sizes().get(batchSize);
      if (size != null && size.missed() > 0) {
        drawn[i] = size.withMisses(drawn[i], drawMisses(size, random));
      }
    }
    return drawn;
  }

  /**
   * One draw of the share of runs that miss the target, from the beta distribution that follows
   * from Jeffreys's prior and the runs so far. It is made of two gamma variates with half-integer
   * shapes, which are sums of squared normal numbers.
   */
  private static double drawMisses(TrialHistory.SizeHistory size, RandomGenerator random) {
    double misses = squares(2 * size.missed() + 1, random);
    return misses / (misses + squares(2 * size.reached() + 1, random));
  }

  private static double squares(int count, RandomGenerator random) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      double normal = random.nextGaussian();
      sum += normal * normal;
    }
    return sum;
  }

  /** The next batch size outward, unless the last was given up or there is none. */
  Optional<Integer> next(boolean up) {
    List<Integer> all = spec.batchSizes();
    int index = all.indexOf(outermost(up)) + (up ? 1 : -1);
    boolean ends = history.isGivenUp(outermost(up)) || index < 0 || index == all.size();
    return ends ? Optional.empty() : Optional.of(all.get(index));
  }

  /**
   * Whether the next batch size outward is worth a trial, for its own sake or for one not far
   * beyond: whether its expected gain, over as many recurrences as there were, exceeds its expected
   * loss in one.
   */
  boolean isWorthTrying(boolean up, int recurrences) {
    Optional<Integer> next = next(up);
    if (next.isEmpty()) {
      return false;
    }
    int best = best();
    List<Integer> all = spec.batchSizes();
    for (int i = all.indexOf(next.get()); i >= 0 && i < all.size(); i += up ? 1 : -1) {
      int candidate = all.get(i);
      double ahead = Math.abs(octaves(candidate) - octaves(outermost(up)));
      if (candidate != next.get() && ahead > OCTAVES_AHEAD) {
        break;
      }
      ExpectedImprovement improvement =
          epochs.expectedImprovement(
              octaves(candidate),
              epochCost(candidate),
              octaves(best),
              epochCost(best),
              variance(candidate));
      if (improvement.gain() * Math.max(HORIZON, recurrences) > improvement.loss()) {
        return true;
      }
    }
    return false;
  }

  private int outermost(boolean up) {
    int outermost = spec.defaultBatchSize();
    for (TrialHistory.SizeHistory size : history.sizes().values()) {
      if (size.reached() > 0 || size.isGivenUp()) {
        outermost =
            up ? Math.max(outermost, size.batchSize()) : Math.min(outermost, size.batchSize());
      }
    }
    return outermost;
  }

  private double octaves(int batchSize) {
    return Math.log((double) batchSize / spec.defaultBatchSize()) / Math.log(2);
  }

  /** The cost of an epoch: measured, interpolated, or extrapolated from the last two. */
  private double epochCost(int batchSize) {
    Integer below = epochCosts.floorKey(batchSize);
    Integer above = epochCosts.ceilingKey(batchSize);
    if (below != null && above != null) {
      double gap = octaves(above) - octaves(below);
      double share = gap == 0 ? 0 : (octaves(batchSize) - octaves(below)) / gap;
      return costAt(below) + share * (costAt(above) - costAt(below));
    }
    int last = nearest(batchSize);
    Integer inner = below != null ? epochCosts.lowerKey(last) : epochCosts.higherKey(last);
    double slope =
        inner == null ? SLOPE : (costAt(last) - costAt(inner)) / (octaves(last) - octaves(inner));
    double possible = Math.clamp(slope, STEEPEST, FLATTEST);
    return costAt(last) + possible * (octaves(batchSize) - octaves(last));
  }

  private double variance(int batchSize) {
    if (epochCosts.containsKey(batchSize)) {
      return 0;
    }
    double away = octaves(batchSize) - octaves(nearest(batchSize));
    double deviation = epochCosts.size() == 1 ? SLOPE_DEVIATION : LINE_DEVIATION;
    return POINT_DEVIATION * POINT_DEVIATION + deviation * deviation * away * away;
  }

  private int nearest(int batchSize) {
    Integer below = epochCosts.floorKey(batchSize);
    Integer above = epochCosts.ceilingKey(batchSize);
    if (below == null || above == null) {
      return below == null ? epochCosts.firstKey() : below;
    }
    return octaves(batchSize) - octaves(below) <= octaves(above) - octaves(batchSize)
        ? below
        : above;
  }

  private double costAt(int batchSize) {
    return epochCosts.getOrDefault(batchSize, 0.0);
  }
}
