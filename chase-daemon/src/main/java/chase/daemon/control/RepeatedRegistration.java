package chase.daemon.control;

import chase.zeus.engine.JobSpec;
import chase.zeus.engine.JobView;
import chase.zeus.engine.Snapshot;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Tells a registration that is repeated from one that is another job's. */
final class RepeatedRegistration {
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

  private RepeatedRegistration() {}

  /**
   * The job that runs under this registration's key and user already; empty when none does, or it
   * has no key.
   *
   * @throws ApiException 409 that names the fields in which the two differ
   */
  static Optional<JobView> find(Snapshot snapshot, JobSpec spec) {
    Optional<JobView> known = findByKey(snapshot, spec.key(), spec.user());
    known.filter(job -> !job.spec().equals(spec)).ifPresent(job -> refuse(job, spec));
    return known;
  }

  /** The job that runs under that key of that user; empty without a key. */
  static Optional<JobView> findByKey(
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
