package chase.zeus.batchsize;

import chase.zeus.batchsize.EpochModel.ExpectedImprovement;
import chase.zeus.batchsize.EpochModel.Place;
import chase.zeus.batchsize.EpochModel.Runs;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * What a run is believed to cost at each batch size: the epochs that it needs, which vary from run
 * to run, times what an epoch costs, which hardly does. Costs here are logarithms.
 */
final class CostModel {
  /** How much runs of one job are guessed to differ before they are seen to: 5 %, ... */
  private static final double NOISE = 0.05;

  /** ... and half an epoch, since runs end after whole ones. */
  private static final double COARSENESS = 0.5;

  /** How the cost of an epoch is guessed to change in an octave where only one is known, ... */
  private static final double SLOPE = -0.3;

  /** ... and how unsure that is. Throughput rises with the batch size, at most in proportion. */
  private static final double UNSURE_SLOPE = 0.4;

  /** What Jeffreys's prior adds to either side of a share. */
  private static final double JEFFREYS = 0.5;

  private static final double STEEPEST = -1;
  private static final double FLATTEST = 0.1;

  /** How unsure a line through the last two is, in an octave, and how much single ones differ. */
  private static final double UNSURE_LINE = 0.15;

  private static final double UNSURE_POINT = 0.03;

  /** How far outward a batch size may speak for going on. */
  private static final double OCTAVES_AHEAD = 1;

  /** How many recurrences a try may pay off in at first. */
  private static final int HORIZON = 20;

  private final StudySpec spec;
  private final TrialHistory history;
  private final NavigableMap<Integer, Double> epochCosts = new TreeMap<>();
  private final EpochModel curve;

  /** The belief that {@code history} leaves; at least one run must have reached the target. */
  CostModel(StudySpec spec, TrialHistory history) {
    this.spec = spec;
    this.history = history;
    for (TrialHistory.SizeHistory size : history.sizes().values()) {
      if (size.hasTrained()) {
        epochCosts.put(size.batchSize(), Math.log(size.epochCost()));
      }
    }
    this.curve =
        new EpochModel(
            history.reached().stream()
                .map(size -> new Runs(octaves(size.batchSize()), size.logEpochs()))
                .toList(),
            Math.hypot(NOISE, COARSENESS / history.fewestEpochs()));
  }

  /** The batch size that is believed to cost least, of those that reached the target. */
  int best() {
    return history.reached().stream()
        .min(Comparator.comparingDouble(size -> mean(size.batchSize())))
        .orElseThrow()
        .batchSize();
  }

  /** The believed cost. */
  double mean(int batchSize) {
    double cost = curve.mean(place(batchSize)) + epochCost(batchSize);
    TrialHistory.SizeHistory size = history.sizes().get(batchSize);
    return size == null || size.missed() == 0
        ? cost
        : size.withMisses(cost, (size.missed() + JEFFREYS) / (size.trials() + 2 * JEFFREYS));
  }

  /** One draw of what all these batch sizes cost. */
  double[] draw(List<Integer> batchSizes, RandomGenerator random, double boldness) {
    double[] drawn = curve.draw(batchSizes.stream().map(this::place).toList(), random, boldness);
    for (int i = 0; i < drawn.length; i++) {
      int batchSize = batchSizes.get(i);
      double unsure = Math.sqrt(variance(batchSize));
      drawn[i] += epochCost(batchSize) + boldness * unsure * random.nextGaussian();
      TrialHistory.SizeHistory size = history.sizes().get(batchSize);
      if (size != null && size.missed() > 0) {
        drawn[i] = size.withMisses(drawn[i], drawMisses(size, random));
      }
    }
    return drawn;
  }

  /**
   * One draw of how often a batch size misses the target: of the beta distribution that Jeffreys's
   * prior and its runs make. Its halves are gamma distributions of whole halves, which sums of
   * squared normal numbers have.
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
  OptionalInt next(boolean up) {
    List<Integer> all = spec.batchSizes();
    int index = all.indexOf(outermost(up)) + (up ? 1 : -1);
    boolean ends = history.isGivenUp(outermost(up)) || index < 0 || index == all.size();
    return ends ? OptionalInt.empty() : OptionalInt.of(all.get(index));
  }

  /**
   * Whether the next batch size outward is worth a try, for its own sake or for one not far beyond:
   * whether what it may save in as many recurrences as there were is more than what it may cost
   * once.
   */
  boolean isWorthTrying(boolean up, int recurrences) {
    OptionalInt next = next(up);
    if (next.isEmpty()) {
      return false;
    }
    int best = best();
    List<Integer> all = spec.batchSizes();
    for (int i = all.indexOf(next.getAsInt()); i >= 0 && i < all.size(); i += up ? 1 : -1) {
      int candidate = all.get(i);
      double ahead = Math.abs(octaves(candidate) - octaves(outermost(up)));
      if (candidate != next.getAsInt() && ahead > OCTAVES_AHEAD) {
        break;
      }
      ExpectedImprovement prospect =
          curve.expectedImprovement(
              place(candidate),
              epochCost(candidate),
              place(best),
              epochCost(best),
              variance(candidate));
      if (prospect.gain() * Math.max(HORIZON, recurrences) > prospect.loss()) {
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

  private Place place(int batchSize) {
    return new Place(octaves(batchSize));
  }

  /** What an epoch costs: known, between its neighbours, or on the line through the last two. */
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
    double unsure = epochCosts.size() == 1 ? UNSURE_SLOPE : UNSURE_LINE;
    return UNSURE_POINT * UNSURE_POINT + unsure * unsure * away * away;
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
