package chase.daemon;

import chase.daemon.cli.Version;
import chase.daemon.config.BatchSizesConfig;
import chase.daemon.config.ChaseConfig;
import chase.daemon.control.ControlServer;
import chase.daemon.gpu.MeteredGpus;
import chase.daemon.metrics.DriverCallMetrics;
import chase.zeus.engine.Event;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.PrintWriter;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One daemon in this process, from its configuration to its orderly end. */
final class Session implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Session.class.getName());
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration LONGEST_START = Duration.ofSeconds(25);

  /** After an exception that nobody foresaw. */
  private static final int CRASHED = 70;

  /** After an end that left a limit behind. */
  private static final int NOT_BACK = 1;

  private final Vertx vertx;
  private final Wiring wiring;
  private final Optional<Doors> doors;

  private Session(Vertx vertx, Wiring wiring, Optional<Doors> doors) {
    this.vertx = vertx;
    this.wiring = wiring;
    this.doors = doors;
  }

  /**
   * Starts the daemon. Blocks until its doors are open. From the first moment on, SIGTERM and
   * SIGINT end every wait for a driver, put every limit back and then run {@code last}; where a
   * limit is not back after that, the exit code says so.
   *
   * @throws StartupException with one line; nothing is left behind then
   */
  static Session start(
      ChaseConfig config, Map<String, String> environment, Clock clock, Runnable last)
      throws StartupException {
    // Also because a log that is first used by a shutdown stays silent.
    LOG.log(Level.INFO, "Chase %s starts".formatted(Version.ofThisBuild()));
    CompletableFuture<Void> told = new CompletableFuture<>();
    CompletableFuture<Session> started = new CompletableFuture<>();
    Thread stop = new Thread(() -> stop(told, started, last), "chase-stop");
    Runtime.getRuntime().addShutdownHook(stop);
    try {
      Session session = wired(config, environment, clock, told);
      started.complete(session);
      return session;
    } finally {
      started.cancel(false);
    }
  }

  /** A stop that comes during the start lets it come to its end first, which is soon. */
  private static void stop(
      CompletableFuture<Void> told, CompletableFuture<Session> started, Runnable last) {
    boolean back = true;
    if (!started.isCompletedExceptionally()) {
      LOG.log(Level.INFO, "Chase is stopping; every limit goes back");
    }
    told.complete(null);
    try {
      back = started.get(LONGEST_START.toSeconds(), TimeUnit.SECONDS).stop();
    } catch (CancellationException e) {
      LOG.log(Level.DEBUG, "stopped without having started");
    } catch (TimeoutException e) {
      LOG.log(
          Level.ERROR,
          "the start did not end within "
              + LONGEST_START.toSeconds()
              + " s; limits on record go back at the next start, or by chase restore");
      back = false;
    } catch (ExecutionException | InterruptedException e) {
      LOG.log(Level.ERROR, "the start broke; limits on record go back at the next start", e);
      back = false;
    }
    last.run();
    if (!back) {
      // A shutdown that has begun cannot be given another exit code in any other way.
      Runtime.getRuntime().halt(NOT_BACK);
    }
  }

  private static Session wired(
      ChaseConfig config,
      Map<String, String> environment,
      Clock clock,
      CompletableFuture<Void> told)
      throws StartupException {
    requireFreeSocket(config);
    requireFreePorts(config);
    BatchSizeDesk.requireSecrets(config, environment);
    DriverCallMetrics calls = new DriverCallMetrics();
    Ends ends = metered(Ends.of(config, environment, clock), calls);
    Vertx vertx = Vertx.vertx(small());
    vertx.exceptionHandler(Session::crash);
    try {
      Wiring wiring = Wiring.start(vertx, config, ends, clock, told);
      return told.isDone()
          ? new Session(vertx, wiring, Optional.empty())
          : new Session(
              vertx, wiring, Optional.of(open(vertx, config, wiring, calls, environment, clock)));
    } catch (StartupException e) {
      Futures.awaitOrLog(vertx::close, PATIENCE);
      throw e;
    }
  }

  private static void requireFreeSocket(ChaseConfig config) throws StartupException {
    try {
      ControlServer.requireFree(config.control().socket(), config.control().group());
    } catch (ControlServer.SocketUnavailable e) {
      String why = String.valueOf(e.getMessage());
      throw e.isTemporary() ? StartupException.temporary(why) : StartupException.permanent(why);
    }
  }

  private static void requireFreePorts(ChaseConfig config) throws StartupException {
    if (config.metrics().enabled()) {
      new ListenAddress("metrics", config.metrics().host(), config.metrics().port()).requireFree();
    }
    BatchSizesConfig.ZeusApiConfig zeus = config.batchSizes().zeusApi();
    if (zeus.enabled()) {
      new ListenAddress("Zeus's batch-size API", zeus.host(), zeus.port()).requireFree();
    }
  }

  private static Doors open(
      Vertx vertx,
      ChaseConfig config,
      Wiring wiring,
      DriverCallMetrics calls,
      Map<String, String> environment,
      Clock clock)
      throws StartupException {
    Vertx servers = Vertx.vertx(small().setEventLoopPoolSize(2));
    servers.exceptionHandler(
        fault -> LOG.log(Level.ERROR, "a fault outside of any request; nothing else ends", fault));
    try {
      return Doors.open(vertx, servers, config, wiring, calls, environment, clock);
    } catch (IllegalStateException e) {
      Futures.awaitOrLog(servers::close, PATIENCE);
      wiring.close();
      throw StartupException.temporary(String.valueOf(e.getMessage()));
    }
  }

  private static Ends metered(Ends ends, DriverCallMetrics calls) {
    return new Ends(
        () -> new MeteredGpus(ends.gpus().open(), calls, System::nanoTime),
        ends.profiles(),
        ends.grid());
  }

  /**
   * Few threads and no files: a handful of requests a second is all that ever comes. The native
   * transport, where it can be loaded, also tells which process is at the other end of the socket.
   */
  private static VertxOptions small() {
    return new VertxOptions()
        .setPreferNativeTransport(true)
        .setEventLoopPoolSize(1)
        .setWorkerPoolSize(2)
        .setInternalBlockingPoolSize(2)
        .setFileSystemOptions(
            new FileSystemOptions()
                .setFileCachingEnabled(false)
                .setClassPathResolvingEnabled(false));
  }

  /** A bug ends the process; the limits go back on the way out, by the shutdown hook. */
  private static void crash(Throwable bug) {
    LOG.log(Level.ERROR, "a bug in Chase; the limits go back and the daemon ends", bug);
    new Thread(() -> Runtime.getRuntime().exit(CRASHED), "chase-crash").start();
  }

  /** Where the outside talks to the daemon; nowhere when it was told to stop as it started. */
  Optional<Doors> doors() {
    return doors;
  }

  /** Runs a simulated job on the first card until the end of the process. */
  void run(Clock clock, PrintWriter out) {
    Demo.SimulatedJob job = new Demo.SimulatedJob(this::obey, clock, out);
    vertx.setPeriodic(Demo.SimulatedJob.PERIOD_MILLIS, tick -> job.tick(wiring.snapshot()));
  }

  private void obey(Event.Command command) {
    wiring
        .command(command)
        .onFailure(refused -> LOG.log(Level.DEBUG, "the simulated job is refused: " + refused));
  }

  /** Waits for the end of the process; returns only when interrupted. */
  void untilToldToStop() {
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

  /** The same; tells whether every limit is back. */
  private boolean stop() {
    doors.ifPresent(Doors::refuseCommands);
    boolean back = wiring.stop();
    doors.ifPresent(Doors::close);
    if (wiring.isIdle()) {
      Futures.awaitOrLog(vertx::close, PATIENCE);
    }
    return back;
  }
}
