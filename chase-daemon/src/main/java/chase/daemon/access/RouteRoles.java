package chase.daemon.access;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The role that each route of the control socket takes. A router whose routes are not all in this
 * table is refused before it serves anybody.
 */
public final class RouteRoles {
  /** Every route: this table and nothing else decides. */
  public static final List<RouteRole> ALL =
      Stream.of(
              anybody("GET", "/v1/whoami"),
              reads(
                  "/v1/status",
                  "/v1/gpus",
                  "/v1/gpus/:gpu",
                  "/v1/gpus/:gpu/explain",
                  "/v1/signal",
                  "/v1/signal/history",
                  "/v1/policy",
                  "/v1/jobs",
                  "/v1/jobs/:job",
                  "/v1/report",
                  "/v1/events",
                  "/v1/config",
                  "/v1/doctor",
                  "/v1/batch-sizes",
                  "/v1/batch-sizes/:name",
                  "/discover",
                  "/time",
                  "/auth/whoami",
                  "/gpu/get_cumulative_energy",
                  "/gpu/get_power",
                  "/gpu/get_power_limit",
                  "/gpu/get_power_limit_constraints",
                  "/gpu/get_persistence_mode",
                  "/gpu/stream_power",
                  "/cpu/get_cumulative_energy",
                  "/cpu/get_power",
                  "/cpu/stream_power"),
              // Whose job, recurring job or GPU it is, the routes themselves look at.
              of(Role.JOB, "POST", "/v1/jobs"),
              reports("/v1/jobs/:job/steps"),
              of(Role.JOB, "DELETE", "/v1/jobs/:job"),
              of(Role.JOB, "POST", "/v1/batch-sizes"),
              of(Role.JOB, "DELETE", "/v1/batch-sizes/:name"),
              of(Role.JOB, "POST", "/v1/batch-sizes/:name/trials"),
              reports("/v1/batch-sizes/:name/trials/:trial/report"),
              of(Role.JOB, "POST", "/v1/batch-sizes/:name/trials/:trial/fail"),
              of(Role.JOB, "POST", "/gpu/set_power_limit"),
              of(Role.JOB, "POST", "/gpu/set_persistence_mode"),
              of(Role.JOB, "POST", "/gpu/set_gpu_locked_clocks"),
              of(Role.JOB, "POST", "/gpu/set_mem_locked_clocks"),
              of(Role.JOB, "POST", "/gpu/reset_gpu_locked_clocks"),
              of(Role.JOB, "POST", "/gpu/reset_mem_locked_clocks"),
              of(Role.JOB, "POST", "/gpu/reset_locked_clocks"),
              Stream.of(
                  new RouteRole(
                      HttpMethod.GET, "/v1/audit", Optional.of(Role.OPERATOR), RouteKind.READS)),
              of(Role.OPERATOR, "PUT", "/v1/policy"),
              of(Role.OPERATOR, "DELETE", "/v1/policy"),
              of(Role.OPERATOR, "POST", "/v1/policy/confirm"),
              of(Role.OPERATOR, "PUT", "/v1/gpus/:gpu/override"),
              of(Role.OPERATOR, "POST", "/v1/gpus/:gpu/override"),
              of(Role.OPERATOR, "DELETE", "/v1/gpus/:gpu/override"),
              of(Role.OPERATOR, "POST", "/v1/pause"),
              of(Role.OPERATOR, "POST", "/v1/resume"),
              of(Role.OPERATOR, "POST", "/v1/reload"),
              of(Role.OPERATOR, "POST", "/v1/driver/release"),
              of(Role.OPERATOR, "POST", "/v1/driver/reopen"),
              of(Role.OPERATOR, "POST", "/v1/gpus/:gpu/pause"),
              of(Role.OPERATOR, "POST", "/v1/gpus/:gpu/resume"))
          .flatMap(rows -> rows)
          .toList();

  private final Access access;
  private final Optional<RequestAudit> audit;
  private final Set<Route> checks = new HashSet<>();

  /**
   * One route.
   *
   * @param path as the router knows it, with its parameters
   * @param role who may call it; empty for everybody who can connect
   * @param kind what it does
   */
  public record RouteRole(HttpMethod method, String path, Optional<Role> role, RouteKind kind) {
    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  /** What a route does. */
  public enum RouteKind {
    /** Changes nothing. */
    READS,
    /** Tells how far a job's own work is, often. */
    REPORTS,
    /** Changes what Chase does. */
    COMMANDS
  }

  /**
   * The checks of a router that is made anew.
   *
   * @param limits the limits of every GPU now, for the audit log
   */
  public RouteRoles(
      Access access, Supplier<List<AuditLog.AuditedLimit>> limits, InstantSource clock) {
    this.access = access;
    this.audit = access.audit().map(log -> new RequestAudit(log, limits, clock));
  }

  private static Stream<RouteRole> anybody(String method, String path) {
    return Stream.of(
        new RouteRole(HttpMethod.valueOf(method), path, Optional.empty(), RouteKind.READS));
  }

  private static Stream<RouteRole> reads(String... paths) {
    return Stream.of(paths)
        .map(path -> new RouteRole(HttpMethod.GET, path, Optional.of(Role.READ), RouteKind.READS));
  }

  private static Stream<RouteRole> reports(String path) {
    return Stream.of(
        new RouteRole(HttpMethod.POST, path, Optional.of(Role.JOB), RouteKind.REPORTS));
  }

  private static Stream<RouteRole> of(Role role, String method, String path) {
    return Stream.of(
        new RouteRole(HttpMethod.valueOf(method), path, Optional.of(role), RouteKind.COMMANDS));
  }

  /** Puts the check of each route before it: call it before the routes are added. */
  public void mount(Router router) {
    checks.addAll(router.getRoutes());
    for (RouteRole row : ALL) {
      checks.add(router.route(row.method(), row.path()).handler(context -> check(context, row)));
    }
  }

  private void check(RoutingContext context, RouteRole row) {
    Caller caller = access.caller(context.request().connection());
    caller.attach(context);
    if (row.kind() == RouteKind.COMMANDS) {
      audit.ifPresent(log -> log.begin(context, caller));
    }
    Optional<Role> needed =
        row.role().filter(role -> caller.role().filter(has -> has.includes(role)).isEmpty());
    if (needed.isPresent()) {
      context.fail(access.denied(caller, needed.get()));
    } else {
      context.next();
    }
  }

  /**
   * Makes sure that every route which was added since has its check: call it once they are.
   *
   * @throws IllegalStateException that names one which has none
   */
  public void requireAll(Router router) {
    Set<String> known =
        ALL.stream().map(RouteRole::toString).collect(Collectors.toCollection(TreeSet::new));
    router.getRoutes().stream()
        .filter(route -> !checks.contains(route))
        .flatMap(RouteRoles::names)
        .filter(name -> !known.contains(name))
        .findFirst()
        .ifPresent(name -> {
          throw new IllegalStateException(
              name + " has no role: add it to " + RouteRoles.class.getSimpleName());
        });
  }

  private static Stream<String> names(Route route) {
    Set<HttpMethod> methods = Objects.requireNonNullElse(route.methods(), Set.of());
    String path = Objects.requireNonNullElse(route.getPath(), "every path");
    boolean wide = methods.isEmpty() || !route.isExactPath();
    return wide
        ? Stream.of(String.format(Locale.ROOT, "any method of %s", path))
        : methods.stream().map(method -> method + " " + path);
  }
}
