package chase.daemon;

import chase.daemon.batchsize.BatchSizeService;
import chase.daemon.batchsize.JouleWeight;
import chase.daemon.batchsize.StudyDatabase;
import chase.daemon.batchsize.zeus.ZeusServer;
import chase.daemon.config.BatchSizesConfig;
import chase.daemon.config.ChaseConfig;
import chase.daemon.control.ApiState;
import chase.daemon.control.BatchSizeRoutes;
import chase.daemon.control.ControlServer;
import chase.daemon.doctor.DaemonDoctor;
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
import chase.daemon.host.HostName;
import chase.daemon.host.HostPowerMonitor;
import chase.daemon.host.ProcessTable;
import chase.daemon.host.RaplZones;
import chase.daemon.ledger.EmissionsMeter;
import chase.daemon.ledger.GpuOwners;
import chase.daemon.ledger.Ledger;
import chase.daemon.ledger.LedgerKeeper;
import chase.daemon.metrics.DriverCallMetrics;
import chase.daemon.metrics.MetricsPage;
import chase.daemon.metrics.RequestMetrics;
import chase.daemon.metrics.Scrape;
import chase.daemon.page.HealthRoutes;
import chase.daemon.page.PageRoutes;
import chase.daemon.page.PageSettings;
import chase.daemon.page.RecentEvents;
import chase.daemon.profiles.JobFingerprint;
import chase.daemon.profiles.ProfileKeeper;
import chase.daemon.profiles.ProfileStore;
import chase.daemon.text.Version;
import chase.daemon.zeusd.ZeusdRoutes;
import chase.zeus.engine.Engine;
import chase.zeus.engine.Event;
import chase.zeus.engine.SafetyRules;
import chase.zeus.policy.EnergyOutlook;
import chase.zeus.profile.PowerProfile;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * Builds the daemon: every part is made here, once, and is given the parts that it needs. Nothing
 * passes through the wiring afterwards, and no other part knows it.
 */
final class Wiring {
  private static final Logger LOG = System.getLogger(Wiring.class.getName());
  private static final Duration REOPEN_AFTER = Duration.ofSeconds(1);
  private static final Duration EMISSIONS_PERIOD = Duration.ofSeconds(1);

