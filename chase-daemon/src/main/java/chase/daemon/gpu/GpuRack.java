package chase.daemon.gpu;

import chase.daemon.host.HostProcess;
import chase.daemon.host.ProcessTable;
import chase.zeus.engine.Event;
import chase.zeus.engine.Order;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuSlot;
import chase.zeus.gpu.Gpus;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.WorkerExecutor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All GPUs of this host, each with its worker. A driver that is not there, or goes away, is opened
 * again and again, with growing pauses. Used on one context, where the events come.
 */
public final class GpuRack {
  private static final Logger LOG = System.getLogger(GpuRack.class.getName());
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private final RackNeeds needs;
  private final Consumer<Event> events;
  private final WorkerExecutor driver;
  private final Promise<Void> started = Promise.promise();
  private volatile List<GpuWorker> workers = List.of();

  /** Workers of drivers that went away, as long as a change of theirs has not come back. */
  private volatile List<GpuWorker> hung = List.of();

  private Optional<Gpus> gpus = Optional.empty();
  private Optional<Instant> lastAnswer = Optional.empty();
  private Duration nextPause;
  private Optional<Instant> openedAt = Optional.empty();
  private int openings;

  /** The place of the GPU for whose sake the driver was last opened anew. */
  private OptionalInt culprit = OptionalInt.empty();

  private volatile Optional<String> away = Optional.of("it is being opened");
  private boolean reopening;
  private boolean pausing;
  private boolean closed;

  /**
   * A rack without GPUs until it is started.
   *
   * @param events hears of everything that happens to a GPU
   */
  public GpuRack(RackNeeds needs, Consumer<Event> events) {
    this.needs = needs;
    this.events = events;
    this.nextPause = needs.timing().reopenAfter();
    this.driver =
        needs
            .vertx()
            .createSharedWorkerExecutor("gpu-driver", 1, GpuTiming.UNWATCHED_DAYS, TimeUnit.DAYS);
  }

  /**
   * Opens the driver and starts a worker for each GPU. Completes when every one was opened or took
   * too long, or when the driver is not there yet and is tried again later.
   *
   * @return fails with {@link GpuException} of kind REFUSED when this can never be a driver
   */
  public Future<Void> start() {
    reopening = true;
    open();
    return started.future();
  }

  /** Why there is no driver at the moment; empty when there is one. Any thread may ask. */
  public Optional<String> driverAway() {
    return away;
  }

  /** Completes the start at once, whoever has not answered yet. */
  public void stopWaiting() {
    if (!started.future().isComplete()) {
      LOG.log(Level.WARNING, "not waiting any longer for " + awaited());
      started.tryComplete();
    }
  }

  private String awaited() {
    List<String> names =
        workers.stream().filter(GpuWorker::isAwaited).map(GpuWorker::name).toList();
    return names.isEmpty() ? "the GPU driver" : String.join(", ", names);
  }

  private void open() {
    lastAnswer = Optional.of(needs.clock().instant());
    long patience =
        needs.vertx().setTimer(needs.timing().callDeadline().toMillis(), tick -> driverHangs());
    driver
        .executeBlocking(this::opened, false)
        .onComplete(done -> needs.vertx().cancelTimer(patience))
        .onSuccess(this::install)
        .onFailure(this::notOpened);
  }

  private Gpus opened() throws GpuException {
    Gpus opened = needs.opener().open();
    if (opened.slots().isEmpty()) {
      opened.close();
      throw new GpuException(GpuException.Kind.RETRY, "the driver shows no GPU");
    }
    return opened;
  }

  private void driverHangs() {
    driverIsAway(DriverCall.noAnswer(needs.timing().callDeadline()));
    started.tryComplete();
  }

  /** Says a trouble of the driver once, however often it is tried again. */
  private void driverIsAway(String why) {
    if (!away.equals(Optional.of(why))) {
      LOG.log(
          Level.WARNING,
          "the GPU driver is not there: %s; it is tried again at least every %s"
              .formatted(why, GpuTiming.words(LONGEST_PAUSE)));
    }
    away = Optional.of(why);
  }

