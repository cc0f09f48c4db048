package chase.daemon.control;

import chase.daemon.batchsize.ChaseJob;
import chase.daemon.batchsize.JouleWeight;
import chase.zeus.batchsize.SearchMethod;
import chase.zeus.batchsize.TrialReport;
import chase.zeus.batchsize.TrialUsage;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.Snapshot;
import chase.zeus.unit.Joules;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** Requests about recurring jobs, made of their fields; mistakes are {@link ApiException}s. */
final class BatchSizeFields {
  static final String[] JOB = {
    "name",
    "batch_sizes",
    "default_batch_size",
    "target_metric",
    "higher_is_better",
    "max_epochs",
    "eta",
    "beta",
    "window",
    "method",
    "cost",
    "seed",
    "gpus",
    "max_power_watts",
    "gpu_count",
    "gpu_model"
  };
  static final String[] REPORT = {"batch_size", "epoch", "joules", "seconds", "metric"};

  private static final int USUAL_EPOCHS = 100;
  private static final double USUAL_ETA = 0.5;
  private static final double USUAL_BETA = 2;

  private BatchSizeFields() {}

  /** The GPUs that a job trains on, as far as its cost depends on them. */
  private record Cards(double maxPowerWatts, int count, String model) {}

  static ChaseJob job(RequestReader fields, Snapshot snapshot) {
    Cards cards = cards(fields, snapshot);
    try {
      return new ChaseJob(
          fields.text("name"),
          fields.wholes("batch_sizes").stream().sorted().distinct().toList(),
          whole(fields, "default_batch_size"),
          fields.number("target_metric"),
          fields.optionalYes("higher_is_better").orElse(true),
          fields.optionalInt("max_epochs").orElse(USUAL_EPOCHS),
          fields.optionalNumber("eta").orElse(USUAL_ETA),
          beta(fields),
          fields.optionalInt("window").orElse(0),
          word(fields, "method", SearchMethod.CHASE),
          word(fields, "cost", JouleWeight.CostBasis.ENERGY),
          fields.optionalLong("seed"),
          cards.maxPowerWatts(),
          cards.count(),
          cards.model());
    } catch (IllegalArgumentException e) {
      throw badValue(String.valueOf(e.getMessage()));
    }
  }

  private static OptionalDouble beta(RequestReader fields) {
    return fields.isNull("beta")
        ? OptionalDouble.empty()
        : OptionalDouble.of(fields.optionalNumber("beta").orElse(USUAL_BETA));
  }

  private static <E extends Enum<E>> E word(RequestReader fields, String name, E otherwise) {
    Optional<String> text = fields.optionalText(name);
    List<E> all = List.of(otherwise.getDeclaringClass().getEnumConstants());
    return text.isEmpty()
        ? otherwise
        : all.stream()
            .filter(constant -> lower(constant).equals(text.get()))
            .findFirst()
            .orElseThrow(() ->
                badValue(
                    "field '%s' must be one of %s, not '%s'"
                        .formatted(
                            name,
                            String.join(", ", all.stream().map(BatchSizeFields::lower).toList()),
                            text.get())));
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static Cards cards(RequestReader fields, Snapshot snapshot) {
    boolean told =
        Stream.of("max_power_watts", "gpu_count", "gpu_model").anyMatch(name -> fields.has(name));
    if (fields.has("gpus") == told) {
      throw badValue(
          "either \"gpus\" names this host's, or \"max_power_watts\" (of all of them),"
              + " \"gpu_count\" and \"gpu_model\" say what they are");
    }
    return told
        ? new Cards(
            fields.number("max_power_watts"),
            fields.optionalInt("gpu_count").orElse(1),
            fields.optionalText("gpu_model").orElse(""))
        : cards(fields.texts("gpus").stream().map(name -> Lookup.gpu(snapshot, name)).toList());
  }

  private static Cards cards(List<GpuView> gpus) {
    if (gpus.isEmpty()) {
      throw badValue("\"gpus\" must name at least one GPU");
    }
    List<String> models = gpus.stream().map(gpu -> gpu.traits().model()).distinct().toList();
    if (models.size() > 1) {
      throw badValue("the GPUs of a job are all of one model, not " + String.join(", ", models));
    }
    double watts = gpus.stream().mapToDouble(BatchSizeFields::maxWatts).sum();
    return new Cards(watts, gpus.size(), models.getFirst());
  }

  private static double maxWatts(GpuView gpu) {
    return gpu.traits()
        .powerRange()
        .orElseThrow(() ->
            badValue(
                String.format(
                    Locale.ROOT,
                    "GPU %d does not tell its highest limit; say \"max_power_watts\" instead",
                    gpu.traits().index())))
        .max()
        .value();
  }

  /**
   * A report of a trial; energy and time count from its start.
   *
   * @param batchSize what it trains with, where the report does not say
   */
  static TrialReport report(RequestReader fields, int trial, int batchSize) {
    try {
      return new TrialReport(
          trial,
          fields.optionalInt("batch_size").orElse(batchSize),
          whole(fields, "epoch"),
          TrialUsage.of(new Joules(fields.number("joules")), fields.number("seconds")),
          fields.optionalNumber("metric"),
          Optional.empty());
    } catch (IllegalArgumentException e) {
      throw badValue(String.valueOf(e.getMessage()));
    }
  }

  private static int whole(RequestReader fields, String name) {
    fields.whole(name); // complains of a field that is missing
    return fields.optionalInt(name).orElseThrow();
  }

  private static ApiException badValue(String detail) {
    return new ApiException(422, "bad_value", detail);
  }
}
