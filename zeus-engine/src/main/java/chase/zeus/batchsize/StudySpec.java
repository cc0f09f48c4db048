package chase.zeus.batchsize;

import chase.zeus.unit.Watts;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A recurring job, and how its batch size is to be chosen.
 *
 * @param batchSizes those that may be tried, rising
 * @param defaultBatchSize the one that its owner uses, which is tried first
 * @param target when a trial is done
 * @param maxEpochs the maximum number of epochs of a trial
 * @param cost what the study minimises
 * @param beta a trial is stopped when it would cost more than this times the cheapest that reached
 *     the target; empty for never
 * @param limits the power limits that a trial may have, rising; empty when the study does not
 *     choose them
 * @param window for a job that drifts: how many of the latest trials of a batch size count; 0 for
 *     all
 * @param method how the next batch size is chosen
 * @param seed of the random numbers
 * @param zeus options of Zeus's method
 */
public record StudySpec(
    List<Integer> batchSizes,
    int defaultBatchSize,
    TargetMetric target,
    int maxEpochs,
    EnergyTimeCost cost,
    Optional<Double> beta,
    List<Watts> limits,
    int window,
    SearchMethod method,
    long seed,
    ZeusOptions zeus) {

  /**
   * Options of Zeus's method.
   *
   * @param rounds of pruning
   * @param explorations how many trials each batch size gets before one is drawn
   * @param priorMean the prior mean of a reward, which is a negative cost
   * @param priorPrecision the precision of that prior, 1 / variance
   */
  public record ZeusOptions(int rounds, int explorations, double priorMean, double priorPrecision) {
    /** The defaults of Zeus's library. */
    public static final ZeusOptions DEFAULT = new ZeusOptions(2, 2, 0, 0);

    /** Refuses numbers below 0 with {@link IllegalArgumentException}. */
    public ZeusOptions {
      if (rounds < 0 || explorations < 0 || !(priorPrecision >= 0)) {
        throw new IllegalArgumentException("options of Zeus's method must be >= 0");
      }
    }
  }

  /** A job with Zeus's default options. */
  public StudySpec(
      List<Integer> batchSizes,
      int defaultBatchSize,
      TargetMetric target,
      int maxEpochs,
      EnergyTimeCost cost,
      Optional<Double> beta,
      List<Watts> limits,
      int window,
      SearchMethod method,
      long seed) {
    this(
        batchSizes,
        defaultBatchSize,
        target,
        maxEpochs,
        cost,
        beta,
        limits,
        window,
        method,
        seed,
        ZeusOptions.DEFAULT);
  }

  /** Refuses what makes no sense with an {@link IllegalArgumentException} that names it. */
  public StudySpec {
    batchSizes = List.copyOf(batchSizes);
    limits = List.copyOf(limits);
    requireRising("batch sizes", batchSizes);
    requireRising("power limits", limits);
    if (batchSizes.isEmpty()) {
      throw new IllegalArgumentException("a study needs at least one batch size");
    }
    if (batchSizes.getFirst() <= 0) {
      throw new IllegalArgumentException("a batch size must be > 0: " + batchSizes.getFirst());
    }
    if (!batchSizes.contains(defaultBatchSize)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the default batch size %d is not one of %s",
              defaultBatchSize,
              batchSizes));
    }
    if (maxEpochs <= 0) {
      throw new IllegalArgumentException("the maximum number of epochs must be > 0: " + maxEpochs);
    }
    if (beta.isPresent() && !(beta.get() > 0)) {
      throw new IllegalArgumentException("beta must be > 0: " + beta.get());
    }
    if (window < 0) {
      throw new IllegalArgumentException("a window must be >= 0: " + window);
    }
  }

  private static <T extends Comparable<T>> void requireRising(String what, List<T> values) {
    for (int i = 1; i < values.size(); i++) {
      if (values.get(i - 1).compareTo(values.get(i)) >= 0) {
        throw new IllegalArgumentException(
            "%s must rise, but %s follows %s".formatted(what, values.get(i), values.get(i - 1)));
      }
    }
  }
}