  private void install(Gpus opened) {
    reopening = false;
    if (closed) {
      needs.vertx().executeBlocking(() -> closed(opened), false);
      return;
    }
    if (openings > 0 || started.future().isComplete()) {
      LOG.log(Level.INFO, openings > 0 ? "the GPU driver is back" : "the GPU driver is there");
    }
    openings++;
    away = Optional.empty();
    gpus = Optional.of(opened);
    openedAt = Optional.of(needs.clock().instant());
    workers = opened.slots().stream().map(this::worker).toList();
    Future.join(workers.stream().map(GpuWorker::start).toList())
        .onComplete(all -> {
          if (gpus.filter(opened::equals).isPresent()) {
            sayMissing();
          }
          started.tryComplete();
        });
  }

  private GpuWorker worker(GpuSlot slot) {
    String thread = "gpu-" + slot.index() + (openings > 1 ? "." + openings : "");
    return new GpuWorker(needs, slot, thread, new FromWorker());
  }

  /** What is on record of GPUs that did not come is not forgotten. */
  private void sayMissing() {
    Set<GpuId> known = new LinkedHashSet<>();
    needs
        .journals()
        .ifPresent(journals -> {
          known.addAll(journals.limits().entries().keySet());
          known.addAll(journals.knobs().entries().keySet());
        });
    workers.stream().map(GpuWorker::id).flatMap(Optional::stream).forEach(known::remove);
    known.forEach(id ->
        LOG.log(
            Level.WARNING, id + " is not here, or does not answer: what it had stays on record"));
  }

  private void notOpened(Throwable trouble) {
    boolean hopeless =
        openings == 0
            && !started.future().isComplete()
            && trouble instanceof GpuException known
            && known.kind() == GpuException.Kind.REFUSED;
    if (hopeless) {
      started.tryFail(trouble);
      return;
    }
    driverIsAway(String.valueOf(trouble.getMessage()));
    started.tryComplete();
    reopenLater();
  }

  private Optional<GpuWorker> worker(GpuId gpu) {
    return workers.stream().filter(worker -> worker.id().filter(gpu::equals).isPresent()).findAny();
  }

  /** Carries out an order; what came of it is told as an event. */
  public void carryOut(Order order) {
    worker(order.gpu()).ifPresent(worker -> worker.carryOut(order));
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
    return worker(gpu)
        .map(worker ->
            worker.change((card, guard) -> {
              card.turn(wish, guard);
              return true;
            }))
        .orElseGet(() -> notThere(gpu));
  }

  /** Undoes what users turned on a GPU; what cannot be undone stays on record and is said. */
  public void undoTurns(GpuId gpu) {
    ask(gpu, (card, guard) -> card.undoTurns())
        .onSuccess(done -> done.ifPresent(outcome -> LOG.log(Level.INFO, outcome.line())));
  }

  private <T> Future<T> ask(GpuId gpu, GpuWorker.Ask<T> question) {
    return worker(gpu).map(worker -> worker.ask(question)).orElseGet(() -> notThere(gpu));
  }

  private static <T> Future<T> notThere(GpuId gpu) {
    return Future.failedFuture(
        new GpuException(GpuException.Kind.LOST, "GPU " + gpu + " is not there"));
  }

  /**
   * Whether any GPU answered lately, or the driver is away and asked for now and then. False means
   * that every call hangs.
   */
  public boolean answering(Instant now) {
    return pausing
        || lastAnswer.filter(last -> now.isBefore(last.plus(needs.timing().silence()))).isPresent();
  }

