package chase.daemon.ledger;

import chase.daemon.host.HostProcess;
import chase.zeus.engine.JobView;
import chase.zeus.gpu.GpuId;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The owner that a GPU's energy is charged to: a job that registered, or else the oldest process
 * that computes there.
 *
 * @param id the job's id on this host; of an anonymous job {@code pid-4711-183042}, its process and
 *     when that started, in hundredths of a second after the host's boot: the same for as long as
 *     the process lives
 * @param name its name; of an anonymous job the command of its process
 * @param user the user of its process, where the host knows
 * @param labels the labels of a registered job
 * @param kind how Chase knows of it
 * @param gpus the GPUs that it has
 * @param startedAt when it was registered, or its process began
 */
public record GpuOwner(
    String id,
    String name,
    Optional<String> user,
    Map<String, String> labels,
    OwnerKind kind,
    List<GpuId> gpus,
    Instant startedAt) {
  /** How Chase knows of a job. */
  public enum OwnerKind {
    /** It registered. */
    REGISTERED,
    /** The driver shows its process. */
    ANONYMOUS
  }

  /** Copies the collections. */
  public GpuOwner {
    labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    gpus = List.copyOf(gpus);
  }

  /** A job that registered. */
  public static GpuOwner of(JobView job) {
    return new GpuOwner(
        job.id().value(),
        job.spec().name(),
        job.spec().user(),
        job.spec().labels(),
        OwnerKind.REGISTERED,
        job.spec().gpus(),
        job.startedAt());
  }

  /** A job that is known only by its process. */
  static GpuOwner of(HostProcess process, List<GpuId> gpus) {
    return new GpuOwner(
        String.format(
            Locale.ROOT, "pid-%d-%d", process.pid(), process.startedAfterBoot().toMillis() / 10),
        process.command(),
        Optional.of(process.user()),
        Map.of(),
        OwnerKind.ANONYMOUS,
        gpus,
        process.startedAt());
  }
}
