package chase.daemon.gpu;

import chase.daemon.gpu.journal.GpuJournals;
import chase.zeus.engine.Event;
import chase.zeus.engine.GpuView.GpuContact.ContactState;
import chase.zeus.engine.Order;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuException.Kind;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuSlot;
import chase.zeus.gpu.Gpus;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All GPUs of this host, each with its worker. A driver that is missing, or goes away, is opened
 * again and again, with growing pauses. Used on one context, which also receives the events.
 */
public final class GpuPool {
  private static final Logger LOG = System.getLogger(GpuPool.class.getName());

  private final Vertx vertx;
  private final GpuBackend backend;
  private final Optional<GpuJournals> journals;
  private GpuTiming timing;
  private final InstantSource clock;
  private final Consumer<Event> events;
  private final GpuDriver driver;
  private final Promise<Void> started = Promise.promise();
  private volatile List<GpuWorker> workers = List.of();

  private final RetiredWorkers retired = new RetiredWorkers();
  private RetiredWorkers.ReleasedGpus released = RetiredWorkers.ReleasedGpus.NONE;
  private Optional<Instant> lastAnswer = Optional.empty();

  private final GpuTiming.ReadingTolerance tolerance;

  /** Whether the driver is away. */
  private boolean reopening;

  private boolean closed;
  private long telemetry = -1;

  /**
   * A pool without GPUs until it is started.
   *
   * @param vertx where the GPUs' threads come from
   * @param journals where changes are recorded before they are made; without them none is made
   * @param events is notified of everything that happens to a GPU
   */
  public GpuPool(
      Vertx vertx,
      GpuBackend backend,
      Optional<GpuJournals> journals,
      GpuTiming timing,
      InstantSource clock,
      Consumer<Event> events) {
    this.vertx = vertx;
    this.backend = backend;
    this.journals = journals;
    this.timing = timing;
    this.clock = clock;
    this.events = events;
    this.tolerance = new GpuTiming.ReadingTolerance(timing.failureTolerance());
    this.driver =
        new GpuDriver(vertx, backend, timing, clock, this::onDriverOpened, this::onDriverAway);
  }

  /**
   * Opens the driver and starts a worker for each GPU. Completes when every one was opened or took
   * too long, or when the driver is missing and retried later.
   *
   * @return fails with {@link GpuException} of kind REFUSED when this can never be a driver
   */
  public Future<Void> start() {
    reopening = true;
    lastAnswer = Optional.of(clock.instant());
    driver.open();
    readEvery(timing.telemetryPeriod());
    return started.future();
  }

  /** Reads every GPU as often as that from now on. */
  public void readEvery(Duration period) {
    timing = timing.readingEvery(period);
    vertx.cancelTimer(telemetry);
    telemetry = vertx.setPeriodic(period.toMillis(), tick -> workers.forEach(GpuWorker::read));
  }

  /** Where the driver stands. Any thread may read this. */
  public DriverState driver() {
    return driver.state();
  }

  /** The GPUs that never answered, and are not in {@code known}; any thread may call. */
  public DriverState.UnansweredGpus unanswered(Snapshot known) {
    return DriverState.UnansweredGpus.of(workers, journals, known);
  }

  /**
   * Restores all limits and settings and closes the driver until {@code until}, so that others can
   * change it; a release of a released driver changes the end. The GPUs are lost meanwhile.
   *
   * @return completes when the driver is closed and everything is restored; fails with {@link
   *     GpuException} and one line for each thing that is not, also when it is repeated. It is
   *     released all the same, unless Chase is stopping
   */
  public Future<Void> release(Instant until) {
    if (closed) {
      return Future.failedFuture(new GpuException(Kind.RETRY, "Chase is stopping"));
    }
    if (!workers.isEmpty()) {
      released = RetiredWorkers.ReleasedGpus.of(workers);
      retired.add(workers, released.close());
    }
    workers = List.of();
    reopening = true;
    Future<Void> over = driver.release(until, retired.idle());
    DriverState.Released state = new DriverState.Released(until);
    ids(released.workers())
        .forEach(gpu ->
            events.accept(
                new Event.GpuLost(gpu, state.text(), ContactState.RELEASED, clock.instant())));
    return released.result(over, journals);
  }

