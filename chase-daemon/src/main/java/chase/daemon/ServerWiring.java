package chase.daemon;

import chase.daemon.access.AuditFile;
import chase.daemon.access.AuditLog;
import chase.daemon.batchsize.BatchSizeService;
import chase.daemon.batchsize.JouleWeight;
import chase.daemon.batchsize.StudyDatabase;
import chase.daemon.batchsize.zeus.ZeusServer;
import chase.daemon.config.AccessConfig;
import chase.daemon.config.BatchSizesConfig;
import chase.daemon.config.ChaseConfig;
import chase.daemon.config.TlsConfig;
import chase.daemon.control.ApiState;
import chase.daemon.control.BatchSizeRoutes;
import chase.daemon.control.ConfigRoutes;
import chase.daemon.control.ControlServer;
import chase.daemon.doctor.DaemonDoctor;
import chase.daemon.grid.OwnRelay;
import chase.daemon.grid.SignalArchive;
import chase.daemon.host.HostName;
import chase.daemon.host.RaplZones;
import chase.daemon.http.HostNames;
import chase.daemon.ledger.EmissionsMeter;
import chase.daemon.metrics.DriverCallMetrics;
import chase.daemon.metrics.MetricsPage;
import chase.daemon.metrics.RequestMetrics;
import chase.daemon.metrics.Scrape;
import chase.daemon.outlook.OutlookRoutes;
import chase.daemon.page.HealthRoutes;
import chase.daemon.page.PageRoutes;
import chase.daemon.page.PageSettings;
import chase.daemon.profiles.JobFingerprint;
import chase.daemon.reload.ConfigReloader;
import chase.daemon.text.Version;
import chase.daemon.zeusd.ZeusdRoutes;
import chase.zeus.profile.PowerProfile;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
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
  private static final Duration EMISSIONS_PERIOD = Duration.ofSeconds(1);

  private final Wiring made;
  private final Vertx vertx;
  private final Map<String, String> environment;
  private final RequestMetrics requests = new RequestMetrics();
  private final EmissionsMeter emissions = new EmissionsMeter();
  private final LongAdder rejectedCpuReadings = new LongAdder();
  private final BatchSizeService batchSizes;
  private final DaemonDoctor doctor;
  private final ConfigReloader reloader;

  /**
   * Servers over the parts of a daemon.
   *
   * @param vertx where requests are handled; see {@link Servers}
   * @param environment the process's environment variables, where secrets may be kept
   * @param reloader knows the configuration in force
   * @throws IllegalStateException with one line when a secret cannot be read
   */
  ServerWiring(Wiring made, Vertx vertx, Map<String, String> environment, ConfigReloader reloader) {
    this.made = made;
    this.reloader = reloader;
    this.vertx = vertx;
    this.environment = environment;
    made.access.auditIn(audit());
    this.batchSizes =
        new BatchSizeService(
            vertx,
            StudyDatabase.of(made.config.batchSizes(), made.config.stateDirectory(), environment),
            new JouleWeight(made.grid::state, made.clock),
            made.clock,
            made.config.batchSizes().silence(),
            HostName.read());
    this.doctor =
        new DaemonDoctor(apiState(), reloader::state, environment, made.sources::get, made.nanos);
  }

  /** In the directory that systemd gives the service for logs, or else with everything else. */
  private AuditLog audit() {
    AccessConfig.AuditConfig config = made.config.access().audit();
    Path logs =
        Optional.ofNullable(environment.get("LOGS_DIRECTORY"))
            .map(directories -> Path.of(directories.split(":", -1)[0]))
            .orElse(made.config.stateDirectory());
    return new AuditLog(
        new AuditFile(
            config.file().orElse(logs.resolve("audit.log")),
            config.megabytes() * 1_000_000L,
            config.keep()),
        made.clock,
        requests::audited);
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
            made.governor,
            rapl::read,
            whyNoCpus::get,
            made.clock,
            () -> inForce().control().lease());
    BatchSizeRoutes recurring =
        new BatchSizeRoutes(batchSizes, made.governor::snapshot, this::measuredProfiles);
    return new ControlServer(
        apiState(),
        made.access,
        made.ledger(),
        made.notifications,
        (on, router) -> {
          zeusd.mount(on, router);
          recurring.mount(on, router);
          doctor.mount(on, router);
          new ConfigRoutes(reloader::state, reloader::reload).mount(router);
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
        new HealthRoutes(apiState()::bodies, () -> made.governor.driver().whyNot()),
        made.config.metrics().page() ? Optional.of(page()) : Optional.empty(),
        made.config.metrics().outlook() ? Optional.of(outlook()) : Optional.empty());
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
        made.sources.get().calls(),
        emissions.emissions(),
        made.governor.driver(),
        made.governor.unanswered().records().size(),
        made.ledger().status(),
        made.ledger().jobTotals(),
        batchSizes.counts(),
        rejectedCpuReadings.sum(),
        made.restart.failures(),
        inForce().metrics().userNames(),
        reloader.state(),
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
            made.grid::speed,
            () -> inForce().metrics().userNames()),
        apiState()::bodies,
        made.grid::past,
        made.ledger(),
        made.recentEvents);
  }

  private OutlookRoutes outlook() {
    return new OutlookRoutes(
        vertx,
        made.grid::state,
        () -> made.sources.get().settings().attribution(),
        () -> made.sources.get().settings().awaited(),
        OwnRelay.of(made.config.stateDirectory()),
        made.clock);
  }

  private ChaseConfig inForce() {
    return reloader.state().config();
  }

  private ApiState apiState() {
    return new ApiState(
        made.governor,
        made.grid::state,
        () -> made.sources.get().calls(),
        emissions::emissions,
        reloader::state,
        () ->
            new SignalArchive(
                made.config.stateDirectory(), made.sources.get().providers(), made.grid.past()),
        made.clock,
        Version.ofThisBuild());
  }

  private Future<Map<JobFingerprint, PowerProfile>> measuredProfiles(List<JobFingerprint> jobs) {
    return made.profiles
        .map(keeper -> keeper.powerProfiles(jobs))
        .orElseGet(() -> Future.succeededFuture(Map.of()));
  }
}
