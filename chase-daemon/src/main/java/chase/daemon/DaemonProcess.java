package chase.daemon;

import chase.daemon.api.ReportBody;
import chase.daemon.config.ChaseConfig;
import chase.daemon.config.ConfigException;
import chase.daemon.gpu.GpuBackend;
import chase.daemon.gpu.journal.StateException;
import chase.daemon.grid.GridSources;
import chase.daemon.ledger.ReportQuery;
import chase.daemon.metrics.DriverCallMetrics;
import chase.daemon.reload.ConfigReloader;
import chase.daemon.reload.ConfigState;
import chase.daemon.reload.HangupSignal;
import chase.daemon.systemd.Notifier;
import chase.daemon.systemd.Watchdog;
import chase.daemon.text.LogLevel;
import chase.daemon.text.Version;
import chase.zeus.engine.Event;
import chase.zeus.engine.Snapshot;
import io.vertx.core.Vertx;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** One daemon in this process, from its configuration to its orderly end. */
final class DaemonProcess implements AutoCloseable {
  private static final Logger LOG = System.getLogger(DaemonProcess.class.getName());
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration MAX_START = Duration.ofSeconds(25);

  /** After an exception that no code expected. */
  private static final int CRASHED = 70;

  /** After an end that left a limit behind. */
  private static final int NOT_RESTORED = 1;

  private final Vertx vertx;
  private final Wiring wiring;
  private final Daemon daemon;
  private final Notifier systemd;
  private Optional<Servers> servers = Optional.empty();
  private Optional<ConfigReloader> reloads = Optional.empty();

  private DaemonProcess(Vertx vertx, Wiring wiring, Notifier systemd) {
    this.vertx = vertx;
    this.wiring = wiring;
    this.daemon = wiring.daemon();
    this.systemd = systemd;
  }

  /** What a daemon in this process is started with, and who is notified of its end. */
  @FunctionalInterface
  interface DaemonSetup {
    /**
     * The configuration. Called when signals are handled already, so that what it makes on disk is
     * removed by {@link #stopped} in any case.
     */
    ChaseConfig config() throws ConfigException, StartupException;

    /** The file that the configuration was read from, and is read from again. */
    default Optional<ConfigState.SourceFile> source() {
      return Optional.empty();
    }

    /** The signal that asks for that; it never ends a daemon that has one. */
    default Optional<HangupSignal> hangups() {
      return Optional.empty();
    }

    /** The configuration was read again, and says what the log is to hold. */
    default void logFrom(LogLevel level) {}

    /** The GPUs that {@code config} names. */
    default GpuBackend gpus(ChaseConfig config, InstantSource clock) throws ConfigException {
      return GpuBackend.of(config.gpu(), clock);
    }

    /** The daemon is about to stop, and still answers. */
    default void stopping(DaemonProcess process) {}

    /** The last thing that happens in this process. */
    default void stopped() {}
  }

  /**
   * Starts the daemon. Blocks until its servers are open. From the first moment on, SIGTERM and
   * SIGINT end every wait for a driver, put every limit back and then call {@link
   * DaemonSetup#stopped}; where a limit is not back after that, the exit code says so.
   *
   * @throws StartupException with one line; nothing is left behind then
   */
  static DaemonProcess start(DaemonSetup setup, Platform platform) throws StartupException {
    // Also because a log that is first used by a shutdown stays silent.
    LOG.log(Level.INFO, "Chase %s starts".formatted(Version.ofThisBuild()));
    CompletableFuture<Void> stopRequested = new CompletableFuture<>();
    CompletableFuture<DaemonProcess> started = new CompletableFuture<>();
    Thread stop = new Thread(() -> stop(stopRequested, started, setup), "chase-stop");
    Runtime.getRuntime().addShutdownHook(stop);
    try {
      DaemonProcess process = start(setup, platform, stopRequested);
      started.complete(process);
      return process;
    } finally {
      started.cancel(false);
    }
  }

