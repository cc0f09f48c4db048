package chase.daemon.gpu;

import chase.daemon.host.HostProcess;
import chase.daemon.host.ProcessTable;
import chase.zeus.engine.Event;
import chase.zeus.engine.Order;
import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.Gpus;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * All GPUs of this host, each with its worker. When the driver goes away, everything is closed and
 * opened again, with growing pauses, until it is back. Used on one context, where the events come.
 */
public final class GpuRack {
  private static final Logger LOG = System.getLogger(GpuRack.class.getName());
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private final RackNeeds needs;
  private final Consumer<Event> events;
  private final WorkerExecutor driver;
  private final Map<GpuId, GpuWorker> workers = new LinkedHashMap<>();
  private volatile Gpus gpus;
  private Optional<Instant> lastAnswer = Optional.empty();
  private boolean reopening;
  private boolean pausing;
  private boolean closed;

  /**
   * A rack of GPUs that are open already.
   *
   * @param events hears of everything that happens to a GPU
   */
  public GpuRack(RackNeeds needs, Gpus gpus, Consumer<Event> events) {
    this.needs = needs;
    this.gpus = gpus;
    this.events = events;
    this.driver = needs.vertx().createSharedWorkerExecutor("gpu-driver", 1);
  }

  /** Starts a worker for each GPU; completes when every one was opened, or took too long. */
  public Future<Void> start() {
    return install(gpus);
  }

  private Future<Void> install(Gpus opened) {
    gpus = opened;
    opened.unopened().forEach(line -> LOG.log(Level.WARNING, line));
    List<Future<Void>> starts = opened.all().stream().map(this::install).toList();
    return Future.join(starts).mapEmpty();
  }

  private Future<Void> install(Gpu gpu) {
    GpuWorker worker = new GpuWorker(needs, gpu, new FromWorker());
    workers.put(worker.id(), worker);
    return worker.start();
  }

  /** Carries out an order; what came of it is told as an event. */
  public void carryOut(Order order) {
    Optional.ofNullable(workers.get(order.gpu())).ifPresent(worker -> worker.carryOut(order));
  }

  /** The draw of a GPU at this moment. Fails with {@link GpuException}. */
  public Future<Watts> powerDraw(GpuId gpu) {
    return ask(gpu, (card, guard) -> card.gpu().powerDraw());
  }

  /** The energy counter of a GPU at this moment. Fails with {@link GpuException}. */
  public Future<Joules> energy(GpuId gpu) {
    return ask(gpu, (card, guard) -> card.gpu().energy());
  }

  /** The limits of a GPU at this moment. Fails with {@link GpuException}. */
  public Future<PowerLimits> powerLimits(GpuId gpu) {
    return ask(gpu, (card, guard) -> card.gpu().powerLimits());
  }

  /** The persistence mode of a GPU at this moment. Fails with {@link GpuException}. */
  public Future<Boolean> persistenceMode(GpuId gpu) {
    return ask(gpu, (card, guard) -> card.gpu().knobs().persistenceMode());
  }

  /**
   * The processes that compute on a GPU at this moment, as far as {@code host} shows them; none
   * where the driver numbers processes otherwise than we see them, as it does from a container.
   * Fails with {@link GpuException}.
   *
   * @param simulated whether we simulate the card, which then speaks of processes as we see them
   */
  public Future<List<HostProcess>> processes(GpuId gpu, ProcessTable host, boolean simulated) {
    return ask(
        gpu,
        (card, guard) ->
            simulated || host.hasHostIds()
                ? card.gpu().processes().stream()
                    .map(process -> host.find(process.pid()))
                    .flatMap(Optional::stream)
                    .toList()
                : List.of());
  }

  /** Turns a knob as a user asks. Fails with {@link GpuException}. */
  public Future<Boolean> turn(GpuId gpu, KnobTurn wish) {
    return ask(
        gpu,
        (card, guard) -> {
          card.turn(wish, guard);
          return true;
        });
  }

  /** Undoes what users turned on a GPU; what cannot be undone stays on record and is said. */
  public void undoTurns(GpuId gpu) {
    ask(gpu, (card, guard) -> card.undoTurns())
        .onSuccess(done -> done.ifPresent(outcome -> LOG.log(Level.INFO, outcome.line())));
  }

  private <T> Future<T> ask(GpuId gpu, GpuWorker.Ask<T> question) {
    return Optional.ofNullable(workers.get(gpu))
        .map(worker -> worker.ask(question))
        .orElseGet(() ->
            Future.failedFuture(
                new GpuException(GpuException.Kind.LOST, "GPU " + gpu + " is not there")));
  }

  /**
   * Whether any GPU answered lately, or the driver is away and asked for now and then. False means
   * that every call hangs.
   */
  public boolean answering(Instant now) {
    return pausing
        || lastAnswer.filter(last -> now.isBefore(last.plus(needs.timing().silence()))).isPresent();
  }

  /** Every GPU that is open; call them only after {@link #close} has completed. */
  public Gpus gpus() {
    return gpus;
  }

  /** Ends all workers; completes when no call is under way, which a hung GPU prevents. */
  public Future<Void> close() {
    closed = true;
    return closeWorkers().eventually(driver::close);
  }

  private Future<Void> closeWorkers() {
    List<Future<Void>> ends = workers.values().stream().map(GpuWorker::close).toList();
    workers.clear();
    return Future.join(ends).mapEmpty();
  }

  private void driverGone(String why) {
    if (reopening || closed) {
      return;
    }
    reopening = true;
    LOG.log(Level.WARNING, "the GPU driver went away (" + why + "); opening it again");
    List<GpuId> gone = List.copyOf(workers.keySet());
    closeWorkers()
        .compose(idle -> driver.executeBlocking(this::closeDriver, false))
        .onComplete(done -> reopenAfter(needs.timing().reopenAfter()));
    gone.forEach(gpu ->
        events.accept(
            new Event.GpuLost(gpu, "the driver went away: " + why, needs.clock().instant())));
  }

  private boolean closeDriver() {
    return closed(gpus);
  }

  private static boolean closed(Gpus open) {
    open.close();
    return true;
  }

  private void reopenAfter(Duration pause) {
    if (closed) {
      return;
    }
    pausing = true;
    needs
        .vertx()
        .setTimer(
            pause.toMillis(),
            tick -> {
              pausing = false;
              lastAnswer = Optional.of(needs.clock().instant());
              driver
                  .executeBlocking(needs.opener()::open, false)
                  .onSuccess(this::reopened)
                  .onFailure(trouble -> notReopened(trouble, pause));
            });
  }

  private void reopened(Gpus opened) {
    reopening = false;
    if (closed) {
      needs.vertx().executeBlocking(() -> closed(opened), false);
      return;
    }
    LOG.log(Level.INFO, "the GPU driver is back");
    install(opened);
  }

  private void notReopened(Throwable trouble, Duration pause) {
    Duration doubled = pause.multipliedBy(2);
    Duration next = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    LOG.log(
        Level.WARNING,
        "the GPU driver is not back ("
            + trouble.getMessage()
            + "); next try in "
            + GpuTiming.words(next));
    reopenAfter(next);
  }

  private final class FromWorker implements GpuWorker.Listener {
    @Override
    public void happened(Event event) {
      events.accept(event);
    }

    @Override
    public void answered() {
      lastAnswer = Optional.of(needs.clock().instant());
    }

    @Override
    public void driverGone(String why) {
      GpuRack.this.driverGone(why);
    }
  }
}
