package chase.daemon;

import chase.daemon.access.Access;
import chase.daemon.access.AccessRules;
import chase.daemon.batchsize.BatchSizeService;
import chase.daemon.batchsize.JouleWeight;
import chase.daemon.batchsize.StudyDatabase;
import chase.daemon.batchsize.zeus.ZeusServer;
import chase.daemon.config.AccessConfig;
import chase.daemon.config.BatchSizesConfig;
import chase.daemon.config.TlsConfig;
import chase.daemon.control.ApiState;
import chase.daemon.control.BatchSizeRoutes;
import chase.daemon.control.ControlServer;
import chase.daemon.doctor.DaemonDoctor;
import chase.daemon.host.HostName;
import chase.daemon.host.RaplZones;
import chase.daemon.host.UserDatabase;
import chase.daemon.http.HostNames;
import chase.daemon.ledger.EmissionsMeter;
import chase.daemon.metrics.DriverCallMetrics;
import chase.daemon.metrics.MetricsPage;
import chase.daemon.metrics.RequestMetrics;
import chase.daemon.metrics.Scrape;
import chase.daemon.page.HealthRoutes;
import chase.daemon.page.PageRoutes;
import chase.daemon.page.PageSettings;
import chase.daemon.profiles.JobFingerprint;
import chase.daemon.text.Version;
import chase.daemon.zeusd.ZeusdRoutes;
import chase.zeus.profile.PowerProfile;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/**
 * Builds the daemon's servers over the parts that {@link Wiring} made: the control socket, metrics
 * and page, and Zeus's API.
 */
final class ServerWiring {
  private static final Logger LOG = System.getLogger(ServerWiring.class.getName());
  private static final Duration EMISSIONS_PERIOD = Duration.ofSeconds(1);

  private final Wiring made;
  private final Vertx vertx;
  private final Map<String, String> environment;
  private final RequestMetrics requests = new RequestMetrics();
  private final EmissionsMeter emissions = new EmissionsMeter();
  private final LongAdder rejectedCpuReadings = new LongAdder();
  private final BatchSizeService batchSizes;
  private final DaemonDoctor doctor;
  private final Access access;

  /**
   * Servers over the parts of a daemon.
   *
   * @param vertx where requests are handled; see {@link Servers}
   * @param environment the process's environment variables, where secrets may be kept
   * @param file where the configuration was read
   * @throws IllegalStateException with one line when a secret cannot be read
   */
  ServerWiring(Wiring made, Vertx vertx, Map<String, String> environment, Optional<Path> file) {
    this.made = made;
    this.vertx = vertx;
    this.access = new Access(rules(made.config.access()));
    this.environment = environment;
    this.batchSizes =
        new BatchSizeService(
            vertx,
            StudyDatabase.of(made.config.batchSizes(), made.config.stateDirectory(), environment),
            new JouleWeight(made.grid::state, made.clock),
            made.clock,
            made.config.batchSizes().silence(),
            HostName.read());
    this.doctor =
        new DaemonDoctor(
            apiState(),
            made.config,
            file,
            environment,
            made.governor::whyNoDriver,
            made.sources,
            made.nanos);
  }

  /** Who may do what; a name that means nobody is no reason not to start. */
  private static AccessRules rules(AccessConfig config) {
    AccessRules rules = new AccessRules(config, UserDatabase.SYSTEM, UserDatabase.ownUser());
    rules
        .unknown()
        .forEach(name -> LOG.log(name.chosen() ? Level.WARNING : Level.DEBUG, name.text()));
    return rules;
  }

  /** The servers, not open yet. */
  Servers servers(DriverCallMetrics driverCalls) {
    made.vertx.setPeriodic(
        EMISSIONS_PERIOD.toMillis(),
        tick -> emissions.update(made.governor.snapshot(), made.grid.state()));
    BatchSizesConfig.ZeusApiConfig zeusApi = made.config.batchSizes().zeusApi();
    return new Servers(
        vertx,
        control(),
        made.config.metrics().enabled() ? Optional.of(metrics(driverCalls)) : Optional.empty(),
        zeusApi.enabled() ? Optional.of(zeus(zeusApi)) : Optional.empty(),
        batchSizes);
  }

  private ControlServer control() {
    AtomicReference<Optional<String>> whyNoCpus = new AtomicReference<>(Optional.empty());
    RaplZones rapl =
        new RaplZones(
            RaplZones.SYSTEM,
            why -> whyNoCpus.set(Optional.of(why)),
            rejectedCpuReadings::increment,
            made.nanos);
    ZeusdRoutes zeusd =
        new ZeusdRoutes(
            made.governor, rapl::read, whyNoCpus::get, made.clock, made.config.control().lease());
    BatchSizeRoutes recurring =
        new BatchSizeRoutes(batchSizes, made.governor::snapshot, this::measuredProfiles);
    return new ControlServer(
        apiState(),
        access,
        made.ledger(),
        made.notifications,
        (on, router) -> {
          zeusd.mount(on, router);
          recurring.mount(on, router);
          doctor.mount(on, router);
        },
        requests,
        made.config.control().socket());
  }

  private MetricsPort metrics(DriverCallMetrics driverCalls) {
    return new MetricsPort(
        vertx,
        made.config.metrics(),
        environment,
        names(),
        requests,
        new MetricsPage(this::scrape, driverCalls, requests),
        new HealthRoutes(apiState()::bodies, made.governor::whyNoDriver),
        made.config.metrics().page() ? Optional.of(page()) : Optional.empty());
  }

  private ZeusServer zeus(BatchSizesConfig.ZeusApiConfig api) {
    return new ZeusServer(
        vertx,
        batchSizes,
        api.method(),
        TlsConfig.isLocal(api.host()) ? Optional.of(names()) : Optional.empty(),
        () -> api.credentials(environment),
        requests);
  }

  private HostNames names() {
    return new HostNames(HostName.read(), made.config.metrics().allowedHosts());
  }

  private Scrape scrape() {
    return new Scrape(
        made.governor.snapshot(),
        made.grid.state(),
        made.sources.calls(),
        emissions.emissions(),
        made.governor.driver(),
        made.ledger().status(),
        made.ledger().jobTotals(),
        batchSizes.counts(),
        rejectedCpuReadings.sum(),
        made.config.metrics().userNames(),
        made.clock.instant(),
        Version.ofThisBuild());
  }

  private PageRoutes page() {
    return PageRoutes.of(
        vertx,
        new PageSettings(
            Version.ofThisBuild(),
            UUID.randomUUID().toString(),
            HostName.read(),
            ZoneId.systemDefault(),
            made.clock.instant(),
            made.grid.speed(),
            made.config.metrics().userNames()),
        apiState()::bodies,
        made.grid::past,
        made.ledger(),
        made.recentEvents);
  }

  private ApiState apiState() {
    return new ApiState(
        made.governor,
        made.grid::state,
        made.sources::calls,
        emissions::emissions,
        made.clock,
        Version.ofThisBuild());
  }

  private Future<Map<JobFingerprint, PowerProfile>> measuredProfiles(List<JobFingerprint> jobs) {
    return made.profiles
        .map(keeper -> keeper.powerProfiles(jobs))
        .orElseGet(() -> Future.succeededFuture(Map.of()));
  }
}