  /** A stop that comes during the start lets it come to its end first, which is soon. */
  private static void stop(
      CompletableFuture<Void> stopRequested,
      CompletableFuture<DaemonProcess> started,
      DaemonSetup setup) {
    boolean back = true;
    if (!started.isCompletedExceptionally()) {
      LOG.log(Level.INFO, "Chase is stopping");
    }
    stopRequested.complete(null);
    try {
      DaemonProcess process = started.get(MAX_START.toSeconds(), TimeUnit.SECONDS);
      setup.stopping(process);
      back = process.stop();
    } catch (CancellationException e) {
      LOG.log(Level.DEBUG, "stopped without having started");
    } catch (TimeoutException e) {
      LOG.log(
          Level.ERROR,
          "the start did not end within "
              + MAX_START.toSeconds()
              + " s; limits on record go back at the next start, or by chase restore");
      back = false;
    } catch (ExecutionException | InterruptedException e) {
      LOG.log(Level.ERROR, "the start broke; limits on record go back at the next start", e);
      back = false;
    }
    if (!started.isCompletedExceptionally()) {
      LOG.log(
          back ? Level.INFO : Level.ERROR,
          back
              ? "Chase has stopped, and no limit of its own is left"
              : "Chase has stopped, and not every limit is back: chase restore tries again");
    }
    setup.stopped();
    if (!back) {
      // A shutdown that has begun cannot be given another exit code in any other way.
      Runtime.getRuntime().halt(NOT_RESTORED);
    }
  }

  private static DaemonProcess start(
      DaemonSetup setup, Platform platform, CompletableFuture<Void> stopRequested)
      throws StartupException {
    DriverCallMetrics driverCalls = new DriverCallMetrics();
    ChaseConfig config;
    GpuBackend gpus;
    GridSources sources;
    try {
      config = setup.config();
      StartupChecks.run(config, platform.environment());
      gpus = setup.gpus(config, platform.clock()).metered(driverCalls, platform.nanos());
      sources = GridSources.of(config, platform.environment(), platform.clock());
    } catch (ConfigException e) {
      throw StartupException.of(e);
    } catch (IllegalArgumentException e) {
      throw StartupException.permanent(String.valueOf(e.getMessage()));
    }
    Vertx vertx = platform.vertx().apply(1);
    vertx.exceptionHandler(bug -> crash(bug, stopRequested.isDone()));
    try {
      Wiring wiring = new Wiring(vertx, config, gpus, sources, platform.clock(), platform.nanos());
      DaemonProcess process = new DaemonProcess(vertx, wiring, Notifier.of(platform.environment()));
      process.daemon.start(stopRequested);
      if (!stopRequested.isDone()) {
        process.open(config, setup, platform, driverCalls);
      }
      return process;
    } catch (StateException e) {
      Futures.awaitOrLog(vertx::close, CLOSE_TIMEOUT);
      throw StartupException.of(e);
    } catch (StartupException e) {
      Futures.awaitOrLog(vertx::close, CLOSE_TIMEOUT);
      throw e;
    }
  }

