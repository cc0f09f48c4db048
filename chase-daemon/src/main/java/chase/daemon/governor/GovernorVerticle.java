package chase.daemon.governor;

import chase.daemon.events.CommandFailed;
import chase.daemon.events.CommandRefused;
import chase.daemon.events.Topic;
import chase.daemon.gpu.DriverState;
import chase.daemon.gpu.GpuPool;
import chase.daemon.gpu.GpuProcesses;
import chase.daemon.gpu.SettingChange;
import chase.daemon.gpu.SettingLeases;
import chase.daemon.host.HostProcess;
import chase.daemon.host.ProcessTable;
import chase.daemon.restart.RestartKeeper;
import chase.daemon.restart.WatchedProcesses;
import chase.zeus.engine.Engine;
import chase.zeus.engine.Event;
import chase.zeus.engine.KeptState;
import chase.zeus.engine.Order;
import chase.zeus.engine.Refusal;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.policy.EnergyOutlook;
import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
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
 * its orders carried out, and publishes notifications. Decides nothing.
 */
public final class GovernorVerticle extends VerticleBase implements Governor {
  private static final Duration TICK = Duration.ofSeconds(1);

  private final Engine engine;
  private final GpuPool pool;
  private final SettingLeases settings;
  private final GpuProcesses processes;
  private final PlausibleReadings plausible = new PlausibleReadings();
  private final Duration processPeriod;
  private final Topic<EnergyOutlook> outlookTopic;
  private final NotificationPublisher notifications;
  private final RestartKeeper keeper;
  private final InstantSource clock;
  private final Queue<Event> inbox = new ArrayDeque<>();
  private final List<PendingCommand> pending = new ArrayList<>();
  private boolean busy;

  /** Whether the GPUs are not read any more, so that their silence means nothing. */
  private boolean closing;

  private volatile Optional<Instant> lastProgress = Optional.empty();

  /**
   * A governor of no GPUs yet; they are opened, read and written once it is deployed.
   *
   * @param pool makes the GPUs' pool, which hands its events to the governor
   * @param host the processes of this host
   * @param processPeriod how often the processes on GPUs without a registered job are read
   * @param keeper saves what a command changed before the command is done
   */
  public GovernorVerticle(
      Engine engine,
      Function<Consumer<Event>, GpuPool> pool,
      ProcessTable host,
      Duration processPeriod,
      Topic<EnergyOutlook> outlooks,
      NotificationPublisher notifications,
      RestartKeeper keeper,
      InstantSource clock) {
    this.engine = engine;
    this.pool = pool.apply(this::enqueue);
    this.settings = new SettingLeases(engine, this.pool, this::enqueue);
    this.processes = GpuProcesses.of(this.pool, host, clock);
    this.processPeriod = processPeriod;
    this.outlookTopic = outlooks;
    this.notifications = notifications;
    this.keeper = keeper;
    this.clock = clock;
  }

  /**
   * Completes when every GPU was opened or took too long, or when the driver is not there yet and
   * is waited for; fails when there can be none.
   */
  @Override
  public Future<?> start() {
    outlookTopic.subscribe(outlook -> enqueue(new Event.OutlookChanged(outlook, clock.instant())));
    vertx.setPeriodic(TICK.toMillis(), tick -> tick());
    return pool.start()
        .onComplete(opened -> processes.pollEvery(processPeriod, vertx, engine::snapshot));
  }

  /** Reads GPUs, and the processes on them, as often as that from now on; from any thread. */
  public void readEvery(Duration telemetryPeriod, Duration forProcesses) {
    context.runOnContext(now -> {
      pool.readEvery(telemetryPeriod);
      processes.pollEvery(forProcesses, vertx, engine::snapshot);
    });
  }

  private void tick() {
    Instant now = clock.instant();
    if (!closing) {
      enqueue(new Event.TimePassed(now));
    }
    if (pool.isAnswering(now)) {
      lastProgress = Optional.of(now);
    }
  }

  @Override
  public Snapshot snapshot() {
    return engine.snapshot();
  }

  @Override
  public Map<GpuId, List<HostProcess>> unregisteredProcesses() {
    return processes.lastSeen();
  }

  @Override
  public Future<Map<GpuId, List<HostProcess>>> processes() {
    return onOwnContext(() -> processes.current(engine.snapshot()));
  }

  @Override
  public Future<Watts> powerDraw(GpuId gpu) {
    return read(gpu, Gpu::powerDraw)
        .compose(draw -> plausible.power(engine.snapshot().gpu(gpu), draw));
  }

  @Override
  public Future<Joules> energy(GpuId gpu) {
    return read(gpu, Gpu::energy)
        .map(shown -> plausible.energy(engine.snapshot().gpu(gpu), shown, clock.instant()));
  }

  @Override
  public Future<PowerLimits> powerLimits(GpuId gpu) {
    return read(gpu, Gpu::powerLimits);
  }

  @Override
  public Future<Boolean> persistenceMode(GpuId gpu) {
    return read(gpu, opened -> opened.settings().persistenceMode());
  }

  private <T> Future<T> read(GpuId gpu, GpuPool.GpuQuery<T> reading) {
    return onOwnContext(() -> pool.read(gpu, reading));
  }

