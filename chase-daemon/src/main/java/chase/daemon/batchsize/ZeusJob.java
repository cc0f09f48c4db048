package chase.daemon.batchsize;

import chase.zeus.batchsize.EnergyTimeCost;
import chase.zeus.batchsize.SearchMethod;
import chase.zeus.batchsize.StudySpec;
import chase.zeus.batchsize.TargetMetric;
import chase.zeus.unit.Watts;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * A recurring job as Zeus's clients describe it. The pruning rounds and what Zeus's bandit is told
 * are kept, because a client compares them, and count where Zeus's method chooses.
 *
 * @param jobId its id, which begins with its prefix
 * @param jobIdPrefix what several jobs may share
 * @param batchSizes those that may be tried
 * @param defaultBatchSize the one to begin with
 * @param etaKnob 1 counts energy alone, 0 time alone
 * @param betaKnob how much dearer than the cheapest a run may become; empty for any
 * @param targetMetric the value at which a run is done
 * @param higherIsBetterMetric whether that is reached from below
 * @param maxEpochs the most epochs of a run
 * @param numPruningRounds how often Zeus's method sweeps
 * @param windowSize how many of the latest runs of a batch size count; 0 and less for all
 * @param mabPriorMean what Zeus's method believes of a reward before any run
 * @param mabPriorPrecision how firmly
 * @param mabNumExplorations how many runs of a batch size go before Zeus's method draws one
 * @param mabSeed what chance begins from; empty for the job's id
 * @param maxPower the highest power limit of all its GPUs together, in watts
 * @param numberOfGpus how many it holds
 * @param gpuModel their product's name
 */
public record ZeusJob(
    String jobId,
    String jobIdPrefix,
    List<Integer> batchSizes,
    int defaultBatchSize,
    double etaKnob,
    OptionalDouble betaKnob,
    double targetMetric,
    boolean higherIsBetterMetric,
    int maxEpochs,
    int numPruningRounds,
    int windowSize,
    double mabPriorMean,
    double mabPriorPrecision,
    int mabNumExplorations,
    OptionalLong mabSeed,
    double maxPower,
    int numberOfGpus,
    String gpuModel)
    implements RecurringJob {

  /** Copies the list. */
  public ZeusJob {
    batchSizes = List.copyOf(batchSizes);
  }

  @Override
  public String name() {
    return jobId;
  }

  @Override
  public Api api() {
    return Api.ZEUS;
  }

  @Override
  public JouleWeight.CostBasis cost() {
    return JouleWeight.CostBasis.ENERGY;
  }

  @Override
  public int gpuCount() {
    return numberOfGpus;
  }

  @Override
  public SearchMethod method(SearchMethod otherwise) {
    return otherwise;
  }

  @Override
  public StudySpec study(SearchMethod method) {
    return new StudySpec(
        batchSizes,
        defaultBatchSize,
        new TargetMetric(targetMetric, higherIsBetterMetric),
        maxEpochs,
        new EnergyTimeCost(etaKnob, new Watts(maxPower)),
        betaKnob,
        List.of(),
        Math.max(0, windowSize),
        method,
        mabSeed.orElse(jobId.hashCode()),
        new StudySpec.ZeusOptions(
            numPruningRounds, mabNumExplorations, mabPriorMean, Math.max(0, mabPriorPrecision)));
  }

  @Override
  public String json() {
    return ZeusJobText.write(this);
  }
}
