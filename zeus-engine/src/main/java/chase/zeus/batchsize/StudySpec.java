package chase.zeus.batchsize;

import chase.zeus.unit.Watts;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * A recurring job, and how its batch size is to be chosen.
 *
 * @param batchSizes those that may be tried, rising
 * @param defaultBatchSize the one that its owner uses, which is tried first
 * @param target when a run is done
 * @param maxEpochs the most epochs of a run
 * @param cost what is to be small
 * @param beta a run is stopped when it would cost more than this times the cheapest that reached
 *     the target; empty for never
 * @param limits the power limits that a run may have, rising; empty when somebody else chooses them
 * @param window for a job that drifts: how many runs of a batch size count, the latest first; 0 for
 *     all
 * @param method how the next batch size is chosen
 * @param seed what chance begins from
 * @param zeus what only Zeus's method can be told
 */
public record StudySpec(
    List<Integer> batchSizes,
    int defaultBatchSize,
    TargetMetric target,
    int maxEpochs,
    EnergyTimeCost cost,
    OptionalDouble beta,
    List<Watts> limits,
    int window,
    SearchMethod method,
    long seed,
    ZeusOptions zeus) {

  /**
   * What only Zeus's method can be told.
   *
   * @param rounds of pruning
   * @param explorations how many runs of a batch size go before one is drawn
   * @param priorMean what is believed of a reward, a cost below zero, before any run
   * @param priorPrecision how firmly
   */
  public record ZeusOptions(int rounds, int explorations, double priorMean, double priorPrecision) {
    /** Those that Zeus's library sets by itself. */
    public static final ZeusOptions DEFAULT = new ZeusOptions(2, 2, 0, 0);

    /** Refuses numbers below 0 with {@link IllegalArgumentException}. */
    public ZeusOptions {
      if (rounds < 0 || explorations < 0 || !(priorPrecision >= 0)) {
        throw new IllegalArgumentException("knobs of Zeus's method must be >= 0");
      }
    }
  }

  /** A job that says nothing of Zeus's method. */
  public StudySpec(
      List<Integer> batchSizes,
      int defaultBatchSize,
      TargetMetric target,
      int maxEpochs,
      EnergyTimeCost cost,
      OptionalDouble beta,
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
      throw new IllegalArgumentException("the most epochs of a run must be > 0: " + maxEpochs);
    }
    if (beta.isPresent() && !(beta.getAsDouble() > 0)) {
      throw new IllegalArgumentException("beta must be > 0: " + beta.getAsDouble());
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