  final Topic<Notification> notifications;
  final GovernorVerticle governor;
  final GridFeed grid;
  private final Vertx vertx;
  private final ChaseConfig config;
  private final GpuBackend gpus;
  private final GridSources sources;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final Optional<LockedJournals> journals;
  private final Optional<ProfileKeeper> profiles;
  private final Optional<HostPowerMonitor> hostPower;
  private final Optional<LedgerKeeper> ledger;
  private final RecentEvents recentEvents;

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
    this.sources = sources;
    this.clock = clock;
    this.nanos = nanos;
    this.journals = LockedJournals.atStart(config, gpus, clock);
    this.notifications = new Topic<>(vertx, Notification.class);
    this.recentEvents = new RecentEvents(notifications);
    Topic<EnergyOutlook> outlooks = new Topic<>(vertx, EnergyOutlook.class);
    this.grid = new GridFeed(sources.settings(), clock, outlooks, notifications);
    this.governor = governor(outlooks);
    this.profiles =
        profileStore()
            .map(store -> new ProfileKeeper(store, governor::snapshot, governor::handle, clock));
    this.hostPower = config.host().measure() ? Optional.of(hostPower()) : Optional.empty();
    this.ledger = mayKeepLedger() ? Optional.of(newLedger()) : Optional.empty();
  }

  private GovernorVerticle governor(Topic<EnergyOutlook> outlooks) {
    SafetyRules rules = config.rules().replayed(sources.settings().speed());
    Engine engine = new Engine(rules, config.policy(), clock.instant());
    engine.on(new Event.HostPowerChanged(config.host().power(), clock.instant()));
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
        clock);
  }

  /** Where nothing is written, nothing is measured; and profiles can be measured again. */
  private Optional<ProfileStore> profileStore() {
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

  private HostPowerMonitor hostPower() {
    RaplZones zones =
        new RaplZones(RaplZones.SYSTEM, line -> LOG.log(Level.WARNING, line), () -> {}, nanos);
    return new HostPowerMonitor(
        zones::read,
        () -> governor.snapshot().gpus().size(),
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
    profiles.ifPresent(others::add);
    others.add(grid);
    hostPower.ifPresent(others::add);
    ledger.ifPresent(others::add);
    return new Daemon(
        vertx, governor, others, journals, gpus, sources, config.gpu().callDeadline());
  }

  /**
   * The servers, not open yet.
   *
   * @param servers where requests are handled; see {@link Servers}
   * @param environment the process's environment variables, where secrets may be kept
   * @param file where the configuration was read
   * @throws IllegalStateException with one line when a secret cannot be read
   */
  Servers servers(
      Vertx servers,
      Map<String, String> environment,
      DriverCallMetrics driverCalls,
      Optional<Path> file) {
    RequestMetrics requests = new RequestMetrics();
    EmissionsMeter emissions = new EmissionsMeter();
    vertx.setPeriodic(
        EMISSIONS_PERIOD.toMillis(), tick -> emissions.update(governor.snapshot(), grid.state()));
    BatchSizeService batchSizes =
        new BatchSizeService(
            servers,
            StudyDatabase.of(config.batchSizes(), config.stateDirectory(), environment),
            new JouleWeight(grid::state, clock),
            clock,
            config.batchSizes().silence(),
            HostName.read());
    Ledger kept = ledger();
    LongAdder rejectedCpuReadings = new LongAdder();
    BatchSizesConfig.ZeusApiConfig zeusApi = config.batchSizes().zeusApi();
    DaemonDoctor doctor =
        new DaemonDoctor(
            apiState(emissions), config, file, environment, governor::whyNoDriver, sources, nanos);
    return new Servers(
        servers,
        control(batchSizes, emissions, kept, requests, rejectedCpuReadings, doctor),
        config.metrics().enabled()
            ? Optional.of(
                new MetricsPort(
                    servers,
                    config.metrics(),
                    HostName.read(),
                    requests,
                    new MetricsPage(
                        () ->
                            new Scrape(
                                governor.snapshot(),
                                grid.state(),
                                sources.calls(),
                                emissions.emissions(),
                                kept.status(),
                                kept.jobTotals(),
                                batchSizes.counts(),
                                rejectedCpuReadings.sum(),
                                config.metrics().userNames(),
                                clock.instant(),
                                Version.ofThisBuild()),
                        driverCalls,
                        requests),
                    new HealthRoutes(apiState(emissions)::bodies, governor::whyNoDriver),
                    page(servers, emissions, kept)))
            : Optional.empty(),
        zeusApi.enabled()
            ? Optional.of(new ZeusServer(servers, batchSizes, zeusApi.method(), requests))
            : Optional.empty(),
        batchSizes);
  }

  private ControlServer control(
      BatchSizeService batchSizes,
      EmissionsMeter emissions,
      Ledger kept,
      RequestMetrics requests,
      LongAdder rejectedCpuReadings,
      DaemonDoctor doctor) {
    AtomicReference<Optional<String>> whyNoCpus = new AtomicReference<>(Optional.empty());
    RaplZones rapl =
        new RaplZones(
            RaplZones.SYSTEM,
            why -> whyNoCpus.set(Optional.of(why)),
            rejectedCpuReadings::increment,
            nanos);
    ZeusdRoutes zeusd =
        new ZeusdRoutes(governor, rapl::read, whyNoCpus::get, clock, config.control().lease());
    BatchSizeRoutes recurring =
        new BatchSizeRoutes(batchSizes, governor::snapshot, this::measuredProfiles);
    return new ControlServer(
        apiState(emissions),
        kept,
        notifications,
        (on, router) -> {
          zeusd.mount(on, router);
          recurring.mount(on, router);
          doctor.mount(on, router);
        },
        requests,
        config.control().socket(),
        config.control().group());
  }

  private ApiState apiState(EmissionsMeter emissions) {
    return new ApiState(
        governor, grid::state, sources::calls, emissions::emissions, clock, Version.ofThisBuild());
  }

  private Optional<PageRoutes> page(Vertx servers, EmissionsMeter emissions, Ledger kept) {
    return config.metrics().page()
        ? Optional.of(
            PageRoutes.of(
                servers,
                new PageSettings(
                    Version.ofThisBuild(),
                    UUID.randomUUID().toString(),
                    HostName.read(),
                    ZoneId.systemDefault(),
                    clock.instant(),
                    grid.speed(),
                    config.metrics().userNames()),
                apiState(emissions)::bodies,
                grid::past,
                kept,
                recentEvents))
        : Optional.empty();
  }

  private Future<Map<JobFingerprint, PowerProfile>> measuredProfiles(List<JobFingerprint> jobs) {
    return profiles
        .map(keeper -> keeper.powerProfiles(jobs))
        .orElseGet(() -> Future.succeededFuture(Map.of()));
  }
}
