package chase.daemon.control;

import chase.daemon.text.InstantParser;
import chase.zeus.engine.JobSpec;
import chase.zeus.gpu.GpuId;
import chase.zeus.unit.Watts;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a registration says, before anybody has looked at it with the eyes of the engine.
 *
 * @param name what people call the job
 * @param gpus its GPUs, as people name them; empty when it names its process instead
 * @param pid its process
 * @param batchSize samples a step
 * @param totalSteps the count at which it is done
 * @param deadline when it must be done
 * @param idle the draw of a GPU while it rests
 * @param slowdownBound how much slower than at full power it may be
 * @param labels what people want to tell jobs apart by
 * @param key what a repeated registration is told by
 */
record JobRequest(
    String name,
    List<String> gpus,
    OptionalLong pid,
    OptionalInt batchSize,
    OptionalLong totalSteps,
    Optional<Instant> deadline,
    Optional<Watts> idle,
    OptionalDouble slowdownBound,
    Map<String, String> labels,
    Optional<String> key) {
  static final String[] FIELDS = {
    "name",
    "gpus",
    "pid",
    "batch_size",
    "total_steps",
    "deadline",
    "deferrable",
    "idle_watts",
    "releases_gpu",
    "slowdown_bound",
    "labels",
    "key"
  };

  /**
   * Reads the fields of a body.
   *
   * @throws ApiException that names the one that cannot be
   */
  static JobRequest of(RequestReader fields) {
    OptionalLong pid = fields.optionalLong("pid");
    if (pid.isPresent() && fields.has("gpus")) {
      throw badValue("a job names its 'gpus' or its 'pid', not both");
    }
    return new JobRequest(
        fields.text("name"),
        pid.isPresent() ? List.of() : fields.texts("gpus"),
        pid,
        fields.optionalInt("batch_size"),
        fields.optionalLong("total_steps"),
        fields.optionalText("deadline").map(JobRequest::instant),
        idle(fields),
        fields
            .optionalBound("slowdown_bound")
            .map(bound -> OptionalDouble.of(bound.share()))
            .orElse(OptionalDouble.empty()),
        fields.optionalTexts("labels", "label"),
        fields.optionalText("key"));
  }

  /**
   * The job that it asks for.
   *
   * @throws ApiException 422 with what cannot be
   */
  JobSpec spec(List<GpuId> found, Optional<String> user) {
    try {
      return new JobSpec(
          name, found, batchSize, totalSteps, deadline, idle, slowdownBound, labels, user, key);
    } catch (IllegalArgumentException e) {
      throw badValue(String.valueOf(e.getMessage()));
    }
  }

  private static Optional<Watts> idle(RequestReader fields) {
    boolean deferrable = fields.optionalYes("deferrable").orElse(false);
    boolean releases = fields.optionalYes("releases_gpu").orElse(false);
    OptionalDouble watts = fields.optionalNumber("idle_watts");
    if (deferrable != (releases || watts.isPresent())) {
      throw badValue(
          "a deferrable job says what its GPUs draw while it rests, and no other does:"
              + " \"idle_watts\" for each GPU, or \"releases_gpu\": true");
    }
    if (releases && watts.isPresent()) {
      throw badValue("a job that releases its GPU has no \"idle_watts\"");
    }
    return deferrable ? Optional.of(watts(watts.orElse(0))) : Optional.empty();
  }

  private static Watts watts(double value) {
    try {
      return new Watts(value);
    } catch (IllegalArgumentException e) {
      throw badValue("field 'idle_watts': " + e.getMessage());
    }
  }

  private static Instant instant(String text) {
    try {
      return InstantParser.parse("field 'deadline'", text);
    } catch (IllegalArgumentException e) {
      throw badValue(String.valueOf(e.getMessage()));
    }
  }

  private static ApiException badValue(String detail) {
    return new ApiException(422, "bad_value", detail);
  }
}
