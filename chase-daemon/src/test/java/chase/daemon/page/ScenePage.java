package chase.daemon.page;

import chase.daemon.api.ApiJson;
import chase.daemon.api.PageBody;
import chase.daemon.api.PageHistoryBody;
import chase.daemon.http.FailureCounter;
import chase.daemon.http.HostNames;
import chase.daemon.http.ReadOnlyServer;
import chase.daemon.http.ServerCredentials;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The page's server with a scene behind it in place of a daemon. A second passes with each tick.
 */
final class ScenePage implements PageSource, AutoCloseable {
  private static final String HOST = "127.0.0.1";
  private static final JsonMapper MAPPER = ApiJson.mapper();

  private final Vertx vertx = Vertx.vertx();
  private final PageRoutes routes = new PageRoutes(vertx, this);
  private final ReadOnlyServer server;
  private final int port;
  private volatile PageScene scene;
  private final AtomicLong ticks = new AtomicLong();

  private ScenePage(PageScene scene, int port) throws Exception {
    this.scene = scene;
    this.server =
        new ReadOnlyServer(
            vertx,
            "page",
            new HostNames("here", List.of()),
            () -> ServerCredentials.NONE,
            FailureCounter.NONE,
            routes.paths());
    this.port = server.listen(HOST, port).await(10, TimeUnit.SECONDS);
    vertx.runOnContext(now -> routes.start());
  }

  /** Serves {@code scene} on any free port. */
  static ScenePage serve(PageScene scene) throws Exception {
    return new ScenePage(scene, 0);
  }

  /**
   * Serves another scene on the port of this one, which is closed, as a daemon does that starts
   * again.
   */
  ScenePage restart(PageScene another) throws Exception {
    return new ScenePage(another, port);
  }

  /** Shows another scene from the next second on. */
  void show(PageScene another) {
    scene = another;
  }

  /** Where the page is. */
  String address() {
    return "http://" + HOST + ":" + port + "/";
  }

  @Override
  public void tick() {
    ticks.incrementAndGet();
  }

  @Override
  public PageBody page() {
    Instant now = scene.at().plus(Duration.ofSeconds(ticks.get()));
    return read(scene.state().deepCopy().put("at", now.toString()).toString(), PageBody.class);
  }

  @Override
  public PageHistoryBody history() {
    return read(scene.history().toString(), PageHistoryBody.class);
  }

  @Override
  public PageHistoryBody pointsSince(long second) {
    return read(scene.withoutPoints().toString(), PageHistoryBody.class);
  }

  private static <T> T read(String json, Class<T> type) {
    try {
      return MAPPER.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    Promise<Void> stopped = Promise.promise();
    vertx.runOnContext(now -> {
      routes.stop();
      stopped.complete();
    });
    join(stopped.future());
    join(server.close());
    join(vertx.close());
  }

  private static void join(Future<Void> done) {
    done.toCompletionStage().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
  }
}
