package chase.daemon.batchsize;

import chase.zeus.batchsize.EnergyTimeCost;
import chase.zeus.batchsize.SearchMethod;
import chase.zeus.batchsize.StudySpec;
import chase.zeus.batchsize.TargetMetric;
import chase.zeus.unit.Watts;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A recurring job as Zeus's clients describe it, with the names and defaults of Zeus's server. The
 * options of Zeus's method are kept, because a client compares them, and count where that method
 * chooses.
 *
 * @param jobId its id, which begins with its prefix
 * @param jobIdPrefix a prefix that several jobs may share
 * @param batchSizes those that may be tried
 * @param defaultBatchSize the one to begin with
 * @param etaKnob 1 counts energy alone, 0 time alone
 * @param betaKnob how many times the cost of the cheapest trial a trial may cost; empty for any
 * @param targetMetric the value at which a trial is done
 * @param higherIsBetterMetric whether that is reached from below
 * @param maxEpochs the maximum number of epochs of a trial
 * @param numPruningRounds the pruning rounds of Zeus's method
 * @param windowSize how many of the latest trials of a batch size count; 0 and less for all
 * @param mabPriorMean the prior mean of a reward in Zeus's method
 * @param mabPriorPrecision the precision of that prior
 * @param mabNumExplorations how many trials each batch size gets before Zeus's method draws one
 * @param mabSeed seed of the random numbers; empty for the job's id
 * @param maxPower the highest power limit of all its GPUs together, in watts
 * @param numberOfGpus how many it holds
 * @param gpuModel their model
 */
public record ZeusJob(
    String jobId,
    String jobIdPrefix,
    List<Integer> batchSizes,
    int defaultBatchSize,
    double etaKnob,
    Optional<Double> betaKnob,
    double targetMetric,
    boolean higherIsBetterMetric,
    int maxEpochs,
    int numPruningRounds,
    int windowSize,
    double mabPriorMean,
    double mabPriorPrecision,
    int mabNumExplorations,
    Optional<Long> mabSeed,
    double maxPower,
    int numberOfGpus,
    String gpuModel)
    implements RecurringJob {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .build();

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
        mabSeed.orElse((long) jobId.hashCode()),
        new StudySpec.ZeusOptions(
            numPruningRounds, mabNumExplorations, mabPriorMean, Math.max(0, mabPriorPrecision)));
  }

  @Override
  public String json() {
    try {
      return MAPPER.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write " + jobId, e);
    }
  }

  /**
   * Reads what a client sends.
   *
   * @param idEnding the end of a new job's id, where the client gives none
   * @throws PydanticBody.ValidationException that names every error
   */
  public static ZeusJob read(String text, String idEnding) {
    PydanticBody body = PydanticBody.read(text);
    String prefix = body.text("job_id_prefix");
    String id = body.has("job_id") ? body.text("job_id") : prefix + "-" + idEnding;
    ZeusJob job =
        new ZeusJob(
            id,
            prefix,
            body.integers("batch_sizes").stream().sorted().distinct().toList(),
            body.integer("default_batch_size"),
            body.number("eta_knob", 0.5),
            beta(body),
            body.number("target_metric", 0.5),
            body.bool("higher_is_better_metric", true),
            body.integer("max_epochs", 100),
            body.integer("num_pruning_rounds", 2),
            body.integer("window_size", 0),
            body.number("mab_prior_mean", 0),
            body.number("mab_prior_precision", 0),
            body.integer("mab_num_explorations", 2),
            body.has("mab_seed") ? Optional.of(body.longInteger("mab_seed")) : Optional.empty(),
            body.number("max_power"),
            body.integer("number_of_gpus"),
            body.text("gpu_model"));
    body.check();
    check(job, body);
    body.check();
    return job;
  }

  private static Optional<Double> beta(PydanticBody body) {
    return body.isNull("beta_knob") ? Optional.empty() : Optional.of(body.number("beta_knob", 2));
  }

  private static void check(ZeusJob job, PydanticBody body) {
    String prefix = job.jobIdPrefix();
    body.require(
        job.jobId().startsWith(prefix), "job_id", "job_id must start with the prefix " + prefix);
    body.require(
        RecurringJob.isValidName(job.jobId()),
        "job_id",
        String.format(
            Locale.ROOT,
            "must have 1 to %d characters, and no control characters",
            RecurringJob.MAX_NAME_LENGTH));
    body.require(!job.batchSizes().isEmpty(), "batch_sizes", "must not be empty");
    body.require(
        job.batchSizes().size() <= RecurringJob.MAX_BATCH_SIZES,
        "batch_sizes",
        "must be at most " + RecurringJob.MAX_BATCH_SIZES);
    body.require(
        job.batchSizes().stream().allMatch(size -> size > 0),
        "batch_sizes",
        "must all be greater than 0");
    body.requireAbove(job.defaultBatchSize(), 0, "default_batch_size");
    body.require(
        job.batchSizes().contains(job.defaultBatchSize()),
        "default_batch_size",
        "must be one of batch_sizes");
    body.requireAtLeast(job.etaKnob(), 0, "eta_knob");
    body.requireAtMost(job.etaKnob(), 1, "eta_knob");
    body.requireAbove(job.betaKnob().orElse(1.0), 0, "beta_knob");
    body.requireAbove(job.maxEpochs(), 0, "max_epochs");
    body.requireAtLeast(job.numPruningRounds(), 0, "num_pruning_rounds");
    body.requireAtLeast(job.mabNumExplorations(), 0, "mab_num_explorations");
    body.requireAbove(job.maxPower(), 0, "max_power");
    body.requireAtMost(job.maxPower(), EnergyTimeCost.MAX_WATTS, "max_power");
    body.requireAbove(job.numberOfGpus(), 0, "number_of_gpus");
    int letters = job.gpuModel().length();
    body.require(
        letters > 0 && letters <= RecurringJob.MAX_NAME_LENGTH,
        "gpu_model",
        String.format(Locale.ROOT, "must have 1 to %d characters", RecurringJob.MAX_NAME_LENGTH));
  }

  /** Reads what {@link #json} wrote. */
  static ZeusJob stored(String text) {
    return read(text, "");
  }
}
