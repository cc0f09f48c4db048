package chase.daemon;

import chase.carbon.http.CallCounts;
import chase.daemon.config.ChaseConfig;
import chase.daemon.control.Processes;
import chase.daemon.events.Notification;
import chase.daemon.events.Topic;
import chase.daemon.governor.Governor;
import chase.daemon.gpu.GpuTiming;
import chase.daemon.gpu.RackNeeds;
import chase.daemon.gpu.StateException;
import chase.daemon.gpu.StateLock;
import chase.daemon.grid.GridFeed;
import chase.daemon.grid.GridState;
import chase.daemon.grid.ProviderCheckLog;
import chase.daemon.grid.SignalSettings;
import chase.daemon.host.HostPowerMonitor;
import chase.daemon.host.HostProcess;
import chase.daemon.host.ProcessTable;
import chase.daemon.host.RaplZones;
import chase.daemon.ledger.GpuOwners;
import chase.daemon.ledger.Ledger;
import chase.daemon.ledger.LedgerKeeper;
import chase.daemon.profiles.JobFingerprint;
import chase.daemon.profiles.ProfileKeeper;
import chase.daemon.profiles.ProfileStore;
import chase.daemon.zeusd.ZeusdGpus;
import chase.zeus.engine.Engine;
import chase.zeus.engine.Event;
import chase.zeus.engine.HostPower;
import chase.zeus.engine.SafetyRules;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.GpuId;
import chase.zeus.policy.EnergyOutlook;
import chase.zeus.profile.PowerProfile;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Builds the daemon once, in the order that safety asks for: lock, GPUs, recovery of what an
 * earlier Chase left behind, and only then whoever may write. Closes it in the opposite order.
 */
