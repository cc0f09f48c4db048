package chase.daemon;

import chase.daemon.batchsize.BatchSizeService;
import chase.daemon.batchsize.zeus.ZeusServer;
import chase.daemon.cli.Version;
import chase.daemon.config.BatchSizesConfig;
import chase.daemon.config.ChaseConfig;
import chase.daemon.control.BatchSizeRoutes;
import chase.daemon.control.ControlNeeds;
import chase.daemon.control.ControlServer;
import chase.daemon.host.RaplZones;
import chase.daemon.ledger.EmissionsMeter;
import chase.daemon.metrics.DriverCallMetrics;
import chase.daemon.metrics.MetricsServer;
import chase.daemon.metrics.MetricsSources;
import chase.daemon.metrics.RequestMetrics;
import chase.daemon.systemd.Notifier;
import chase.daemon.systemd.Watchdog;
import chase.daemon.zeusd.ZeusdNeeds;
import chase.daemon.zeusd.ZeusdRoutes;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** Where the outside talks to a wired daemon: control socket, metrics page, systemd. */
final class Doors implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Doors.class.getName());
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** On a busy host the first use of a server takes its time; systemd waits longer than this. */
  private static final Duration OPENING = Duration.ofSeconds(15);

  private static final Duration COUNT_EVERY = Duration.ofSeconds(1);

  private final Vertx servers;
  private final ControlServer control;
  private final Optional<MetricsServer> metrics;
  private final OptionalInt metricsPort;
  private final BatchSizeService batchSizes;
  private final Optional<ZeusServer> zeus;
  private final OptionalInt zeusPort;
  private final Notifier systemd;

  private Doors(
      Vertx servers,
      ControlServer control,
      Optional<MetricsServer> metrics,
      OptionalInt metricsPort,
      BatchSizeService batchSizes,
      Optional<ZeusServer> zeus,
      OptionalInt zeusPort,
      Notifier systemd) {
    this.servers = servers;
    this.control = control;
    this.metrics = metrics;
    this.metricsPort = metricsPort;
    this.batchSizes = batchSizes;
    this.zeus = zeus;
    this.zeusPort = zeusPort;
    this.systemd = systemd;
  }

  /**
   * Opens the doors and tells systemd that the daemon is ready. Blocks; never on an event loop.
   *
   * @param vertx where the daemon's own work is done
   * @param servers where requests are handled, with two event loops: the control socket has one to
   *     itself, so that neither it nor the daemon's work ever waits for a scrape
   * @throws IllegalStateException with one line when a socket or port cannot be had
   */
  static Doors open(
      Vertx vertx,
      Vertx servers,
      ChaseConfig config,
      Wiring wiring,
      DriverCallMetrics calls,
      Map<String, String> environment,
      InstantSource clock) {
    RequestMetrics requests = new RequestMetrics();
    EmissionsMeter emissions = emissions(vertx, wiring);
    BatchSizeService batchSizes =
        BatchSizeDesk.of(servers, config, environment, wiring::grid, clock);
    LongAdder oddCpus = new LongAdder();
    ControlServer control =
        control(config, wiring, batchSizes, emissions, requests, oddCpus, clock);
    Future<String> deployed = servers.deployVerticle(control);
    // Contexts go round the event loops: the next one is on the other.
    Context scrapes = servers.getOrCreateContext();
    Futures.await(deployed, OPENING);
    MetricsSources sources =
        new MetricsSources(
            wiring::snapshot,
            wiring::grid,
            wiring::calls,
            emissions::emissions,
            wiring.ledger()::status,
            batchSizes::counts,
            oddCpus::sum,
            calls,
            requests,
            Version.ofThisBuild());
    Optional<MetricsServer> metrics =
        config.metrics().enabled()
            ? Optional.of(new MetricsServer(servers, sources, clock))
            : Optional.empty();
    OptionalInt port =
        metrics.isPresent()
            ? listen(scrapes, metrics.get(), config.metrics())
            : OptionalInt.empty();
    BatchSizesConfig.ZeusApiConfig api = config.batchSizes().zeusApi();
    Optional<ZeusServer> zeus =
        api.enabled()
            ? Optional.of(new ZeusServer(servers, batchSizes, api.method(), requests))
            : Optional.empty();
    OptionalInt zeusPort =
        zeus.isPresent() ? listen(scrapes, zeus.get(), api) : OptionalInt.empty();
    Notifier systemd = Notifier.of(environment);
    String mode = config.mode().name().toLowerCase(Locale.ROOT) + " mode";
    systemd.ready(
        wiring
            .driverTrouble()
            .map(why -> mode + "; waiting for the GPU driver: " + why)
            .orElse(mode));
    // The last thing that happened, as `systemctl status` shows it.
    wiring.notices().subscribe(notice -> systemd.status(mode + "; " + notice.text()));
    Watchdog.start(vertx, systemd, environment, wiring::lastProgress);
    return new Doors(servers, control, metrics, port, batchSizes, zeus, zeusPort, systemd);
  }

  private static ControlServer control(
      ChaseConfig config,
      Wiring wiring,
      BatchSizeService batchSizes,
      EmissionsMeter emissions,
      RequestMetrics requests,
      LongAdder oddCpus,
      InstantSource clock) {
    AtomicReference<Optional<String>> whyNoCpus = new AtomicReference<>(Optional.empty());
    RaplZones rapl =
        new RaplZones(RaplZones.SYSTEM, why -> whyNoCpus.set(Optional.of(why)), oddCpus::increment);
    ZeusdRoutes zeusd =
        new ZeusdRoutes(
            new ZeusdNeeds(
                wiring.zeusdGpus(clock),
                rapl::read,
                whyNoCpus::get,
                clock,
                config.control().lease()));
    BatchSizeRoutes recurring = new BatchSizeRoutes(batchSizes, wiring::snapshot, wiring::profiles);
    ControlNeeds needs =
        new ControlNeeds(
            wiring::snapshot,
            wiring::grid,
            wiring::calls,
            wiring::command,
            emissions::emissions,
            wiring.ledger(),
            wiring.processes(),
            wiring.notices(),
            requests,
            clock,
            Version.ofThisBuild(),
            (vertx, router) -> {
              zeusd.mount(vertx, router);
              recurring.mount(vertx, router);
            });
    return new ControlServer(needs, config.control().socket(), config.control().group());
  }

  private static EmissionsMeter emissions(Vertx vertx, Wiring wiring) {
    EmissionsMeter emissions = new EmissionsMeter();
    vertx.setPeriodic(
        COUNT_EVERY.toMillis(), tick -> emissions.update(wiring.snapshot(), wiring.grid()));
    return emissions;
  }

  private static OptionalInt listen(
      Context context, MetricsServer server, ChaseConfig.MetricsConfig config) {
    return OptionalInt.of(on(context, () -> server.listen(config.host(), config.port())));
  }

  private static int on(Context context, Supplier<Future<Integer>> listen) {
    Promise<Integer> port = Promise.promise();
    context.runOnContext(now -> listen.get().onComplete(port));
    return Futures.await(port.future(), OPENING);
  }

  private static OptionalInt listen(
      Context context, ZeusServer server, BatchSizesConfig.ZeusApiConfig api) {
    int port = on(context, () -> server.listen(api.host(), api.port()));
    String at = String.format(Locale.ROOT, "Zeus's batch-size API is on %s:%d", api.host(), port);
    if (api.isLocal()) {
      LOG.log(Level.INFO, at);
    } else {
      LOG.log(Level.WARNING, at + ", where nobody signs in: let only your own hosts reach it");
    }
    return OptionalInt.of(port);
  }

  /** The port of Zeus's batch-size API, if there is one. */
  OptionalInt zeusPort() {
    return zeusPort;
  }

  /** The port of the metrics page, if there is one. */
  OptionalInt metricsPort() {
    return metricsPort;
  }

  /** Refuses commands from now on; questions are still answered until {@link #close}. */
  void refuseCommands() {
    systemd.stopping();
    control.refuseCommands();
  }

  @Override
  public void close() {
    metrics.ifPresent(server -> Futures.awaitOrLog(server::close, PATIENCE));
    zeus.ifPresent(server -> Futures.awaitOrLog(server::close, PATIENCE));
    Futures.awaitOrLog(batchSizes::close, PATIENCE);
    Futures.awaitOrLog(servers::close, PATIENCE);
  }
}