  /** Ends a release; completes when the driver was opened, or is retried. */
  public Future<Void> endRelease() {
    return driver.endRelease("an operator asked for it");
  }

  /** Completes the start at once, also where GPUs have not answered yet. */
  public void stopWaiting() {
    if (!started.future().isComplete()) {
      LOG.log(Level.WARNING, "not waiting any longer for " + awaitedNames());
      started.tryComplete();
    }
  }

  private String awaitedNames() {
    var names = workers.stream().filter(GpuWorker::isAwaited).map(GpuWorker::name).toList();
    return names.isEmpty() ? "the GPU driver" : String.join(", ", names);
  }

  private void onDriverAway(GpuException why) {
    lastAnswer = Optional.of(clock.instant());
    if (why.kind() == Kind.REFUSED && driver.openings() == 0) {
      started.tryFail(why);
    } else {
      started.tryComplete();
    }
  }

  private void onDriverOpened(Gpus opened) {
    reopening = false;
    released = RetiredWorkers.ReleasedGpus.NONE;
    lastAnswer = Optional.of(clock.instant());
    List<GpuWorker> all = opened.slots().stream().map(this::worker).toList();
    workers = all;
    Future.join(all.stream().map(GpuWorker::start).toList())
        .onComplete(introduced -> {
          // The GPUs of a closed pool are not missing.
          if (workers.equals(all) && !reopening && !closed) {
            logMissing();
          }
          started.tryComplete();
        });
  }

  private GpuWorker worker(GpuSlot slot) {
    String thread = "gpu-" + slot.index() + (driver.openings() > 1 ? "." + driver.openings() : "");
    GpuOpening opening = new GpuOpening(slot, backend, journals, clock);
    return new GpuWorker(vertx, opening, timing, clock, thread, new FromWorker());
  }

  /** Logs the GPUs that have an entry on record and do not answer. */
  private void logMissing() {
    String end = " is not here, or does not answer: what it had stays on record";
    journals.stream()
        .flatMap(recorded -> recorded.gpus().stream())
        .filter(id -> !ids(workers).contains(id))
        .forEach(id -> LOG.log(Level.WARNING, id + end));
  }

  private Optional<GpuWorker> worker(GpuId gpu) {
    return workers.stream().filter(worker -> worker.id().filter(gpu::equals).isPresent()).findAny();
  }

  /** Carries out an order; its result is an event. */
  public void carryOut(Order order) {
    worker(order.gpu()).ifPresent(worker -> worker.carryOut(order));
  }

  /** Reads a GPU. */
  public interface GpuQuery<T> {
    /** What the GPU shows at this moment. */
    T of(Gpu gpu) throws GpuException;
  }

  /** Reads something of a GPU at this moment. Fails with {@link GpuException}. */
  public <T> Future<T> read(GpuId gpu, GpuQuery<T> reading) {
    return call(gpu, (opened, guard) -> reading.of(opened.gpu()));
  }

  /** Changes a setting for a user. Fails with {@link GpuException}. */
  public Future<Boolean> change(GpuId gpu, SettingChange change) {
    GpuWorker.Call<Boolean> call =
        (opened, guard) -> {
          opened.change(change, guard);
          return true;
        };
    return worker(gpu).map(worker -> worker.change(call)).orElseGet(() -> unknownGpu(gpu));
  }

  /** Whether a user changed a setting of a GPU that is not undone yet. */
  boolean hasChangedSettings(GpuId gpu) {
    return journals.flatMap(known -> known.settings().entry(gpu)).isPresent();
  }

