package chase.daemon.control;

import chase.daemon.api.BatchSizeRequest;
import chase.daemon.batchsize.ChaseJob;
import chase.daemon.batchsize.JouleWeight;
import chase.zeus.batchsize.SearchMethod;
import chase.zeus.batchsize.TrialReport;
import chase.zeus.batchsize.TrialUsage;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.Snapshot;
import chase.zeus.unit.Joules;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Requests about recurring jobs in the words of their domain; mistakes are {@link ApiException}s.
 */
final class BatchSizeRegistration {
  private BatchSizeRegistration() {}

  /** The GPUs that a job trains on, as far as its cost depends on them. */
  private record TrainingGpus(double maxPowerWatts, int count, String model) {}

  static ChaseJob job(BatchSizeRequest request, Snapshot snapshot) {
    TrainingGpus gpus = gpus(request, snapshot);
    try {
      return new ChaseJob(
          request.name(),
          request.batchSizes().stream().sorted().distinct().toList(),
          request.defaultBatchSize(),
          request.targetMetric(),
          request.higherIsBetter(),
          request.maxEpochs(),
          request.eta(),
          request.beta(),
          request.window(),
          constant("method", request.method(), SearchMethod.values()),
          constant("cost", request.cost(), JouleWeight.CostBasis.values()),
          request.seed(),
          gpus.maxPowerWatts(),
          gpus.count(),
          gpus.model());
    } catch (IllegalArgumentException e) {
      throw ApiException.badValue(String.valueOf(e.getMessage()));
    }
  }

  private static <E extends Enum<E>> E constant(String field, String text, E[] all) {
    return Arrays.stream(all)
        .filter(constant -> lower(constant).equals(text))
        .findFirst()
        .orElseThrow(() ->
            ApiException.badValue(
                "field '%s' must be one of %s, not '%s'"
                    .formatted(
                        field,
                        String.join(
                            ", ", Arrays.stream(all).map(BatchSizeRegistration::lower).toList()),
                        text)));
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static TrainingGpus gpus(BatchSizeRequest request, Snapshot snapshot) {
    boolean described =
        request.maxPowerWatts().isPresent()
            || request.gpuCount().isPresent()
            || request.gpuModel().isPresent();
    if (request.gpus().isPresent() == described) {
      throw ApiException.badValue(
          "either \"gpus\" names this host's, or \"max_power_watts\" (of all of them),"
              + " \"gpu_count\" and \"gpu_model\" say what they are");
    }
    return request
        .gpus()
        .map(names -> gpus(names.stream().map(name -> Lookup.gpu(snapshot, name)).toList()))
        .orElseGet(() ->
            new TrainingGpus(
                request
                    .maxPowerWatts()
                    .orElseThrow(() -> ApiException.missingField("max_power_watts")),
                request.gpuCount().orElse(1),
                request.gpuModel().orElse("")));
  }

  private static TrainingGpus gpus(List<GpuView> gpus) {
    if (gpus.isEmpty()) {
      throw ApiException.badValue("\"gpus\" must name at least one GPU");
    }
    List<String> models = gpus.stream().map(gpu -> gpu.traits().model()).distinct().toList();
    if (models.size() > 1) {
      throw ApiException.badValue(
          "the GPUs of a job are all of one model, not " + String.join(", ", models));
    }
    double watts = gpus.stream().mapToDouble(BatchSizeRegistration::maxWatts).sum();
    return new TrainingGpus(watts, gpus.size(), models.getFirst());
  }

  private static double maxWatts(GpuView gpu) {
    return gpu.traits()
        .powerRange()
        .orElseThrow(() ->
            ApiException.badValue(
                String.format(
                    Locale.ROOT,
                    "GPU %d does not report its highest limit; give \"max_power_watts\" instead",
                    gpu.traits().index())))
        .max()
        .value();
  }

  /**
   * A report of a trial; energy and time count from its start.
   *
   * @param batchSize what it trains with, where the report does not say
   */
  static TrialReport report(BatchSizeRequest.TrialReportRequest request, int trial, int batchSize) {
    try {
      return new TrialReport(
          trial,
          request.batchSize().orElse(batchSize),
          request.epoch(),
          TrialUsage.of(new Joules(request.joules()), request.seconds()),
          request.metric(),
          Optional.empty());
    } catch (IllegalArgumentException e) {
      throw ApiException.badValue(String.valueOf(e.getMessage()));
    }
  }
}
