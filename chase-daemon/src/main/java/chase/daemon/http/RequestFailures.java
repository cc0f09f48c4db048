package chase.daemon.http;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Faults of ours that requests of one server met. Each is counted; each kind of fault is in the log
 * once, however often a client repeats it. Any thread may call.
 */
public final class RequestFailures {
  private static final System.Logger LOG = System.getLogger(RequestFailures.class.getName());

  /** More than there can be by mistake: a bound on what a client can make us remember. */
  private static final int MAX_KINDS = 64;

  private static final String KEY = RequestFailures.class.getName();

  private final String listener;
  private final FailureCounter log;
  private final Map<String, String> references = new ConcurrentHashMap<>();

  /** The faults of {@code listener}, of which there are none yet. */
  public RequestFailures(String listener, FailureCounter log) {
    this.listener = listener;
    this.log = log;
  }

  /**
   * Records that {@code what} failed.
   *
   * @return under which reference the log says more
   */
  public String log(String what, Throwable cause) {
    log.failed(listener);
    String kind = kind(cause);
    String known = references.get(kind);
    if (known != null) {
      return known;
    }
    String reference = UUID.randomUUID().toString().substring(0, 8);
    if (references.size() < MAX_KINDS && references.putIfAbsent(kind, reference) == null) {
      LOG.log(
          Level.ERROR,
          listener
              + ": "
              + shown(what)
              + " failed, reference "
              + reference
              + "; the same again is only counted",
          cause);
    }
    return references.getOrDefault(kind, reference);
  }

  private static String kind(Throwable cause) {
    StackTraceElement[] trace = cause.getStackTrace();
    return cause.getClass().getName() + (trace.length == 0 ? "" : "@" + trace[0]);
  }

  /** A request's own words are a client's: one short line of them is enough. */
  private static String shown(String what) {
    String line = what.replaceAll("\\p{Cntrl}", "?");
    return line.length() <= 200 ? line : line.substring(0, 200) + "...";
  }

  /** Lets the routes of {@code router} find this. */
  public void attach(Router router) {
    router
        .route()
        .handler(context -> {
          context.put(KEY, this);
          context.next();
        });
  }

  /**
   * Records that a request failed.
   *
   * @return under which reference the log says more
   */
  public static String log(RoutingContext context, Throwable cause) {
    RequestFailures failures = Objects.requireNonNull(context.get(KEY), "attached");
    return failures.log(context.request().method() + " " + context.request().path(), cause);
  }
}
