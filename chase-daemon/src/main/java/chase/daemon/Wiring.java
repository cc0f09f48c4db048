package chase.daemon;

import chase.daemon.access.Access;
import chase.daemon.access.AccessRules;
import chase.daemon.config.AccessConfig;
import chase.daemon.config.ChaseConfig;
import chase.daemon.events.Notification;
import chase.daemon.events.Topic;
import chase.daemon.governor.GovernorVerticle;
import chase.daemon.governor.NotificationPublisher;
import chase.daemon.gpu.GpuBackend;
import chase.daemon.gpu.GpuPool;
import chase.daemon.gpu.GpuTiming;
import chase.daemon.gpu.LockedJournals;
import chase.daemon.gpu.journal.StateException;
import chase.daemon.gpu.journal.StateLock;
import chase.daemon.grid.GridFeed;
import chase.daemon.grid.GridSources;
import chase.daemon.host.HostPowerMonitor;
import chase.daemon.host.ProcessTable;
import chase.daemon.host.RaplZones;
import chase.daemon.host.UserDatabase;
import chase.daemon.ledger.GpuOwners;
import chase.daemon.ledger.Ledger;
import chase.daemon.ledger.LedgerKeeper;
import chase.daemon.page.RecentEvents;
import chase.daemon.profiles.ProfileKeeper;
import chase.daemon.profiles.ProfileStore;
import chase.daemon.reload.LiveParts;
import chase.daemon.restart.RestartFile;
import chase.daemon.restart.RestartKeeper;
import chase.daemon.restart.RestartMemory;
import chase.daemon.restart.WatchedProcesses;
import chase.daemon.text.LogLevel;
import chase.zeus.engine.Engine;
import chase.zeus.engine.Event;
import chase.zeus.engine.KeptState;
import chase.zeus.engine.SafetyRules;
import chase.zeus.policy.EnergyOutlook;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Builds the daemon: every part is made here, once, and is given the parts that it needs. Nothing
 * passes through the wiring afterwards, and no other part knows it.
 */
final class Wiring {
  private static final Logger LOG = System.getLogger(Wiring.class.getName());
  private static final Duration REOPEN_AFTER = Duration.ofSeconds(1);

  final Topic<Notification> notifications;
  final GovernorVerticle governor;
  final GridFeed grid;
  final Vertx vertx;
  final ChaseConfig config;
  private final GpuBackend gpus;
  final AtomicReference<GridSources> sources;
  final InstantSource clock;
  final LongSupplier nanos;
  private final Optional<LockedJournals> journals;
  final Optional<ProfileKeeper> profiles;
  private final HostPowerMonitor hostPower;
  private final Optional<LedgerKeeper> ledger;
  final RestartKeeper restart;
  final RecentEvents recentEvents;
  final Access access;

  /**
   * Takes the state directory's lock, reads the journals, and makes everything but the servers;
   * nothing runs yet.
   *
   * @param vertx where the daemon's own work is done
   * @param nanos a clock that never goes back
   * @throws StateException with one line when the daemon may set no limit; nothing is held then
   */
  Wiring(
      Vertx vertx,
      ChaseConfig config,
      GpuBackend gpus,
      GridSources sources,
      InstantSource clock,
      LongSupplier nanos)
      throws StateException {
    this.vertx = vertx;
    this.config = config;
    this.gpus = gpus;
    this.sources = new AtomicReference<>(sources);
    this.clock = clock;
    this.nanos = nanos;
    this.journals = LockedJournals.atStart(config, gpus, clock);
    this.notifications = new Topic<>(vertx, Notification.class);
    this.recentEvents = new RecentEvents(notifications);
    this.access = new Access(rules(config.access()));
    Topic<EnergyOutlook> outlooks = new Topic<>(vertx, EnergyOutlook.class);
    this.grid = new GridFeed(sources.settings(), clock, outlooks, notifications);
    WatchedProcesses watched = new WatchedProcesses();
    Optional<RestartFile> file = restartFile();
    this.restart = new RestartKeeper(file, watched, this::kept, clock);
    this.governor = governor(outlooks, file.flatMap(saved -> memory(saved, watched)));
    this.profiles =
        profileStore()
            .map(store -> new ProfileKeeper(store, governor::snapshot, governor::handle, clock));
    this.hostPower = hostPower();
    this.ledger = mayKeepLedger() ? Optional.of(newLedger()) : Optional.empty();
  }

