package chase.daemon.access;

import chase.daemon.access.AuditLog.AuditedLimit;
import chase.daemon.host.SocketPeer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RequestBody;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Puts requests that write into the audit log, once they are answered. Used on the server's event
 * loop only.
 *
 * @param log where to
 * @param limits the limits of every GPU now
 */
record RequestAudit(AuditLog log, Supplier<List<AuditedLimit>> limits, InstantSource clock) {
  private static final Logger LOG = System.getLogger(RequestAudit.class.getName());
  private static final int MAX_REQUEST = 300;
  private static final int MAX_BODY = 500;

  /** What a client of Zeus's API does not wait for is in force by then. */
  private static final Duration UNWAITED = Duration.ofSeconds(2);

  /** The kernel's number for nobody, who logged in: of services. */
  private static final long NO_LOGIN = 0xFFFF_FFFFL;

  /** Has the request of {@code context} put down when it is over. */
  void begin(RoutingContext context, Caller caller) {
    List<AuditedLimit> before = limitsNow();
    Optional<Long> login = loginUid(caller);
    context.addEndHandler(ended -> {
      HttpServerRequest request = context.request();
      AuditLine line =
          AuditLine.request(
              clock.instant(),
              caller,
              login,
              cut(request.method() + " " + request.uri(), MAX_REQUEST),
              body(context),
              ended.succeeded() && context.response().ended()
                  ? Optional.of(context.response().getStatusCode())
                  : Optional.empty(),
              detail(context));
      log.add(line);
      if (line.status().filter(RequestAudit::mayHaveChanged).isPresent()) {
        boolean unwaited = "false".equals(request.getParam("block"));
        if (unwaited) {
          context.vertx().setTimer(UNWAITED.toMillis(), later -> addLimits(context, line, before));
        } else {
          addLimits(context, line, before);
        }
      }
    });
  }

  /** A request has its line whatever happens; without its limits where those cannot be told. */
  private List<AuditedLimit> limitsNow() {
    try {
      return limits.get();
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "the audit log cannot tell limits: a bug in Chase", e);
      return List.of();
    }
  }

  /** A refusal changed nothing; a conflict may be that one of several GPUs did not obey. */
  private static boolean mayHaveChanged(int status) {
    return status / 100 != 4 || status == 409;
  }

  private static Optional<String> detail(RoutingContext context) {
    return Optional.ofNullable(context.failure())
        .map(Throwable::getMessage)
        .or(() -> Optional.ofNullable(context.response().headers().get(AuditLog.HELD_HEADER)))
        .map(text -> cut(text, MAX_REQUEST));
  }

  private static Optional<String> body(RoutingContext context) {
    return Optional.ofNullable(context.body())
        .map(RequestBody::asString)
        .filter(text -> !text.isBlank())
        .map(text -> cut(text, MAX_BODY));
  }

  private static String cut(String text, int max) {
    return text.length() <= max ? text : text.substring(0, max) + "...";
  }

  private void addLimits(RoutingContext context, AuditLine line, List<AuditedLimit> before) {
    Map<String, AuditedLimit> earlier =
        before.stream().collect(Collectors.toMap(AuditedLimit::uuid, Function.identity()));
    Set<String> named = named(context);
    for (AuditedLimit now : limitsNow()) {
      AuditedLimit then = earlier.getOrDefault(now.uuid(), now);
      // Without a target the GPU is not Chase's to set, and what was last read of it is old.
      boolean changed =
          now.targetWatts().isPresent()
              && !(then.requestedWatts().equals(now.requestedWatts())
                  && then.targetWatts().equals(now.targetWatts()));
      if (changed && (named.isEmpty() || named.stream().anyMatch(name -> isCalled(now, name)))) {
        log.add(AuditLine.limit(line, then, now));
      }
    }
  }

  /** The GPUs that the request names; empty where it is about all of them. */
  private static Set<String> named(RoutingContext context) {
    return Stream.of(
            Optional.ofNullable(context.pathParam("gpu")),
            Optional.ofNullable(context.request().getParam("gpu_ids")))
        .flatMap(Optional::stream)
        .flatMap(names -> Stream.of(names.split(",", -1)))
        .map(String::strip)
        .collect(Collectors.toSet());
  }

  private static boolean isCalled(AuditedLimit gpu, String name) {
    return Integer.toString(gpu.index()).equals(name)
        || gpu.uuid().toLowerCase(Locale.ROOT).contains(name.toLowerCase(Locale.ROOT));
  }

  /** Who logged in before they became root; it decides nothing. */
  private static Optional<Long> loginUid(Caller caller) {
    Optional<Long> uid = caller.peer().flatMap(SocketPeer::uid);
    Optional<Long> pid = caller.peer().flatMap(SocketPeer::pid);
    if (!uid.equals(Optional.of(0L)) || pid.isEmpty()) {
      return Optional.empty();
    }
    try {
      long login =
          Long.parseLong(Files.readString(Path.of("/proc/" + pid.get() + "/loginuid")).strip());
      return login == NO_LOGIN || login == 0 ? Optional.empty() : Optional.of(login);
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }
}
