package chase.daemon.control;

import chase.daemon.access.Access;
import chase.daemon.access.AuditLog;
import chase.daemon.events.Notification;
import chase.daemon.events.Topic;
import chase.daemon.http.BoundedHttpServer;
import chase.daemon.http.FailureCounter;
import chase.daemon.http.HttpLimits;
import chase.daemon.http.RequestFailures;
import chase.daemon.ledger.Ledger;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.Router;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The control socket, as a verticle: open once deployed, gone with its file once undeployed.
 * Deploying fails with {@link SocketUnavailable} when the path cannot be used.
 */
public final class ControlServer extends VerticleBase {
  private static final Logger LOG = System.getLogger(ControlServer.class.getName());
  private static final String LISTENER = "control";
  private static final int MAX_STREAMS = 32;
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);

  private final SocketFile file;
  private final Access access;
  private final EventRoutes streams;
  private final ControlRoutes routes;
  private final RequestFailures failures;
  private final FailureCounter log;
  private final Duration heartbeat;
  private Optional<BoundedHttpServer> server = Optional.empty();

  /**
   * A server for {@code socket}.
   *
   * @param access who may do what there
   * @param others adds paths that others answer on the same socket, on the server's context
   * @param log counts what goes wrong with clients
   */
  public ControlServer(
      ApiState state,
      Access access,
      Ledger ledger,
      Topic<Notification> notifications,
      BiConsumer<Vertx, Router> others,
      FailureCounter log,
      Path socket) {
    this(
        state,
        access,
        ledger,
        new EventRoutes(notifications, MAX_STREAMS),
        others,
        log,
        new SocketFile(socket),
        HEARTBEAT);
  }

  ControlServer(
      ApiState state,
      Access access,
      Ledger ledger,
      EventRoutes streams,
      BiConsumer<Vertx, Router> others,
      FailureCounter log,
      SocketFile file,
      Duration heartbeat) {
    this.file = file;
    this.access = access;
    this.streams = streams;
    this.log = log;
    this.failures = new RequestFailures(LISTENER, log);
    this.routes = new ControlRoutes(state, access, ledger, streams, others, failures);
    this.heartbeat = heartbeat;
  }

  /**
   * Makes sure that {@code socket} can be used, before anything is touched that a running daemon
   * may own. Blocks; what a dead daemon left there is removed.
   *
   * @throws SocketUnavailable with one line, when a daemon answers there or something else is in
   *     the way
   */
  public static void requireFree(Path socket) {
    new SocketFile(socket).claim();
  }

  /**
   * From now on commands are answered with 503, while requests that read still work; any thread may
   * call.
   */
  public void refuseCommands() {
    routes.refuseCommands();
  }

  @Override
  public Future<?> start() {
    BoundedHttpServer listening =
        new BoundedHttpServer(
            vertx, LISTENER, HttpLimits.DEFAULT, log, failures, routes.handler(vertx));
    streams.start(context);
    vertx.setPeriodic(heartbeat.toMillis(), beat -> streams.heartbeat());
    return vertx
        .executeBlocking(this::claim)
        .compose(
            free -> listening.listen(SocketAddress.domainSocketAddress(file.path().toString())))
        .onSuccess(open -> server = Optional.of(listening))
        .compose(open -> vertx.executeBlocking(this::open))
        .onSuccess(open -> access.onNewRules(this::openAgain));
  }

  /** New rules may let others connect. */
  private void openAgain() {
    vertx
        .executeBlocking(this::open)
        .onFailure(cause -> LOG.log(Level.WARNING, file.path() + " keeps its mode: " + cause));
  }

  @Override
  public Future<?> stop() {
    refuseCommands();
    access.onNewRules(() -> {});
    streams.stop("Chase is stopping");
    // Netty deletes the socket's file as it closes; a second delete might hit a successor's.
    return server
        .map(BoundedHttpServer::close)
        .orElseGet(Future::succeededFuture)
        .eventually(() -> vertx.executeBlocking(this::closeAudit));
  }

  private boolean closeAudit() {
    access.audit().ifPresent(AuditLog::close);
    return true;
  }

  private Path claim() {
    file.claim();
    return file.path();
  }

  private Path open() {
    file.open(access.rules().audience());
    return file.path();
  }

  /** The control socket cannot be opened; the message is one clear line that names its path. */
  public static final class SocketUnavailable extends RuntimeException {
    private final boolean temporary;

    /** It stays so until the path or what lies there is changed. */
    SocketUnavailable(String message) {
      this(message, false);
    }

    private SocketUnavailable(String message, boolean temporary) {
      super(message);
      this.temporary = temporary;
    }

    /** It may pass, such as a daemon that still stops. */
    static SocketUnavailable temporary(String message) {
      return new SocketUnavailable(message, true);
    }

    /** Whether the same may succeed later. */
    public boolean isTemporary() {
      return temporary;
    }
  }
}
