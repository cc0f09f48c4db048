package chase.daemon.batchsize;

import chase.zeus.batchsize.EnergyTimeCost;
import chase.zeus.batchsize.Method;
import chase.zeus.batchsize.StudySpec;
import chase.zeus.batchsize.Target;
import chase.zeus.unit.Watts;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * A recurring job as Zeus's clients describe it. The pruning rounds and the priors of Zeus's bandit
 * are kept, because a client compares them, and change nothing.
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
 * @param numPruningRounds of no effect
 * @param windowSize how many of the latest runs of a batch size count; 0 for all
 * @param mabPriorMean of no effect
 * @param mabPriorPrecision of no effect
 * @param mabNumExplorations of no effect
 * @param mabSeed what chance begins from; empty for the job's id
 * @param maxPower the highest power limit of all its GPUs together, in watts
 * @param numberOfGpus how many it holds
 * @param gpuModel their product's name
 */
record ZeusJob(
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
    implements Recurring {

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
  public Cost cost() {
    return Cost.ENERGY;
  }

  @Override
  public int gpuCount() {
    return numberOfGpus;
  }

  @Override
  public Method method(Method otherwise) {
    return otherwise;
  }

  @Override
  public StudySpec study(Method method) {
    return new StudySpec(
        batchSizes,
        defaultBatchSize,
        new Target(targetMetric, higherIsBetterMetric),
        maxEpochs,
        new EnergyTimeCost(etaKnob, new Watts(maxPower)),
        betaKnob,
        List.of(),
        windowSize,
        method,
        mabSeed.orElse(jobId.hashCode()));
  }

  @Override
  public String json() {
    return ZeusJobText.write(this);
  }
}