  /** Undoes what users changed on a GPU; what cannot be undone stays on record and is logged. */
  public void undoChanges(GpuId gpu) {
    call(gpu, (opened, guard) -> opened.undoChanges())
        .onSuccess(done -> done.ifPresent(outcome -> LOG.log(Level.INFO, outcome.line())));
  }

  private <T> Future<T> call(GpuId gpu, GpuWorker.Call<T> call) {
    return worker(gpu).map(worker -> worker.call(call)).orElseGet(() -> unknownGpu(gpu));
  }

  private static <T> Future<T> unknownGpu(GpuId gpu) {
    return Future.failedFuture(
        new GpuException(GpuException.Kind.LOST, "GPU " + gpu + " is not there"));
  }

  /**
   * Whether any GPU answered recently, or the driver is away and retried. False means that every
   * call hangs.
   */
  public boolean isAnswering(Instant now) {
    return driver.isPausing()
        || lastAnswer.filter(last -> now.isBefore(last.plus(timing.maxSilence()))).isPresent();
  }

  /** The GPUs with a write that has not returned; any thread may read this. */
  public Set<GpuId> hungWrites() {
    return Stream.concat(
            workers.stream().flatMap(worker -> worker.hungWrite().stream()), retired.hungWrites())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Closes everything; completes when no call is pending, which a hung GPU prevents. */
  public Future<Void> close() {
    closed = true;
    vertx.cancelTimer(telemetry);
    retired.close(workers);
    return retired.idle().compose(idle -> driver.close());
  }

  private static List<GpuId> ids(List<GpuWorker> workers) {
    return workers.stream().map(GpuWorker::id).flatMap(Optional::stream).toList();
  }

  private void onDriverGone(GpuWorker worker, String why) {
    if (reopening || closed) {
      return;
    }
    if (isOwnTrouble(worker)) {
      worker.reopenAlone(why);
      return;
    }
    reopening = true;
    List<GpuWorker> lost = workers;
    driver.reopen(worker.index(), why, retired.close(lost));
    workers = List.of();
    ids(lost)
        .forEach(gpu ->
            events.accept(new Event.GpuLost(gpu, "the driver went away: " + why, clock.instant())));
  }

  /**
   * Whether a failure that looks like the driver's is the GPU's own: opening the driver anew
   * because of it has not helped, and another GPU answers, or is still being opened.
   */
  private boolean isOwnTrouble(GpuWorker worker) {
    return driver.wasReopenedFor(worker.index())
        && workers.stream()
            .anyMatch(other -> other != worker && (other.isAnswering() || other.isAwaited()));
  }

  /**
   * A GPU whose transient failures do not end is opened anew: alone while another one is read well,
   * else with the driver; then again after pauses that double.
   */
  private void onReadingsFailing(GpuWorker worker, Duration failing, String why) {
    if (!tolerance.isExceeded(worker, failing)) {
      return;
    }
    String reason = "no reading for " + failing.toSeconds() + " s: " + why;
    if (workers.stream().anyMatch(GpuWorker::isReading)) {
      tolerance.onReopening(List.of(worker));
      worker.reopenAlone(reason);
    } else {
      tolerance.onReopening(workers);
      onDriverGone(worker, reason);
    }
  }

  private final class FromWorker implements GpuWorker.Listener {
    @Override
    public void onEvent(Event event) {
      events.accept(event);
    }

    @Override
    public void onAnswer() {
      lastAnswer = Optional.of(clock.instant());
    }

    @Override
    public void onReading(GpuWorker worker) {
      tolerance.onReading(worker);
    }

    @Override
    public void onReadingsFailing(GpuWorker worker, Duration failing, String why) {
      GpuPool.this.onReadingsFailing(worker, failing, why);
    }

    @Override
    public void onDriverGone(GpuWorker worker, String why) {
      GpuPool.this.onDriverGone(worker, why);
    }
  }
}