public final class Wiring implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Wiring.class.getName());

  /** What is waited for is given this long on top of a call's deadline. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  /** For everything that does not wait for a GPU. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Duration REOPEN_AFTER = Duration.ofSeconds(1);

  private final Duration callDeadline;
  private final Optional<Recovery> recovery;
  private final Governor governor;
  private final Optional<GridFeed> feed;
  private final Optional<ProfileKeeper> keeper;
  private final Optional<HostPowerMonitor> meter;
  private final Optional<LedgerKeeper> ledger;
  private final Topic<Notification> notices;
  private final GridState unasked;
  private final Vertx vertx;
  private final Ends ends;
  private final List<String> deployed = new ArrayList<>();
  private boolean idle = true;

  private Wiring(
      Vertx vertx,
      ChaseConfig config,
      Ends ends,
      InstantSource clock,
      Optional<Recovery> recovery,
      Optional<ProfileStore> profiles) {
    this.vertx = vertx;
    this.ends = ends;
    this.recovery = recovery;
    this.callDeadline = config.gpu().callDeadline();
    this.notices = new Topic<>(vertx, Notification.class);
    this.unasked =
        GridState.withoutProvider(ends.grid().sources().region(), config.carbon().maxAge());
    Topic<EnergyOutlook> outlooks = new Topic<>(vertx, EnergyOutlook.class);
    RackNeeds needs =
        new RackNeeds(
            vertx,
            ends.gpus(),
            recovery.map(Recovery::journals),
            ends.profiles(),
            clock,
            timing(config));
    Engine engine = new Engine(config.rules(), config.policy(), clock.instant());
    engine.on(new Event.HostPowerChanged(config.host().power(), clock.instant()));
    this.governor =
        new Governor(
            engine,
            needs,
            new ProcessTable(ProcessTable.SYSTEM),
            config.jobs().processPeriod(),
            outlooks,
            notices,
            this::grid);
    this.keeper =
        profiles.map(
            store -> new ProfileKeeper(store, governor::snapshot, governor::handle, clock));
    this.meter =
        config.host().measure()
            ? Optional.of(meter(governor, config.host().power(), clock))
            : Optional.empty();
    SignalSettings sources = ends.grid().sources();
    this.feed =
        sources.hasProvider()
            ? Optional.of(new GridFeed(sources, clock, outlooks, notices))
            : Optional.empty();
    this.ledger =
        config.ledger().enabled()
                && (recovery.isPresent() || mayKeepLedger(config.stateDirectory()))
            ? Optional.of(ledger(config, clock))
            : Optional.empty();
  }

  /** Who only observes has a ledger where there is a place for it that no other daemon uses. */
  private static boolean mayKeepLedger(Path directory) {
    if (!Files.isWritable(directory)) {
      return false;
    }
    try {
      StateLock.acquire(directory).close();
      return true;
    } catch (StateException e) {
      LOG.log(Level.WARNING, "no ledger is kept: " + e.getMessage());
      return false;
    }
  }

  private LedgerKeeper ledger(ChaseConfig config, InstantSource clock) {
    return new LedgerKeeper(
        governor::gpuOwners,
        this::grid,
        config.stateDirectory(),
        config.ledger().retention(),
        clock);
  }

  /**
   * Starts everything but the doors (control socket, metrics page, systemd), which open on what
   * this offers. Blocks until every GPU was opened or took too long, or the driver is known not to
   * be there yet, which is then waited for in the background. Never call it on an event loop.
   *
   * @param vertx stays the caller's to close, after this
   * @throws StartupException with one clear line; nothing is left behind then
   */
  public static Wiring start(Vertx vertx, ChaseConfig config, Ends ends, InstantSource clock)
      throws StartupException {
    return start(vertx, config, ends, clock, new CompletableFuture<>());
  }

  /**
   * The same for whoever may be told to stop meanwhile.
   *
   * @param toldToStop completes when nobody is to be waited for any longer
   */
  static Wiring start(
      Vertx vertx,
      ChaseConfig config,
      Ends ends,
      InstantSource clock,
      CompletableFuture<Void> toldToStop)
      throws StartupException {
    Optional<Recovery> recovery = Recovery.atStart(config, ends.gpus(), clock);
    Wiring wiring = new Wiring(vertx, config, ends, clock, recovery, profiles(config, clock));
    try {
      wiring.deploy(toldToStop);
      return wiring;
    } catch (IllegalStateException e) {
      wiring.close();
      throw StartupException.temporary("the daemon did not start: " + e.getMessage());
    }
  }

  /** Where nothing is written, nothing is measured; and profiles can be measured again. */
  private static Optional<ProfileStore> profiles(ChaseConfig config, InstantSource clock) {
    if (config.mode() == SafetyRules.Mode.OBSERVE || !config.profiling().enabled()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          ProfileStore.open(
              config.stateDirectory(),
              ProfileStore.MAX_PROFILES,
              clock,
              line -> LOG.log(Level.WARNING, line)));
    } catch (StateException e) {
      LOG.log(Level.WARNING, "profiles are not kept: " + e.getMessage());
      return Optional.empty();
    }
  }

  private void deploy(CompletableFuture<Void> toldToStop) {
    if (toldToStop.isDone()) {
      throw new IllegalStateException("it was told to stop");
    }
    Future<String> governing = vertx.deployVerticle(governor);
    var _ = toldToStop.thenRun(governor::stopWaiting);
    // First the driver, then all GPUs at once.
    deployed.add(Futures.await(governing, callDeadline.multipliedBy(2).plus(GRACE)));
    if (keeper.isPresent()) {
      deployed.add(Futures.await(vertx.deployVerticle(keeper.get()), PATIENCE));
    }
    if (feed.isPresent()) {
      deployed.add(Futures.await(vertx.deployVerticle(feed.get()), PATIENCE));
      ProviderCheckLog.start(ends.grid().providers());
    }
    if (meter.isPresent()) {
      deployed.add(Futures.await(vertx.deployVerticle(meter.get()), PATIENCE));
    }
    if (ledger.isPresent()) {
      deployed.add(Futures.await(vertx.deployVerticle(ledger.get()), PATIENCE));
    }
  }

  private static HostPowerMonitor meter(
      Governor governor, HostPower configured, InstantSource clock) {
    RaplZones zones = new RaplZones(RaplZones.SYSTEM, remark -> LOG.log(Level.WARNING, remark));
    return new HostPowerMonitor(
        zones::read,
        () -> governor.snapshot().gpus().size(),
        configured,
        clock,
        governor::onHostPower);
  }

  private static GpuTiming timing(ChaseConfig config) {
    return new GpuTiming(config.gpu().telemetryPeriod(), config.gpu().callDeadline(), REOPEN_AFTER);
  }

  /** The engine's state; any thread may ask. */
  public Snapshot snapshot() {
    return governor.snapshot();
  }

  /** Who uses which GPU; any thread may ask. */
  public GpuOwners tenants() {
    return governor.gpuOwners();
  }

  /** The processes that compute on GPUs, for the control socket. */
  Processes processes() {
    return new Processes() {
      @Override
      public Map<GpuId, List<HostProcess>> seen() {
        return governor.gpuOwners().processes();
      }

      @Override
      public Future<Map<GpuId, List<HostProcess>>> now() {
        return governor.processes();
      }
    };
  }

  /** The grid's state; any thread may ask. */
  public GridState grid() {
    return feed.map(GridFeed::state).orElse(unasked);
  }

  /** How often each provider of the grid's signal was asked; any thread may ask. */
  public List<CallCounts> calls() {
    return ends.grid().calls().get();
  }

  /** What is kept of energy, carbon and money. */
  public Ledger ledger() {
    return ledger.map(kept -> (Ledger) kept).orElse(Ledger.NONE);
  }

  /** Does a command; see {@link Governor#command}. */
  public Future<Snapshot> command(Event.Command command) {
    return governor.command(command);
  }

  /** What was measured of earlier runs of {@code jobs}, as far as profiles are kept. */
  public Future<Map<JobFingerprint, PowerProfile>> profiles(List<JobFingerprint> jobs) {
    return keeper
        .map(known -> known.powerProfiles(jobs))
        .orElseGet(() -> Future.succeededFuture(Map.of()));
  }

  /** The GPUs as Zeus's clients ask for them. */
  public ZeusdGpus zeusdGpus(InstantSource clock) {
    return new GovernedGpus(governor, clock);
  }

  /** What happens, as people may want to read it. */
  public Topic<Notification> notices() {
    return notices;
  }

  /** When the control loop last got on; see {@link Governor#lastProgress}. */
  public Optional<Instant> lastProgress() {
    return governor.lastProgress();
  }

  /** Why there is no GPU driver at the moment; any thread may ask. */
  public Optional<String> driverTrouble() {
    return governor.driverTrouble();
  }

  @Override
  public void close() {
    stop();
  }

  /**
   * Puts every limit back and lets go of everything, in that order; close the doors first. Takes
   * less than half a minute. The engine sets its GPUs back first; what it could not is then done
   * from the journals alone, whatever is broken above them.
   *
   * @return whether all limits are back; what is not stays in the journal and is said
   */
  public boolean stop() {
    if (!deployed.isEmpty()) {
      Futures.awaitOrLog(
          governor::restoreAll, shorter(callDeadline, Recovery.MAX_STEP).plus(GRACE));
      idle = Futures.awaitOrLog(() -> vertx.undeploy(deployed.removeFirst()), GRACE);
      if (!idle) {
        LOG.log(Level.WARNING, "a call to a GPU hangs; the stop goes on without it");
      }
    }
    boolean back =
        recovery
            .map(known -> known.restoreAtStop(ends.gpus(), callDeadline, governor.hungWrites()))
            .orElse(true);
    deployed.reversed().forEach(id -> Futures.awaitOrLog(() -> vertx.undeploy(id), PATIENCE));
    ends.grid().disconnect().run();
    if (idle) {
      recovery.ifPresent(Recovery::closeOrLog);
    }
    return back;
  }

  /** Whether nothing hangs after a {@link #stop}. */
  boolean isIdle() {
    return idle;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
