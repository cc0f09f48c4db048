package chase.daemon;

import chase.daemon.cli.Version;
import chase.daemon.config.ChaseConfig;
import chase.daemon.config.MetricsConfig;
import chase.daemon.control.ControlNeeds;
import chase.daemon.control.ControlServer;
import chase.daemon.host.RaplZones;
import chase.daemon.ledger.EmissionsMeter;
import chase.daemon.metrics.CallMetrics;
import chase.daemon.metrics.MetricsServer;
import chase.daemon.metrics.MetricsSources;
import chase.daemon.systemd.Notifier;
import chase.daemon.systemd.Watchdog;
import chase.daemon.zeusd.ZeusdNeeds;
import chase.daemon.zeusd.ZeusdRoutes;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Where the outside talks to a wired daemon: control socket, metrics page, systemd. */
final class Doors implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration COUNT_EVERY = Duration.ofSeconds(1);

  private final ControlServer control;
  private final Optional<MetricsServer> metrics;
  private final OptionalInt metricsPort;
  private final Notifier systemd;

  private Doors(
      ControlServer control,
      Optional<MetricsServer> metrics,
      OptionalInt metricsPort,
      Notifier systemd) {
    this.control = control;
    this.metrics = metrics;
    this.metricsPort = metricsPort;
    this.systemd = systemd;
  }

  /**
   * Opens the doors and tells systemd that the daemon is ready. Blocks; never on an event loop.
   *
   * @throws IllegalStateException with one line when a socket or port cannot be had
   */
  static Doors open(
      Vertx vertx,
      ChaseConfig config,
      Wiring wiring,
      CallMetrics calls,
      Map<String, String> environment,
      InstantSource clock) {
    ControlServer control = control(config, wiring, clock);
    Blocking.await(vertx.deployVerticle(control), PATIENCE);
    Optional<MetricsServer> metrics =
        config.metrics().enabled()
            ? Optional.of(metrics(vertx, wiring, calls, clock))
            : Optional.empty();
    OptionalInt port =
        metrics.isPresent() ? listen(metrics.get(), config.metrics()) : OptionalInt.empty();
    Notifier systemd = Notifier.of(environment);
    String mode = config.mode().name().toLowerCase(Locale.ROOT) + " mode";
    systemd.ready(mode);
    // The last thing that happened, as `systemctl status` shows it.
    wiring.notices().subscribe(notice -> systemd.status(mode + "; " + notice.text()));
    Watchdog.start(vertx, systemd, environment, wiring::lastProgress);
    return new Doors(control, metrics, port, systemd);
  }

  private static ControlServer control(ChaseConfig config, Wiring wiring, InstantSource clock) {
    ControlNeeds needs =
        new ControlNeeds(
            wiring::snapshot,
            wiring::grid,
            wiring::calls,
            wiring::command,
            wiring.processes(),
            wiring.notices(),
            clock,
            Version.ofThisBuild(),
            new ZeusdRoutes(
                    new ZeusdNeeds(
                        wiring.zeusdGpus(), rapl()::read, clock, config.control().lease()))
                ::mount);
    return new ControlServer(needs, config.control().socket(), config.control().group());
  }

  /** Whoever asks for the CPUs' energy is told why there is none; the log need not be. */
  private static RaplZones rapl() {
    return new RaplZones(RaplZones.SYSTEM, why -> {});
  }

  private static MetricsServer metrics(
      Vertx vertx, Wiring wiring, CallMetrics calls, InstantSource clock) {
    EmissionsMeter emissions = new EmissionsMeter();
    vertx.setPeriodic(
        COUNT_EVERY.toMillis(), tick -> emissions.take(wiring.snapshot(), wiring.grid()));
    return new MetricsServer(
        vertx,
        new MetricsSources(
            wiring::snapshot,
            wiring::grid,
            wiring::calls,
            emissions::emissions,
            calls,
            Version.ofThisBuild()),
        clock);
  }

  private static OptionalInt listen(MetricsServer server, MetricsConfig config) {
    return OptionalInt.of(Blocking.await(server.listen(config.host(), config.port()), PATIENCE));
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
    metrics.ifPresent(server -> Blocking.quietly(server::close, PATIENCE));
  }
}