  /** Empty where this daemon writes nothing: another one may own the directory. */
  private Optional<RestartFile> restartFile() {
    RestartFile file = new RestartFile(config.stateDirectory());
    if (config.control().remember().isZero()) {
      journals.ifPresent(own -> file.forget(line -> LOG.log(Level.WARNING, line)));
      return Optional.empty();
    }
    if (journals.isEmpty() && StateLock.whyNotWritable(config.stateDirectory()).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(file);
  }

  private Optional<RestartMemory> memory(RestartFile file, WatchedProcesses watched) {
    return RestartMemory.read(
        file,
        watched,
        new ProcessTable(ProcessTable.SYSTEM),
        config.control().remember(),
        config.policy(),
        clock.instant(),
        line -> LOG.log(Level.WARNING, line));
  }

  private Future<KeptState> kept() {
    return governor.kept();
  }

  private GovernorVerticle governor(Topic<EnergyOutlook> outlooks, Optional<RestartMemory> memory) {
    SafetyRules rules = config.rules().replayed(sources.get().settings().speed());
    Engine engine = new Engine(rules, config.policy(), clock.instant());
    engine.on(new Event.HostPowerChanged(config.host().power(), clock.instant()));
    memory.ifPresent(known -> {
      known.lines().forEach(line -> LOG.log(Level.INFO, line));
      engine.on(new Event.Restarted(known.state(), clock.instant()));
    });
    GpuTiming timing =
        new GpuTiming(config.gpu().telemetryPeriod(), config.gpu().callDeadline(), REOPEN_AFTER);
    return new GovernorVerticle(
        engine,
        events ->
            new GpuPool(vertx, gpus, journals.map(LockedJournals::journals), timing, clock, events),
        new ProcessTable(ProcessTable.SYSTEM),
        config.jobs().processPeriod(),
        outlooks,
        new NotificationPublisher(notifications, grid::state),
        restart,
        clock);
  }

  /** Where nothing is written, nothing is measured; and profiles can be measured again. */
  private Optional<ProfileStore> profileStore() {
    if (config.mode() == SafetyRules.Mode.OBSERVE) {
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

  private HostPowerMonitor hostPower() {
    RaplZones zones =
        new RaplZones(RaplZones.SYSTEM, line -> LOG.log(Level.WARNING, line), () -> {}, nanos);
    return new HostPowerMonitor(
        zones::read,
        () -> governor.snapshot().gpus().size(),
        config.host().measure(),
        config.host().power(),
        clock,
        power -> governor.handle(new Event.HostPowerChanged(power, clock.instant())));
  }

  private boolean mayKeepLedger() {
    Optional<String> why =
        config.ledger().enabled() && journals.isEmpty()
            ? StateLock.whyNotWritable(config.stateDirectory())
            : Optional.empty();
    why.ifPresent(line -> LOG.log(Level.WARNING, "no ledger is kept: " + line));
    return config.ledger().enabled() && why.isEmpty();
  }

  /** What is kept of energy, carbon and money. */
  Ledger ledger() {
    return ledger.map(keeper -> (Ledger) keeper).orElse(Ledger.NONE);
  }

  private LedgerKeeper newLedger() {
    return new LedgerKeeper(
        () -> new GpuOwners(governor.snapshot(), governor.unregisteredProcesses()),
        grid::state,
        config.stateDirectory(),
        config.ledger().retention(),
        clock);
  }

  /** All parts but the servers, ready to start. */
  Daemon daemon() {
    List<VerticleBase> others = new ArrayList<>();
    others.add(restart);
    profiles.ifPresent(others::add);
    others.add(grid);
    others.add(hostPower);
    ledger.ifPresent(others::add);
    return new Daemon(
        vertx, governor, others, journals, gpus, sources::get, config.gpu().callDeadline());
  }

  /** Who may do what; a name that means nobody is no reason not to start. */
  private static AccessRules rules(AccessConfig config) {
    AccessRules rules = new AccessRules(config, UserDatabase.SYSTEM, UserDatabase.ownUser());
    rules
        .unknown()
        .forEach(name -> LOG.log(name.chosen() ? Level.WARNING : Level.DEBUG, name.text()));
    return rules;
  }

  /** The parts that take another configuration while they run. */
  LiveParts liveParts(Consumer<LogLevel> logLevel) {
    return new LiveParts(
        governor,
        grid,
        sources,
        hostPower,
        config -> {
          AccessRules next = rules(config);
          return () -> access.use(next);
        },
        logLevel);
  }
}