  /** Opens the servers and notifies systemd that the daemon is ready. */
  private void open(
      ChaseConfig config, DaemonSetup setup, Platform platform, DriverCallMetrics driverCalls)
      throws StartupException {
    Vertx requests = platform.vertx().apply(2);
    requests.exceptionHandler(
        fault -> LOG.log(Level.ERROR, "a fault outside of any request; nothing else ends", fault));
    ConfigReloader reloader = reloader(config, setup, platform);
    reloads = Optional.of(reloader);
    try {
      Servers opened =
          new ServerWiring(wiring, requests, platform.environment(), reloader).servers(driverCalls);
      opened.open(config);
      servers = Optional.of(opened);
    } catch (IllegalStateException e) {
      // In this order: what the daemon still says goes to those servers that listen.
      daemon.close();
      Futures.awaitOrLog(requests::close, CLOSE_TIMEOUT);
      throw StartupException.temporary(String.valueOf(e.getMessage()));
    }
    String mode = config.mode().name().toLowerCase(Locale.ROOT) + " mode";
    systemd.ready(
        wiring
            .governor
            .driver()
            .whyNot()
            .map(why -> mode + "; waiting for the GPU driver: " + why)
            .orElse(mode));
    // The last thing that happened, as `systemctl status` shows it.
    wiring.notifications.subscribe(last -> systemd.status(mode + "; " + last.text()));
    Watchdog.start(vertx, systemd, platform.environment(), wiring.governor::lastProgress);
    setup
        .hangups()
        .ifPresent(signal ->
            signal.onArrival(() -> {
              var _ = reloader.reload();
            }));
    Optional<Path> file = setup.source().map(ConfigState.SourceFile::path);
    StartLines lines = new StartLines(config, file, metricsPort());
    Snapshot snapshot = wiring.governor.snapshot();
    lines.trouble(snapshot).ifPresent(line -> LOG.log(Level.WARNING, line));
    lines.unknown(snapshot).ifPresent(line -> LOG.log(Level.WARNING, line));
    LOG.log(Level.INFO, lines.ready(snapshot));
  }

  private ConfigReloader reloader(ChaseConfig config, DaemonSetup setup, Platform platform) {
    return new ConfigReloader(
        vertx,
        ConfigState.atStart(config, setup.source(), platform.clock().instant()),
        wiring.liveParts(setup::logFrom),
        (running, wanted) -> StartupChecks.missing(running, wanted, platform.environment()),
        platform.environment(),
        platform.clock(),
        wiring.notifications,
        new ConfigReloader.ReloadListener() {
          @Override
          public void begins() {
            systemd.reloading(platform.nanos().getAsLong());
          }

          @Override
          public void ends() {
            systemd.reloaded();
          }
        });
  }

  /** A bug ends the process; the limits go back on the way out, by the shutdown hook. */
  private static void crash(Throwable bug, boolean stopping) {
    if (stopping) {
      // Who still comes with work meets parts that are closed; the limits go back at this moment.
      LOG.log(Level.DEBUG, "while stopping: " + bug);
      return;
    }
    LOG.log(Level.ERROR, "a bug in Chase; the limits go back and the daemon ends", bug);
    new Thread(() -> Runtime.getRuntime().exit(CRASHED), "chase-crash").start();
  }

  /** The port of the metrics page, if there is one. */
  Optional<Integer> metricsPort() {
    return servers.flatMap(Servers::metricsPort);
  }

  /** Calls {@code work} with the present snapshot every {@code period}, until the end. */
  void every(Duration period, Consumer<Snapshot> work) {
    vertx.setPeriodic(period.toMillis(), tick -> work.accept(wiring.governor.snapshot()));
  }

  /** Carries out a command; one that is refused changes nothing. */
  void execute(Event.Command command) {
    wiring
        .governor
        .command(command)
        .onFailure(refused -> LOG.log(Level.DEBUG, "a command is refused: " + refused));
  }

  /**
   * What the ledger says of everything up to now. Blocks, a few seconds at most.
   *
   * @throws IllegalStateException with one line where it cannot say anything
   */
  ReportBody report(ReportQuery query) {
    return Futures.await(wiring.ledger().report(query), CLOSE_TIMEOUT);
  }

  /** Waits for the end of the process; returns only when interrupted. */
  void awaitEnd() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Puts every limit back and closes everything. */
  @Override
  public void close() {
    stop();
  }

  /** The same; whether every limit is back. */
  private boolean stop() {
    servers.ifPresent(opened -> {
      systemd.stopping();
      opened.refuseCommands();
    });
    reloads.ifPresent(ConfigReloader::close);
    boolean back = daemon.stop();
    servers.ifPresent(Servers::close);
    if (daemon.isIdle()) {
      Futures.awaitOrLog(vertx::close, CLOSE_TIMEOUT);
    }
    return back;
  }
}
