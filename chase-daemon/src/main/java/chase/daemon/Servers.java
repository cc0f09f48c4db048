package chase.daemon;

import chase.daemon.batchsize.BatchSizeService;
import chase.daemon.batchsize.zeus.ZeusServer;
import chase.daemon.config.BatchSizesConfig.ZeusApiConfig;
import chase.daemon.config.ChaseConfig;
import chase.daemon.control.ControlServer;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** The daemon's servers: control socket, metrics page and Zeus's batch-size API. */
final class Servers implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Servers.class.getName());
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  /** On a busy host the first use of a server takes its time; systemd waits longer than this. */
  private static final Duration OPEN_TIMEOUT = Duration.ofSeconds(15);

  private final Vertx vertx;
  private final ControlServer control;
  private final Optional<MetricsPort> metrics;
  private final Optional<ZeusServer> zeus;
  private final BatchSizeService batchSizes;
  private Optional<Integer> metricsPort = Optional.empty();

  /**
   * Servers that are not open yet.
   *
   * @param vertx where requests are handled, with two event loops: the control socket has one to
   *     itself, so that neither it nor the daemon's work ever waits for a scrape. Closed with the
   *     servers
   */
  Servers(
      Vertx vertx,
      ControlServer control,
      Optional<MetricsPort> metrics,
      Optional<ZeusServer> zeus,
      BatchSizeService batchSizes) {
    this.vertx = vertx;
    this.control = control;
    this.metrics = metrics;
    this.zeus = zeus;
    this.batchSizes = batchSizes;
  }

  /**
   * Opens them where {@code config} says. Blocks; never on an event loop.
   *
   * @throws IllegalStateException with one line when a socket or port cannot be had
   */
  void open(ChaseConfig config) {
    Future<String> deployed = vertx.deployVerticle(control);
    // Contexts go round the event loops: the next one is on the other.
    Context scrapes = vertx.getOrCreateContext();
    Futures.await(deployed, OPEN_TIMEOUT);
    if (metrics.isPresent()) {
      metricsPort = Optional.of(on(scrapes, metrics.get()::open));
    }
    if (zeus.isPresent()) {
      ZeusApiConfig api = config.batchSizes().zeusApi();
      int port = on(scrapes, () -> zeus.get().listen(api.host(), api.port()));
      LOG.log(
          Level.INFO,
          String.format(
              Locale.ROOT,
              "Zeus's batch-size API is on %s://%s:%d",
              api.tls().scheme(),
              api.host(),
              port));
    }
  }

  private static int on(Context context, Supplier<Future<Integer>> listen) {
    Promise<Integer> port = Promise.promise();
    context.runOnContext(now -> listen.get().onComplete(port));
    return Futures.await(port.future(), OPEN_TIMEOUT);
  }

  /** The port of the metrics page, if there is one. */
  Optional<Integer> metricsPort() {
    return metricsPort;
  }

  /** Refuses commands from now on; everything else is still answered until {@link #close}. */
  void refuseCommands() {
    control.refuseCommands();
  }

  @Override
  public void close() {
    metrics.ifPresent(server -> Futures.awaitOrLog(server::close, CLOSE_TIMEOUT));
    zeus.ifPresent(server -> Futures.awaitOrLog(server::close, CLOSE_TIMEOUT));
    Futures.awaitOrLog(batchSizes::close, CLOSE_TIMEOUT);
    Futures.awaitOrLog(vertx::close, CLOSE_TIMEOUT);
  }
}
