package chase.daemon.control;

import chase.daemon.api.JobRequest;
import chase.daemon.text.InstantParser;
import chase.zeus.engine.JobSpec;
import chase.zeus.engine.JobView;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.GpuId;
import chase.zeus.unit.Watts;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A registration that may be right: what is wrong with it now depends on the GPUs.
 *
 * @param request as the client wrote it
 * @param deadline when the job must be done
 * @param idle the draw of a GPU while the job is paused
 */
record JobRegistration(JobRequest request, Optional<Instant> deadline, Optional<Watts> idle) {
  private static final Map<String, Function<JobSpec, Object>> FIELDS = new LinkedHashMap<>();

  static {
    FIELDS.put("name", JobSpec::name);
    FIELDS.put("gpus", JobSpec::gpus);
    FIELDS.put("batch_size", JobSpec::batchSize);
    FIELDS.put("total_steps", JobSpec::totalSteps);
    FIELDS.put("deadline", JobSpec::deadline);
    FIELDS.put("deferrable", JobSpec::idle);
    FIELDS.put("slowdown_bound", JobSpec::slowdownBound);
    FIELDS.put("labels", JobSpec::labels);
  }

  /**
   * Checks what can be checked without the host.
   *
   * @throws ApiException 422 that says what cannot be; 400 when it names neither GPUs nor a process
   */
  static JobRegistration of(JobRequest request) {
    if (request.pid().isEmpty() && request.gpus().isEmpty()) {
      throw new ApiException(
          400,
          "missing_field",
          "field 'gpus' or 'pid' is missing: a job names its GPUs, such as \"gpus\": [\"0\"], or a"
              + " process that computes on them, or both");
    }
    try {
      return new JobRegistration(
          request,
          request.deadline().map(text -> InstantParser.parse("field 'deadline'", text)),
          idle(request));
    } catch (IllegalArgumentException e) {
      throw ApiException.badValue(String.valueOf(e.getMessage()));
    }
  }

  private static Optional<Watts> idle(JobRequest request) {
    Optional<Double> watts = request.idleWatts();
    if (request.deferrable() != (request.releasesGpu() || watts.isPresent())) {
      throw ApiException.badValue(
          "a deferrable job says what its GPUs draw while it rests, and no other does:"
              + " \"idle_watts\" for each GPU, or \"releases_gpu\": true");
    }
    if (request.releasesGpu() && watts.isPresent()) {
      throw ApiException.badValue("a job that releases its GPU has no \"idle_watts\"");
    }
    return request.deferrable() ? Optional.of(watts(watts.orElse(0.0))) : Optional.empty();
  }

  private static Watts watts(double value) {
    try {
      return new Watts(value);
    } catch (IllegalArgumentException e) {
      throw ApiException.badValue("field 'idle_watts': " + e.getMessage());
    }
  }

  /**
   * The job that it asks for.
   *
   * @throws ApiException 422 that says what cannot be
   */
  JobSpec spec(List<GpuId> gpus, Optional<String> user, Optional<Long> uid) {
    try {
      return new JobSpec(
          request.name(),
          gpus,
          request.batchSize(),
          request.totalSteps(),
          deadline,
          idle,
          request.slowdownBound().map(bound -> bound.share()),
          request.labels(),
          user,
          uid,
          request.key());
    } catch (IllegalArgumentException e) {
      throw ApiException.badValue(String.valueOf(e.getMessage()));
    }
  }

  /**
   * The job that runs under this registration's key and user already; empty when none does, or it
   * has no key.
   *
   * @throws ApiException 409 that names the fields in which the two differ
   */
  static Optional<JobView> repeated(Snapshot snapshot, JobSpec spec) {
    Optional<JobView> known = underKey(snapshot, spec.key(), spec.user());
    known.filter(job -> !job.spec().equals(spec)).ifPresent(job -> refuse(job, spec));
    return known;
  }

  /** The job that runs under that key of that user; empty without a key. */
  static Optional<JobView> underKey(
      Snapshot snapshot, Optional<String> key, Optional<String> user) {
    return snapshot.jobs().stream()
        .filter(job -> key.isPresent() && job.spec().key().equals(key))
        .filter(job -> job.spec().user().equals(user))
        .findFirst();
  }

  private static void refuse(JobView job, JobSpec spec) {
    String differing =
        FIELDS.entrySet().stream()
            .filter(
                field -> !field.getValue().apply(spec).equals(field.getValue().apply(job.spec())))
            .map(Map.Entry::getKey)
            .collect(Collectors.joining(", "));
    throw new ApiException(
        409,
        "conflict",
        "key '%s' is that of job %s, which registered with another %s"
            .formatted(spec.key().orElseThrow(), job.id(), differing));
  }
}
