package chase.daemon.page;

import chase.carbon.BugLog;
import chase.daemon.bodies.GpuBodies;
import chase.daemon.grid.GridPast;
import chase.daemon.http.ReadOnlyServer;
import chase.daemon.http.ReadOnlyServer.ReadOnlyPath;
import chase.daemon.http.SharedContent;
import chase.daemon.ledger.Ledger;
import chase.daemon.page.PageUpdates.Update;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/**
 * The page and its answers. What they show is put together on a thread of its own, once a second
 * for all clients; a request only sends what is ready. All but that on the server's event loop.
 */
public final class PageRoutes {
  private static final Duration PERIOD = Duration.ofSeconds(1);
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);

  private final BugLog bugs = new BugLog(System.getLogger(PageRoutes.class.getName()));
  private final PageFiles files = new PageFiles();
  private final PageStreams streams = new PageStreams();
  private final Vertx vertx;
  private final PageUpdates updates;
  private final WorkerExecutor worker;
  private boolean updating;
  private boolean stopped;

  /** What was put together since the last second; empty until somebody asks. */
  private Optional<Future<PageVersion>> version = Optional.empty();

  private Optional<Future<SharedContent>> page = Optional.empty();
  private Optional<Future<SharedContent>> history = Optional.empty();

  /** The page that shows {@code source}; its files come from the jar. */
  PageRoutes(Vertx vertx, PageSource source) {
    this.vertx = vertx;
    this.updates = new PageUpdates(source);
    this.worker = vertx.createSharedWorkerExecutor("page", 1);
  }

  /**
   * The page of the running daemon.
   *
   * @param vertx where requests are handled
   * @param daemon reads the daemon's state
   * @param past reads the grid's past
   */
  public static PageRoutes of(
      Vertx vertx,
      PageSettings settings,
      Supplier<GpuBodies> daemon,
      Supplier<GridPast> past,
      Ledger ledger,
      RecentEvents events) {
    return new PageRoutes(vertx, new LivePage(settings, daemon, past, ledger, events));
  }

  /** What answers at each path. */
  public Map<String, ReadOnlyPath> paths() {
    Map<String, ReadOnlyPath> paths = new LinkedHashMap<>(files.paths());
    paths.put("/v1/page", new ReadOnlyPath(this::page, false));
    paths.put("/v1/page/history", new ReadOnlyPath(this::history, false));
    paths.put("/v1/page/stream", new ReadOnlyPath(this::follow, false));
    return paths;
  }

  /** Begins to record the history, and to send; call on the server's context. */
  public void start() {
    vertx.setPeriodic(0, PERIOD.toMillis(), tick -> update());
    vertx.setPeriodic(HEARTBEAT.toMillis(), beat -> streams.heartbeat());
  }

  /** Ends every stream, with a reason for its reader; call on the server's context. */
  public void stop() {
    stopped = true;
    streams.stop("Chase is stopping");
    var _ = worker.close();
  }

  /** A second that takes longer than that is followed by the next one that begins in time. */
  private void update() {
    if (updating || stopped) {
      return;
    }
    updating = true;
    boolean watched = !streams.isEmpty();
    version = Optional.empty();
    page = Optional.empty();
    history = Optional.empty();
    onWorker(() -> bugs.guarded("updating the page", Update.NONE, () -> updates.tick(watched)))
        .onSuccess(streams::send)
        .onComplete(done -> updating = false);
  }

  private <T> Future<T> onWorker(Callable<T> work) {
    return worker.executeBlocking(work);
  }

  private Future<PageVersion> version() {
    version = version.or(() -> Optional.of(onWorker(updates::version)));
    return version.get();
  }

  private void page(HttpServerRequest request) {
    page = page.or(() -> Optional.of(version().compose(now -> onWorker(() -> content(now)))));
    send(request, page.get());
  }

  private static SharedContent content(PageVersion now) {
    return SharedContent.json((now.whole() + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private void history(HttpServerRequest request) {
    history = history.or(() -> Optional.of(onWorker(updates::history)));
    send(request, history.get());
  }

  private void send(HttpServerRequest request, Future<SharedContent> answer) {
    request.response().putHeader("Cache-Control", "no-store");
    answer.onSuccess(content -> content.send(request)).onFailure(why -> fail(request, why));
  }

  private void follow(HttpServerRequest request) {
    if (request.method().equals(HttpMethod.HEAD)) {
      request.response().putHeader("Content-Type", "text/event-stream").end();
      return;
    }
    version()
        .onSuccess(now -> streams.open(vertx, request, now))
        .onFailure(why -> fail(request, why));
  }

  private void fail(HttpServerRequest request, Throwable fault) {
    bugs.log("showing the page", fault);
    ReadOnlyServer.send(request, 500, "Chase failed at this; its log says more\n");
  }
}
