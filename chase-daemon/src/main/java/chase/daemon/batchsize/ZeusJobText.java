package chase.daemon.batchsize;

import chase.zeus.batchsize.EnergyTimeCost;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** A {@link ZeusJob} as JSON, with the names and defaults of Zeus's server. */
public final class ZeusJobText {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private ZeusJobText() {}

  /**
   * Reads what a client sends.
   *
   * @param fresh the end of a new job's id, where the client gives none
   * @throws PydanticBody.ValidationException that names every mistake
   */
  public static ZeusJob read(String text, String fresh) {
    PydanticBody body = PydanticBody.read(text);
    String prefix = body.text("job_id_prefix");
    String id = body.has("job_id") ? body.text("job_id") : prefix + "-" + fresh;
    ZeusJob job =
        new ZeusJob(
            id,
            prefix,
            body.integers("batch_sizes").stream().sorted().distinct().toList(),
            body.whole("default_batch_size"),
            body.number("eta_knob", 0.5),
            beta(body),
            body.number("target_metric", 0.5),
            body.bool("higher_is_better_metric", true),
            body.whole("max_epochs", 100),
            body.whole("num_pruning_rounds", 2),
            body.whole("window_size", 0),
            body.number("mab_prior_mean", 0),
            body.number("mab_prior_precision", 0),
            body.whole("mab_num_explorations", 2),
            body.has("mab_seed")
                ? OptionalLong.of(body.longInteger("mab_seed"))
                : OptionalLong.empty(),
            body.number("max_power"),
            body.whole("number_of_gpus"),
            body.text("gpu_model"));
    body.check();
    check(job, body);
    body.check();
    return job;
  }

  private static OptionalDouble beta(PydanticBody body) {
    return body.isNull("beta_knob")
        ? OptionalDouble.empty()
        : OptionalDouble.of(body.number("beta_knob", 2));
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
    body.requireAbove(job.betaKnob().orElse(1), 0, "beta_knob");
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

  /** Reads what {@link #write} wrote. */
  static ZeusJob stored(String text) {
    return read(text, "");
  }

  static String write(ZeusJob job) {
    ObjectNode node = MAPPER.createObjectNode();
    node.put("job_id", job.jobId());
    node.put("job_id_prefix", job.jobIdPrefix());
    ArrayNode sizes = node.putArray("batch_sizes");
    job.batchSizes().forEach(sizes::add);
    node.put("default_batch_size", job.defaultBatchSize());
    node.put("eta_knob", job.etaKnob());
    if (job.betaKnob().isPresent()) {
      node.put("beta_knob", job.betaKnob().getAsDouble());
    } else {
      node.putNull("beta_knob");
    }
    node.put("target_metric", job.targetMetric());
    node.put("higher_is_better_metric", job.higherIsBetterMetric());
    node.put("max_epochs", job.maxEpochs());
    node.put("num_pruning_rounds", job.numPruningRounds());
    node.put("window_size", job.windowSize());
    node.put("mab_prior_mean", job.mabPriorMean());
    node.put("mab_prior_precision", job.mabPriorPrecision());
    node.put("mab_num_explorations", job.mabNumExplorations());
    if (job.mabSeed().isPresent()) {
      node.put("mab_seed", job.mabSeed().getAsLong());
    } else {
      node.putNull("mab_seed");
    }
    node.put("max_power", job.maxPower());
    node.put("number_of_gpus", job.numberOfGpus());
    node.put("gpu_model", job.gpuModel());
    try {
      return MAPPER.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write " + job.jobId(), e);
    }
  }
}
