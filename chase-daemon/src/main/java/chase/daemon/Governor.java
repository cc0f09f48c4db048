package chase.daemon;

import chase.daemon.bus.CommandRefused;
import chase.daemon.bus.Notice;
import chase.daemon.bus.Topic;
import chase.daemon.gpu.GpuRack;
import chase.daemon.gpu.KnobTurn;
import chase.daemon.gpu.RackNeeds;
import chase.daemon.host.HostProcess;
import chase.daemon.host.ProcessTable;
import chase.daemon.ledger.GpuOwners;
import chase.zeus.engine.Engine;
import chase.zeus.engine.Event;
import chase.zeus.engine.HostPower;
import chase.zeus.engine.Order;
import chase.zeus.engine.Refusal;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.GpuId;
import chase.zeus.policy.EnergyOutlook;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Owns the engine, on one context: hands it everything that happens, one thing after the other, has
 * its orders carried out, and tells people about it. Decides nothing.
 */
public final class Governor extends VerticleBase {
  private static final Logger LOG = System.getLogger(Governor.class.getName());
  private static final Duration TICK = Duration.ofSeconds(1);

  private final Engine engine;
  private final GpuRack rack;
  private final KnobLeases knobs;
  private final ProcessWatch processes;
  private final Duration processPeriod;
  private final Topic<EnergyOutlook> outlooks;
  private final Topic<Notice> notices;
  private final InstantSource clock;
  private final Queue<Event> inbox = new ArrayDeque<>();
  private final List<Waiter> waiters = new ArrayList<>();
  private final Map<GpuId, String> lastSaid = new HashMap<>();
  private boolean busy;

  /** Whether the GPUs are not read any more, so that their silence means nothing. */
  private boolean closing;

  private volatile Optional<Instant> lastProgress = Optional.empty();

  /**
   * A governor of no GPUs yet; they are opened, read and written once it is deployed.
   *
   * @param host the processes of this host
   * @param processPeriod how often GPUs for which no job registered are asked who computes there
   */
  public Governor(
      Engine engine,
      RackNeeds needs,
      ProcessTable host,
      Duration processPeriod,
      Topic<EnergyOutlook> outlooks,
      Topic<Notice> notices) {
    this.engine = engine;
    this.rack = new GpuRack(needs, this::take);
    this.knobs = new KnobLeases(engine, rack, needs.journals(), this::take);
    this.processes =
        new ProcessWatch((gpu, simulated) -> rack.processes(gpu, host, simulated), needs.clock());
    this.processPeriod = processPeriod;
    this.outlooks = outlooks;
    this.notices = notices;
    this.clock = needs.clock();
  }

  /**
   * Completes when every GPU was opened or took too long, or when the driver is not there yet and
   * is waited for; fails when there can be none.
   */
  @Override
  public Future<?> start() {
    outlooks.subscribe(outlook -> take(new Event.OutlookChanged(outlook, clock.instant())));
    vertx.setPeriodic(TICK.toMillis(), tick -> tick());
    return rack.start().onComplete(opened -> watchProcesses());
  }

  private void watchProcesses() {
    processes.look(engine.snapshot());
    vertx.setPeriodic(processPeriod.toMillis(), look -> processes.look(engine.snapshot()));
  }

  private void tick() {
    Instant now = clock.instant();
    if (!closing) {
      take(new Event.TimePassed(now));
    }
    if (rack.answering(now)) {
      lastProgress = Optional.of(now);
    }
  }

  /** Takes in what the host draws for each GPU, from any thread. */
  void hostPower(HostPower power) {
    context.runOnContext(now -> take(new Event.HostPowerChanged(power, clock.instant())));
  }

  /** The engine's state; any thread may ask. */
  public Snapshot snapshot() {
    return engine.snapshot();
  }

  /** Who uses which GPU; any thread may ask. */
  public GpuOwners tenants() {
    return new GpuOwners(engine.snapshot(), processes.seen());
  }

  /** The processes that compute on every GPU that tells, as of the last few seconds. */
  public Future<Map<GpuId, List<HostProcess>>> computing() {
    return onOwnContext(() -> processes.all(engine.snapshot()));
  }

  /**
   * When the control loop last turned while at least one GPU answered; empty before the first time,
   * and standing still when the loop does, or when every GPU hangs. Any thread may ask.
   */
  public Optional<Instant> lastProgress() {
    return lastProgress;
  }

  /**
   * Does a command, from any thread; completes with the state after it when every order that it
   * caused was carried out.
   *
   * @return fails with {@link CommandRefused} when the engine refuses it and nothing changed, and
   *     with {@link chase.daemon.bus.CommandFailed} when a GPU did not do what it asks
   */
  public Future<Snapshot> command(Event.Command command) {
    return onContext(
        waiter -> {
          Optional<Refusal> refusal = commanded(() -> engine.refusal(command));
          if (refusal.isPresent()) {
            waiter.promise().fail(new CommandRefused(refusal.get()));
          } else {
            waiters.add(waiter);
            take(command);
          }
        },
        Waiter.of(command, engine.snapshot()));
  }

