package chase.daemon.outlook;

import chase.carbon.BugLog;
import chase.carbon.CarbonIntensity;
import chase.carbon.relay.AwaitedHosts;
import chase.carbon.relay.OutlookJson;
import chase.daemon.grid.GridState;
import chase.daemon.http.EventStream;
import chase.daemon.http.EventStreams;
import chase.daemon.http.HttpLimits;
import chase.daemon.http.ReadOnlyServer;
import chase.daemon.http.ReadOnlyServer.ReadOnlyPath;
import chase.daemon.http.SharedContent;
import io.netty.buffer.Unpooled;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Answers {@code /v1/outlook}. The body is made on a thread of its own when the grid's state has
 * changed, and a request only sends what is ready. All but that on the server's event loop.
 */
public final class OutlookRoutes {
  /** Where it is read. */
  public static final String PATH = "/v1/outlook";

  private static final Duration PERIOD = Duration.ofMillis(500);
  private static final Duration HEARTBEAT = Duration.ofSeconds(30);
  private static final String EVENTS = "text/event-stream";

  private final BugLog bugs = new BugLog(System.getLogger(OutlookRoutes.class.getName()));
  private final EventStreams streams = new EventStreams(HttpLimits.READERS);
  private final Vertx vertx;
  private final Supplier<GridState> grid;
  private final Supplier<List<String>> attribution;
  private final Supplier<AwaitedHosts> awaited;
  private final CarbonIntensity.Relay relay;
  private final InstantSource clock;
  private final WorkerExecutor worker;
  private Optional<Made> made = Optional.empty();
  private boolean making;
  private boolean stopped;

  /**
   * What was made of one state of the grid.
   *
   * @param outlook the outlook that it was made of
   * @param content what requests are answered with; empty where there is nothing to pass on
   * @param event the same for those who follow
   */
  private record Made(OwnOutlook outlook, Optional<SharedContent.Tagged> content, Buffer event) {
    boolean isOf(GridState state) {
      return outlook.grid().equals(state);
    }

    Optional<String> tag() {
      return content.map(SharedContent.Tagged::tag);
    }
  }

  /**
   * Routes that answer nothing before {@link #start}.
   *
   * @param grid reads the grid's state from memory
   * @param attribution reads what the licences of its sources want shown
   * @param awaited reads for whom its sources wait
   * @param relay this daemon
   */
  public OutlookRoutes(
      Vertx vertx,
      Supplier<GridState> grid,
      Supplier<List<String>> attribution,
      Supplier<AwaitedHosts> awaited,
      CarbonIntensity.Relay relay,
      InstantSource clock) {
    this.vertx = vertx;
    this.grid = grid;
    this.attribution = attribution;
    this.awaited = awaited;
    this.relay = relay;
    this.clock = clock;
    this.worker = vertx.createSharedWorkerExecutor("outlook", 1);
  }

  /**
   * What answers at the path.
   *
   * @param anyHost whether the name by which a client calls this host does not matter
   */
  public Map<String, ReadOnlyPath> paths(boolean anyHost) {
    return Map.of(PATH, new ReadOnlyPath(this::answer, anyHost));
  }

  /** Begins to look for changes; call on the server's context. */
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

  private void update() {
    GridState now = grid.get();
    if (making || stopped || made.filter(known -> known.isOf(now)).isPresent()) {
      return;
    }
    making = true;
    worker
        .executeBlocking(() -> make(now))
        .onSuccess(this::publish)
        .onFailure(fault -> bugs.log("making the outlook", fault))
        .onComplete(done -> making = false);
  }

  private Made make(GridState state) {
    OwnOutlook outlook = new OwnOutlook(state, attribution.get(), awaited.get(), relay);
    Optional<byte[]> json = outlook.at(clock.instant()).map(OutlookJson::bytes);
    if (json.isEmpty()) {
      String why = JsonObject.of("detail", outlook.whyNone()).encode();
      return new Made(outlook, Optional.empty(), shared(EventStream.text("unavailable", why)));
    }
    String text = new String(json.get(), StandardCharsets.UTF_8);
    return new Made(
        outlook,
        Optional.of(SharedContent.json((text + "\n").getBytes(StandardCharsets.UTF_8)).tagged()),
        shared(EventStream.text("outlook", text)));
  }

  /** Outside of the heap, so that what waits for a thousand sockets is there once. */
  private static Buffer shared(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    return BufferInternal.buffer(Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(direct)));
  }

  private void publish(Made next) {
    boolean changed =
        made.isEmpty()
            || !made.get().tag().equals(next.tag())
            || !made.get().event().equals(next.event());
    made = Optional.of(next);
    if (changed) {
      streams.all().forEach(stream -> stream.sendNewest(next.event()));
    }
  }

  private void answer(HttpServerRequest request) {
    request.response().putHeader("Vary", "Accept");
    if (String.valueOf(request.getHeader("Accept")).contains(EVENTS)) {
      follow(request);
      return;
    }
    Instant now = clock.instant();
    Optional<SharedContent.Tagged> content = made.flatMap(Made::content);
    String seconds =
        Long.toString(made.map(known -> known.outlook().untilNext(now).toSeconds()).orElse(1L));
    if (content.isPresent()) {
      request.response().putHeader("Cache-Control", "max-age=" + seconds);
      content.get().send(request);
    } else {
      AwaitedHosts hosts = made.map(known -> known.outlook().awaited()).orElse(AwaitedHosts.NONE);
      request
          .response()
          .putHeader("Cache-Control", "no-store")
          .putHeader("Retry-After", seconds)
          .putHeader(AwaitedHosts.HEADER, hosts.header(relay));
      ReadOnlyServer.send(
          request,
          503,
          made.map(known -> known.outlook().whyNone()).orElse("no outlook yet") + "\n");
    }
  }

  private void follow(HttpServerRequest request) {
    if (request.method().equals(HttpMethod.HEAD)) {
      request.response().putHeader("Content-Type", EVENTS).end();
      return;
    }
    EventStream stream = streams.open(vertx, request);
    made.ifPresent(known -> stream.sendNewest(known.event()));
  }
}