  /**
   * When the control loop last turned while at least one GPU answered; empty before the first time,
   * and standing still when the loop does, or when every GPU hangs. Any thread may call.
   */
  public Optional<Instant> lastProgress() {
    return lastProgress;
  }

  @Override
  public Future<Snapshot> command(Event.Command command) {
    Future<Snapshot> done =
        onContext(
            queued -> {
              pending.add(queued);
              enqueue(command)
                  .ifPresent(refusal -> {
                    pending.remove(queued);
                    queued.promise().fail(new CommandRefused(refusal));
                  });
            },
            PendingCommand.of(command, engine.snapshot()));
    return command instanceof Event.StepsReported
        ? done
        : done.eventually(keeper::save); // also what holds although a GPU did not obey
  }

  /** What has to outlive a restart. */
  public Future<KeptState> kept() {
    return onOwnContext(() -> Future.succeededFuture(engine.kept()));
  }

  @Override
  public WatchedProcesses watched() {
    return keeper.watched();
  }

  @Override
  public Optional<String> unsaved() {
    return keeper.unsaved();
  }

  private <T> Future<T> onOwnContext(Supplier<Future<T>> call) {
    Promise<T> answer = Promise.promise();
    // What a call throws fails its answer, and is no reason for anything else to end.
    context.runOnContext(
        now -> Future.succeededFuture().compose(own -> call.get()).onComplete(answer));
    return answer.future();
  }

  @Override
  public Future<Boolean> changeSetting(SettingChange change, Event.LeaseTaken lease) {
    return onOwnContext(() -> settings.change(change, lease));
  }

  /** Hands the engine an event that no command is, from any thread. */
  public void handle(Event event) {
    context.runOnContext(now -> enqueue(event));
  }

  /**
   * Puts all limits back and decides nothing from now on; completes when every GPU that answers has
   * its limit back, and fails with the text of what did not work.
   */
  public Future<Snapshot> restoreAll() {
    return onContext(
        queued -> {
          pending.add(queued);
          enqueue(new Event.Stopping(clock.instant()));
        },
        PendingCommand.forAllGpus());
  }

  private Future<Snapshot> onContext(Consumer<PendingCommand> work, PendingCommand queued) {
    context.runOnContext(now -> {
      try {
        work.accept(queued);
      } catch (PendingCommand.CommandFault broke) {
        pending.remove(queued);
        queued.promise().tryFail(broke.getCause());
      }
    });
    return queued.promise().future();
  }

  /** Ends the GPUs' workers; completes when no call is under way. */
  @Override
  public Future<?> stop() {
    closing = true;
    return pool.close();
  }

  /** Completes the start at once, however many GPUs have not answered yet; from any thread. */
  public void stopWaiting() {
    Optional.ofNullable(context).ifPresent(own -> own.runOnContext(now -> pool.stopWaiting()));
  }

  @Override
  public DriverState driver() {
    return pool.driver();
  }

  @Override
  public DriverState.UnansweredGpus unanswered() {
    return pool.unanswered(engine.snapshot());
  }

  @Override
  public Future<DriverState> releaseDriver(Instant until) {
    return onOwnContext(() -> pool.release(until))
        .map(released -> pool.driver())
        .recover(failure ->
            Future.failedFuture(
                new CommandFailed("the driver is released, but " + failure.getMessage(), false)));
  }

  @Override
  public Future<DriverState> reopenDriver() {
    return onOwnContext(pool::endRelease).map(tried -> pool.driver());
  }

  /** The GPUs on which a change of ours hangs; any thread may call. */
  public Set<GpuId> hungWrites() {
    return pool.hungWrites();
  }

  /**
   * Handles an event, and then those that it causes, so that the engine is never re-entered.
   *
   * @return why the engine refused it; empty when it was done, or will be after the event that is
   *     being handled
   */
  @SuppressWarnings("ReferenceEquality") // this very event, not one that is equal
  private Optional<Refusal> enqueue(Event event) {
    inbox.add(event);
    if (busy) {
      return Optional.empty();
    }
    Optional<Refusal> refused = Optional.empty();
    busy = true;
    try {
      for (Event next = inbox.poll(); next != null; next = inbox.poll()) {
        Optional<Refusal> refusal = process(next);
        refused = next == event ? refusal : refused;
      }
    } finally {
      busy = false;
    }
    return refused;
  }

  private Optional<Refusal> process(Event event) {
    Snapshot before = engine.snapshot();
    Engine.Response response =
        event instanceof Event.Command
            ? PendingCommand.guarded(() -> engine.on(event))
            : engine.on(event);
    return switch (response) {
      case Refusal refusal -> Optional.of(refusal);
      case Engine.Orders orders -> {
        carryOut(orders.orders(), event, before);
        yield Optional.empty();
      }
    };
  }

  private void carryOut(List<Order> orders, Event event, Snapshot before) {
    Snapshot after = engine.snapshot();
    notifications.publish(event, before, after);
    orders.forEach(pool::carryOut);
    settings.undoEnded(before, after);
    pending.removeIf(queued -> queued.handle(event, after));
    switch (event) {
      case Event.GpuOpened opened -> processes.forget(opened.traits().id());
      case Event.GpuLost lost -> processes.forget(lost.gpu());
      default -> {}
    }
  }
}