  /** The GPUs that a change was begun on and has not come back from; any thread may ask. */
  public Set<GpuId> hungWrites() {
    return Stream.concat(workers.stream(), hung.stream())
        .map(GpuWorker::hungWrite)
        .flatMap(Optional::stream)
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Ends all workers and lets go of the driver; completes when no call is under way, which a hung
   * GPU prevents.
   */
  public Future<Void> close() {
    closed = true;
    return closeWorkers().compose(idle -> closeDriver()).eventually(driver::close);
  }

  private Future<Void> closeWorkers() {
    return Future.join(workers.stream().map(GpuWorker::close).toList()).mapEmpty();
  }

  private void driverGone(GpuWorker worker, String why) {
    if (reopening || closed) {
      return;
    }
    if (isAlone(worker)) {
      worker.loseAlone(why);
      return;
    }
    reopening = true;
    culprit = OptionalInt.of(worker.index());
    away = Optional.of(why);
    LOG.log(Level.WARNING, "the GPU driver went away (" + why + "); opening it again");
    List<GpuWorker> gone = workers;
    Future<Void> idle = closeWorkers();
    workers = List.of();
    hung =
        Stream.concat(hung.stream(), gone.stream())
            .filter(one -> one.hungWrite().isPresent())
            .toList();
    within(needs.timing().callDeadline(), idle)
        .compose(waited -> within(needs.timing().callDeadline(), closeDriver()))
        .onComplete(done -> reopenLater());
    gone.stream()
        .map(GpuWorker::id)
        .flatMap(Optional::stream)
        .forEach(gpu ->
            events.accept(
                new Event.GpuLost(gpu, "the driver went away: " + why, needs.clock().instant())));
  }

  /**
   * Whether a GPU speaks of the driver's trouble that is its own: opening the driver anew for its
   * sake has not helped, and another GPU answers.
   */
  private boolean isAlone(GpuWorker worker) {
    return hasLatelyOpened()
        && culprit.equals(OptionalInt.of(worker.index()))
        && workers.stream().anyMatch(other -> other != worker && other.answers());
  }

  private boolean hasLatelyOpened() {
    return openedAt
        .filter(at -> needs.clock().instant().isBefore(at.plus(LONGEST_PAUSE)))
        .isPresent();
  }

  /** Completes when {@code end} does, however it ends, or when the time is over. */
  private Future<Void> within(Duration atMost, Future<Void> end) {
    Promise<Void> over = Promise.promise();
    long timer = needs.vertx().setTimer(atMost.toMillis(), tick -> over.tryComplete());
    end.onComplete(done -> {
      needs.vertx().cancelTimer(timer);
      over.tryComplete();
    });
    return over.future();
  }

  private Future<Void> closeDriver() {
    Optional<Gpus> open = gpus;
    gpus = Optional.empty();
    // On a thread of its own: a driver that hangs as it closes must not keep it from opening.
    return open.map(known ->
            needs
                .vertx()
                .createSharedWorkerExecutor(
                    "gpu-driver-close." + openings, 1, GpuTiming.UNWATCHED_DAYS, TimeUnit.DAYS))
        .map(thread ->
            thread
                .executeBlocking(() -> closed(open.orElseThrow()), false)
                .eventually(thread::close)
                .<Void>mapEmpty())
        .orElseGet(Future::succeededFuture);
  }

  private static boolean closed(Gpus open) {
    open.close();
    return true;
  }

  /** Pauses grow also when the driver comes and goes. */
  private void reopenLater() {
    if (closed) {
      return;
    }
    if (openedAt.isPresent() && !hasLatelyOpened()) {
      nextPause = needs.timing().reopenAfter();
      openedAt = Optional.empty();
    }
    Duration pause = nextPause;
    Duration doubled = pause.multipliedBy(2);
    nextPause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    pausing = true;
    needs
        .vertx()
        .setTimer(
            pause.toMillis(),
            tick -> {
              pausing = false;
              if (!closed) {
                open();
              }
            });
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
    public void driverGone(GpuWorker worker, String why) {
      GpuRack.this.driverGone(worker, why);
    }
  }
}
