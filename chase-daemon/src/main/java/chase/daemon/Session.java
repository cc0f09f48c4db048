package chase.daemon;

import chase.daemon.calls.MeteredGpus;
import chase.daemon.config.ChaseConfig;
import chase.daemon.control.ControlServer;
import chase.daemon.control.SocketRefused;
import chase.daemon.metrics.CallMetrics;
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

  private final Vertx vertx;
  private final Wiring wiring;
  private final Doors doors;

  private Session(Vertx vertx, Wiring wiring, Doors doors) {
    this.vertx = vertx;
    this.wiring = wiring;
    this.doors = doors;
  }

  /**
   * Starts the daemon. Blocks until its doors are open. From the first moment on, SIGTERM and
   * SIGINT put every limit back and then run {@code last}.
   *
   * @throws StartupException with one line; nothing is left behind then
   */
  static Session start(
      ChaseConfig config, Map<String, String> environment, Clock clock, Runnable last)
      throws StartupException {
    CompletableFuture<Session> started = new CompletableFuture<>();
    Thread stop = new Thread(() -> stop(started, last), "chase-stop");
    Runtime.getRuntime().addShutdownHook(stop);
    try {
      Session session = wired(config, environment, clock);
      started.complete(session);
      return session;
    } finally {
      started.cancel(false);
    }
  }

  /** A stop that comes during the start lets it come to its end first. */
  private static void stop(CompletableFuture<Session> started, Runnable last) {
    try {
      started.get(LONGEST_START.toSeconds(), TimeUnit.SECONDS).close();
    } catch (CancellationException e) {
      LOG.log(Level.DEBUG, "stopped without having started");
    } catch (ExecutionException | TimeoutException | InterruptedException e) {
      LOG.log(Level.ERROR, "the start never ended; limits on record go back at the next start", e);
    }
    last.run();
  }

  private static Session wired(ChaseConfig config, Map<String, String> environment, Clock clock)
      throws StartupException {
    requireFreeSocket(config);
    CallMetrics calls = new CallMetrics();
    Ends ends = metered(Ends.of(config, environment, clock), calls);
    Vertx vertx = Vertx.vertx(small());
    vertx.exceptionHandler(Session::crash);
    try {
      Wiring wiring = Wiring.start(vertx, config, ends, clock);
      return new Session(vertx, wiring, open(vertx, config, wiring, calls, environment, clock));
    } catch (StartupException e) {
      Blocking.quietly(vertx::close, PATIENCE);
      throw e;
    }
  }

  private static void requireFreeSocket(ChaseConfig config) throws StartupException {
    try {
      ControlServer.requireFree(config.control().socket(), config.control().group());
    } catch (SocketRefused e) {
      throw new StartupException(String.valueOf(e.getMessage()));
    }
  }

  private static Doors open(
      Vertx vertx,
      ChaseConfig config,
      Wiring wiring,
      CallMetrics calls,
      Map<String, String> environment,
      Clock clock)
      throws StartupException {
    Vertx servers = Vertx.vertx(small().setEventLoopPoolSize(2));
    servers.exceptionHandler(
        fault -> LOG.log(Level.ERROR, "a fault outside of any request; nothing else ends", fault));
    try {
      return Doors.open(vertx, servers, config, wiring, calls, environment, clock);
    } catch (IllegalStateException e) {
      Blocking.quietly(servers::close, PATIENCE);
      wiring.close();
      throw new StartupException(String.valueOf(e.getMessage()));
    }
  }

  private static Ends metered(Ends ends, CallMetrics calls) {
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

  Doors doors() {
    return doors;
  }

  /** Runs a simulated job on the first card until the end of the process. */
  void run(Clock clock, PrintWriter out) {
    SimulatedJob job = new SimulatedJob(this::obey, clock, out);
    vertx.setPeriodic(SimulatedJob.PERIOD_MILLIS, tick -> job.goOn(wiring.snapshot()));
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
    doors.refuseCommands();
    wiring.close();
    doors.close();
    Blocking.quietly(vertx::close, PATIENCE);
  }
}