  /** Asks the GPUs something, from any thread. */
  public <T> Future<T> ask(Function<GpuRack, Future<T>> question) {
    return onOwnContext(() -> question.apply(rack));
  }

  private <T> Future<T> onOwnContext(Supplier<Future<T>> question) {
    Promise<T> answer = Promise.promise();
    context.runOnContext(now -> asked(question).onComplete(answer));
    return answer.future();
  }

  /** What a question throws is its asker's to know, and no reason for anything else to end. */
  private static <T> Future<T> asked(Supplier<Future<T>> question) {
    try {
      return question.get();
    } catch (RuntimeException fault) {
      return Future.failedFuture(fault);
    }
  }

  /**
   * Turns a knob for a user, from any thread; completes when it is turned.
   *
   * @param lease what the user takes by that, where something must be undone afterwards
   * @return fails with {@link CommandRefused} when the engine refuses the lease, and with {@link
   *     chase.zeus.gpu.GpuException} when the card did not do it
   */
  public Future<Boolean> turn(KnobTurn wish, Event.LeaseTaken lease) {
    return ask(here -> knobs.turn(wish, lease));
  }

  /** Lets the engine know something, from any thread. */
  public void tell(Event event) {
    context.runOnContext(now -> take(event));
  }

  /**
   * Puts all limits back and decides nothing from now on; completes when every GPU that answers has
   * its limit back, and fails with the text of what did not work.
   */
  public Future<Snapshot> restoreAll() {
    return onContext(
        waiter -> {
          waiters.add(waiter);
          take(new Event.Stopping(clock.instant()));
        },
        Waiter.ofAll());
  }

  /** A fault that one command met, whose asker is told; any other one ends the daemon. */
  private static final class CommandBroke extends RuntimeException {
    CommandBroke(RuntimeException fault) {
      super(fault);
    }
  }

  private static <T> T commanded(Supplier<T> work) {
    try {
      return work.get();
    } catch (RuntimeException fault) {
      throw new CommandBroke(fault);
    }
  }

  private Future<Snapshot> onContext(Consumer<Waiter> work, Waiter waiter) {
    context.runOnContext(now -> {
      try {
        work.accept(waiter);
      } catch (CommandBroke broke) {
        waiters.remove(waiter);
        waiter.promise().tryFail(broke.getCause());
      }
    });
    return waiter.promise().future();
  }

  /** Ends the GPUs' workers; completes when no call is under way. */
  @Override
  public Future<?> stop() {
    closing = true;
    return rack.close();
  }

  /** Completes the start at once, whoever has not answered yet; from any thread. */
  void stopWaiting() {
    Optional.ofNullable(context).ifPresent(own -> own.runOnContext(now -> rack.stopWaiting()));
  }

  /** Why there is no GPU driver at the moment; any thread may ask. */
  Optional<String> driverTrouble() {
    return rack.driverTrouble();
  }

  /** The GPUs on which a change of ours hangs; any thread may ask. */
  Set<GpuId> hungWrites() {
    return rack.hungWrites();
  }

  /** Events that events cause are taken in afterwards, so that the engine is never re-entered. */
  private void take(Event event) {
    inbox.add(event);
    if (busy) {
      return;
    }
    busy = true;
    try {
      for (Event next = inbox.poll(); next != null; next = inbox.poll()) {
        happen(next);
      }
    } finally {
      busy = false;
    }
  }

  private void happen(Event event) {
    Snapshot before = engine.snapshot();
    List<Order> orders =
        event instanceof Event.Command ? commanded(() -> engine.on(event)) : engine.on(event);
    Snapshot after = engine.snapshot();
    NoticeText.of(event, before, after).forEach(notice -> say(notice, after));
    orders.forEach(rack::carryOut);
    knobs.undo(before, after);
    waiters.removeIf(waiter -> waiter.after(event, after));
    switch (event) {
      case Event.GpuOpened opened -> processes.forget(opened.traits().id());
      case Event.GpuLost lost -> processes.forget(lost.gpu());
      default -> {}
    }
  }

  private static Level level(Notice notice, Snapshot after) {
    return switch (notice.kind()) {
      case FAILURE, FOREIGN -> Level.WARNING;
      case GPU -> answers(notice, after) ? Level.INFO : Level.WARNING;
      case SIGNAL, LIMIT, COMMAND, JOB -> Level.INFO;
    };
  }

  private static boolean answers(Notice notice, Snapshot after) {
    return notice.gpu().flatMap(after::gpu).filter(gpu -> !gpu.contact().answers()).isEmpty();
  }

  /** A failure that repeats itself is said once, until something else is to be said of its GPU. */
  private void say(Notice notice, Snapshot after) {
    Optional<String> before =
        notice.gpu().flatMap(gpu -> Optional.ofNullable(lastSaid.put(gpu, notice.text())));
    if (notice.kind() == Notice.Kind.FAILURE && before.filter(notice.text()::equals).isPresent()) {
      return;
    }
    LOG.log(level(notice, after), notice.text());
    notices.publish(notice);
  }
}
