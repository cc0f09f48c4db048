package chase.daemon.control;

import chase.daemon.gpu.DriverState.UnansweredGpus;
import chase.daemon.text.Suggestions;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.JobView;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.GpuId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds GPUs and jobs by what people call them. A GPU is named by its index, its UUID, or the start
 * of its UUID with or without {@code GPU-}.
 */
final class Lookup {
  private static final String UUID_START = "gpu-";

  /** Fewer would let a mistyped index pass for the start of a UUID. */
  private static final int MIN_PREFIX_LENGTH = 4;

  private Lookup() {}

  /**
   * The one GPU that {@code name} means.
   *
   * @throws ApiException 404 when it means none, 400 when it means several
   */
  static GpuView gpu(Snapshot snapshot, String name) {
    List<GpuView> exact = snapshot.gpus().stream().filter(gpu -> isExactly(gpu, name)).toList();
    List<GpuView> found = exact.isEmpty() ? startingWith(snapshot, name) : exact;
    if (found.isEmpty()) {
      throw new ApiException(
          404, "unknown_gpu", "no GPU is called '%s'; %s".formatted(name, known(snapshot.gpus())));
    }
    if (found.size() > 1) {
      throw new ApiException(
          400, "ambiguous_gpu", "'%s' may mean several; %s".formatted(name, known(found)));
    }
    return found.getFirst();
  }

  /** What answers a request for a GPU that never answered; empty where {@code name} means none. */
  static Optional<ApiException> unanswered(UnansweredGpus silent, String name) {
    Stream<String> records =
        silent.records().entrySet().stream()
            .filter(record -> startsWith(record.getKey(), name))
            .map(Map.Entry::getValue);
    return silent.slots().entrySet().stream()
        .filter(slot -> Integer.toString(slot.getKey()).equals(name))
        .findFirst()
        .map(slot -> slot.getValue() + onRecord(silent))
        .or(records::findFirst)
        .map(text -> new ApiException(503, "unanswered_gpu", text));
  }

  private static String onRecord(UnansweredGpus silent) {
    return silent.records().isEmpty()
        ? ""
        : "; not restored: " + String.join("; ", silent.records().values());
  }

  private static boolean isExactly(GpuView gpu, String name) {
    return gpu.traits().id().uuid().equalsIgnoreCase(name)
        || Integer.toString(gpu.traits().index()).equals(name);
  }

  private static List<GpuView> startingWith(Snapshot snapshot, String name) {
    return snapshot.gpus().stream().filter(gpu -> startsWith(gpu.traits().id(), name)).toList();
  }

  private static boolean startsWith(GpuId gpu, String name) {
    String start = bare(name);
    return start.length() >= MIN_PREFIX_LENGTH && bare(gpu.uuid()).startsWith(start);
  }

  private static String bare(String uuid) {
    String lower = uuid.toLowerCase(Locale.ROOT);
    return lower.startsWith(UUID_START) ? lower.substring(UUID_START.length()) : lower;
  }

  private static String known(List<GpuView> gpus) {
    return gpus.isEmpty()
        ? "there are none"
        : gpus.stream()
            .map(gpu -> gpu.traits().index() + " (" + gpu.traits().id() + ")")
            .collect(Collectors.joining(", ", "known: ", ""));
  }

  /**
   * The registered job that runs under that id, or else the only one of that name.
   *
   * @throws ApiException 410 when it has ended, 404 when it is not known, 400 when several have the
   *     name
   */
  static JobView job(Snapshot snapshot, String id) {
    return snapshot.jobs().stream()
        .filter(job -> job.id().value().equals(id))
        .findFirst()
        .or(() -> named(snapshot, id))
        .orElseThrow(() -> missingJob(snapshot, id));
  }

  /** The only registered job of that name. */
  static Optional<JobView> named(Snapshot snapshot, String name) {
    List<JobView> found =
        snapshot.jobs().stream().filter(job -> job.spec().name().equals(name)).toList();
    if (found.size() > 1) {
      throw new ApiException(
          400,
          "ambiguous_job",
          "several jobs are called '%s'; name one by its id: %s"
              .formatted(
                  name,
                  found.stream().map(job -> job.id().value()).collect(Collectors.joining(", "))));
    }
    return found.stream().findFirst();
  }

  /** Why no job runs under that id. */
  static ApiException missingJob(Snapshot snapshot, String id) {
    return snapshot.ended().stream()
        .filter(job -> job.id().value().equals(id))
        .findFirst()
        .map(job -> new ApiException(410, "job_ended", job.text()))
        .orElseGet(() ->
            new ApiException(
                404,
                "unknown_job",
                "no job '%s' runs here; it may have ended long ago or under an earlier daemon; %s"
                    .formatted(id, knownJobs(snapshot, id))));
  }

  private static String knownJobs(Snapshot snapshot, String typed) {
    List<String> words =
        snapshot.jobs().stream()
            .flatMap(job -> Stream.of(job.id().value(), job.spec().name()))
            .toList();
    return Suggestions.nearest(typed, words)
        .map(near -> "did you mean '" + near + "'?")
        .orElseGet(() ->
            words.isEmpty()
                ? "there are none"
                : snapshot.jobs().stream()
                    .map(job -> "%s (%s)".formatted(job.id(), job.spec().name()))
                    .collect(Collectors.joining(", ", "known: ", "")));
  }
}
