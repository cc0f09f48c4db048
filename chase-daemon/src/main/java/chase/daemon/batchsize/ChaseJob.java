package chase.daemon.batchsize;

import chase.daemon.api.ApiJson;
import chase.zeus.batchsize.EnergyTimeCost;
import chase.zeus.batchsize.SearchMethod;
import chase.zeus.batchsize.StudySpec;
import chase.zeus.batchsize.TargetMetric;
import chase.zeus.unit.Watts;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A recurring job that was registered through Chase's own API.
 *
 * @param name its name
 * @param batchSizes those that may be tried, rising
 * @param defaultBatchSize its owner's, which is tried first
 * @param targetMetric the value at which a trial is done
 * @param higherIsBetter whether that is reached from below
 * @param maxEpochs the maximum number of epochs of a trial
 * @param eta 1 counts energy alone, 0 time alone
 * @param beta how many times the cost of the cheapest trial a trial may cost; empty for any
 * @param window how many of the latest trials of a batch size count; 0 for all
 * @param wanted how its batch size is chosen
 * @param cost what its cost counts
 * @param seed seed of the random numbers; empty for the name
 * @param maxPowerWatts the highest power limit of all its GPUs together
 * @param gpuCount how many GPUs it trains on
 * @param gpuModel their model; blank where unknown
 */
public record ChaseJob(
    String name,
    List<Integer> batchSizes,
    int defaultBatchSize,
    double targetMetric,
    boolean higherIsBetter,
    int maxEpochs,
    double eta,
    Optional<Double> beta,
    int window,
    SearchMethod wanted,
    JouleWeight.CostBasis cost,
    Optional<Long> seed,
    double maxPowerWatts,
    int gpuCount,
    String gpuModel)
    implements RecurringJob {
  private static final JsonMapper MAPPER =
      ApiJson.mapper().rebuild().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  /** Refuses invalid values with an {@link IllegalArgumentException} that names them. */
  public ChaseJob {
    batchSizes = List.copyOf(batchSizes);
    if (!RecurringJob.isValidName(name)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "a name has 1 to %d characters, not all blank, and no control characters",
              MAX_NAME_LENGTH));
    }
    if (batchSizes.size() > MAX_BATCH_SIZES) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "at most %d batch sizes", MAX_BATCH_SIZES));
    }
    if (gpuModel.length() > MAX_NAME_LENGTH) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "gpu_model has at most %d characters", MAX_NAME_LENGTH));
    }
    if (gpuCount < 1) {
      throw new IllegalArgumentException("gpu_count must be at least 1: " + gpuCount);
    }
    new StudySpec(
        batchSizes,
        defaultBatchSize,
        new TargetMetric(targetMetric, higherIsBetter),
        maxEpochs,
        new EnergyTimeCost(eta, new Watts(maxPowerWatts)),
        beta,
        List.of(),
        window,
        wanted,
        0);
  }

  @Override
  public Api api() {
    return Api.CHASE;
  }

  @Override
  public SearchMethod method(SearchMethod otherwise) {
    return wanted;
  }

  @Override
  public StudySpec study(SearchMethod method) {
    return new StudySpec(
        batchSizes,
        defaultBatchSize,
        new TargetMetric(targetMetric, higherIsBetter),
        maxEpochs,
        new EnergyTimeCost(eta, new Watts(maxPowerWatts)),
        beta,
        List.of(),
        window,
        method,
        seed.orElse((long) name.hashCode()));
  }

  @Override
  public String json() {
    try {
      return MAPPER.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write " + name, e);
    }
  }

  static ChaseJob stored(String json) {
    try {
      return MAPPER.readValue(json, ChaseJob.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the database holds no job: " + e.getOriginalMessage(), e);
    }
  }
}
