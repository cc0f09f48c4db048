package chase.daemon.profiles;

import chase.zeus.engine.Event;
import chase.zeus.engine.JobId;
import chase.zeus.engine.JobSpec;
import chase.zeus.engine.JobView;
import chase.zeus.engine.ProfileView;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.GpuId;
import chase.zeus.profile.MeasuredProfile;
import chase.zeus.profile.PowerProfile;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Gives each job that starts the profile of its earlier runs, and saves what is measured of it now:
 * once a minute while that changes, and when the job or the daemon ends. The disk is used on a
 * thread of its own.
 */
public final class ProfileKeeper extends VerticleBase {
  private static final Logger LOG = System.getLogger(ProfileKeeper.class.getName());
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration BETWEEN_SAVES = Duration.ofMinutes(1);

  private final ProfileStore store;
  private final Supplier<Snapshot> snapshots;
  private final Consumer<Event> events;
  private final InstantSource clock;
  private final Map<JobId, TrackedJob> jobs = new HashMap<>();
  private @Nullable WorkerExecutor disk;
  private long timer;
  private boolean failing;

  /** A job that runs, or ended since the last update. */
  private static final class TrackedJob {
    private final JobFingerprint fingerprint;
    private boolean loaded;
    private MeasuredProfile last = MeasuredProfile.EMPTY;
    private MeasuredProfile saved = MeasuredProfile.EMPTY;
    private Instant savedAt;

    TrackedJob(JobFingerprint fingerprint, Instant now) {
      this.fingerprint = fingerprint;
      this.savedAt = now;
    }

    boolean isUnsaved() {
      return loaded && !last.points().isEmpty() && !last.equals(saved);
    }
  }

  /**
   * A keeper that begins when it is deployed.
   *
   * @param snapshots the engine's state; any thread may read it
   * @param events accepts events for the engine, from any thread
   */
  public ProfileKeeper(
      ProfileStore store,
      Supplier<Snapshot> snapshots,
      Consumer<Event> events,
      InstantSource clock) {
    this.store = store;
    this.snapshots = snapshots;
    this.events = events;
    this.clock = clock;
  }

  @Override
  public Future<?> start() {
    disk = vertx.createSharedWorkerExecutor("profiles", 1);
    timer = vertx.setPeriodic(TICK.toMillis(), tick -> update());
    return Future.succeededFuture();
  }

  private void update() {
    Snapshot snapshot = snapshots.get();
    Instant now = clock.instant();
    // First those that ended: a job that was killed and restarted finds its profile.
    jobs.entrySet().removeIf(entry -> snapshot.job(entry.getKey()).isEmpty() && saveEnded(entry));
    snapshot.jobs().forEach(job -> job.profile().ifPresent(profile -> track(job, profile, now)));
    jobs.values().stream()
        .filter(job -> job.isUnsaved() && !now.isBefore(job.savedAt.plus(BETWEEN_SAVES)))
        .forEach(job -> save(job, now));
  }

  private void track(JobView job, ProfileView profile, Instant now) {
    TrackedJob known = jobs.get(job.id());
    if (known == null) {
      TrackedJob started = new TrackedJob(fingerprint(job.spec(), snapshots.get()), now);
      jobs.put(job.id(), started);
      load(job.id(), started);
    } else if (profile.workSource() == ProfileView.WorkSource.REPORTED) {
      // Cycles that its GPUs counted are no steps: its next run may report them.
      known.last = profile.measured();
    }
  }

  /** A job that has ended is saved at once. */
  private boolean saveEnded(Map.Entry<JobId, TrackedJob> ended) {
    if (ended.getValue().isUnsaved()) {
      save(ended.getValue(), clock.instant());
    }
    return true;
  }

  private static JobFingerprint fingerprint(JobSpec spec, Snapshot snapshot) {
    GpuId first = spec.gpus().getFirst();
    String model = snapshot.gpu(first).map(gpu -> gpu.traits().model()).orElse("unknown");
    return new JobFingerprint(spec.name(), model, spec.gpus().size(), spec.batchSize());
  }

  private void load(JobId id, TrackedJob job) {
    onDisk(() -> store.find(job.fingerprint))
        .onComplete(done -> {
          job.loaded = true;
          if (done.failed()) {
            LOG.log(
                Level.WARNING, "the profile of " + job.fingerprint + " is not read", done.cause());
            return;
          }
          done.result().ifPresent(found -> publish(id, job, found));
        });
  }

  private void publish(JobId id, TrackedJob job, ProfileStore.SavedProfile found) {
    job.saved = found.profile();
    LOG.log(Level.INFO, "job " + id + " starts with the profile of " + job.fingerprint);
    events.accept(new Event.ProfileLoaded(id, found.profile(), found.savedAt(), clock.instant()));
  }

  private void save(TrackedJob job, Instant now) {
    MeasuredProfile profile = job.last;
    job.saved = profile;
    job.savedAt = now;
    onDisk(
            () -> {
              store.save(job.fingerprint, profile);
              return true;
            })
        .onSuccess(done -> failing = false)
        .onFailure(cause -> onSaveFailed(job, cause));
  }

  /** Logged once until it works again; the profile is saved with its next change. */
  private void onSaveFailed(TrackedJob job, Throwable cause) {
    job.saved = MeasuredProfile.EMPTY;
    if (!failing) {
      LOG.log(Level.WARNING, "the profile of " + job.fingerprint + " is not saved: " + cause);
    }
    failing = true;
  }

  /** The saved profiles of {@code wanted}, as policies use them; none for those never measured. */
  public Future<Map<JobFingerprint, PowerProfile>> powerProfiles(List<JobFingerprint> wanted) {
    return onDisk(() -> {
      Map<JobFingerprint, PowerProfile> profiles = new HashMap<>();
      for (JobFingerprint job : wanted) {
        store
            .find(job)
            .flatMap(found -> found.profile().toPowerProfile())
            .ifPresent(profile -> profiles.put(job, profile));
      }
      return profiles;
    });
  }

  private <T> Future<T> onDisk(Callable<T> work) {
    try {
      return Objects.requireNonNull(disk).executeBlocking(work);
    } catch (RejectedExecutionException closed) {
      return Future.failedFuture(closed);
    }
  }

  /** Saves what is not saved yet. */
  @Override
  public Future<?> stop() {
    vertx.cancelTimer(timer);
    update();
    jobs.values().stream().filter(TrackedJob::isUnsaved).forEach(job -> save(job, clock.instant()));
    // The disk works in order: this is done when everything before it is.
    return onDisk(() -> true).eventually(() -> Objects.requireNonNull(disk).close());
  }
}
