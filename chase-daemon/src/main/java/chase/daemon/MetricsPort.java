package chase.daemon;

import chase.daemon.config.ChaseConfig.MetricsConfig;
import chase.daemon.config.TlsConfig;
import chase.daemon.http.FailureCounter;
import chase.daemon.http.HostNames;
import chase.daemon.http.HttpLimits;
import chase.daemon.http.ReadOnlyServer;
import chase.daemon.http.ReadOnlyServer.ReadOnlyPath;
import chase.daemon.metrics.MetricsPage;
import chase.daemon.outlook.OutlookRoutes;
import chase.daemon.page.HealthRoutes;
import chase.daemon.page.PageRoutes;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The one port on which metrics, health and the page are read: parts that do not know each other.
 */
final class MetricsPort {
  private static final String INDEX =
      """
      Chase, a carbon-aware power-limit daemon for GPU hosts.
      Metrics for Prometheus: /metrics
      Health: /healthz, /readyz
      """;

  private final Optional<PageRoutes> page;
  private final Optional<OutlookRoutes> outlook;
  private final ReadOnlyServer server;
  private final MetricsConfig config;

  /**
   * A port that is not open yet.
   *
   * @param environment the process's environment variables, where its token may be kept
   * @param names by which names browsers may call this host
   * @param page empty where only programs are served
   * @param outlook empty where other hosts' Chases are not
   */
  MetricsPort(
      Vertx vertx,
      MetricsConfig config,
      Map<String, String> environment,
      HostNames names,
      FailureCounter log,
      MetricsPage metrics,
      HealthRoutes health,
      Optional<PageRoutes> page,
      Optional<OutlookRoutes> outlook) {
    this.config = config;
    this.page = page;
    this.outlook = outlook;
    // Beyond this host programs call it by names that only they know; a browser is another matter.
    boolean anyHost = !TlsConfig.isLocal(config.host());
    Map<String, ReadOnlyPath> paths = new LinkedHashMap<>(health.paths(anyHost));
    paths.put("/metrics", new ReadOnlyPath(metrics::answer, anyHost));
    paths.put("/", new ReadOnlyPath(request -> ReadOnlyServer.send(request, 200, INDEX), false));
    page.ifPresent(shown -> paths.putAll(shown.paths()));
    outlook.ifPresent(served -> paths.putAll(served.paths(anyHost)));
    this.server =
        new ReadOnlyServer(
            vertx,
            "metrics",
            names,
            outlook.isPresent() ? HttpLimits.MANY_HOSTS : HttpLimits.DEFAULT,
            () -> config.credentials(environment),
            log,
            paths);
  }

  /**
   * Opens it where the configuration says, on the current context.
   *
   * @return the port in use; fails with one readable line when the address cannot be had
   */
  Future<Integer> open() {
    return server
        .listen(config.host(), config.port())
        .onSuccess(port -> {
          page.ifPresent(PageRoutes::start);
          outlook.ifPresent(OutlookRoutes::start);
        });
  }

  /** Tells those who follow the page, and closes every connection. */
  Future<Void> close() {
    page.ifPresent(PageRoutes::stop);
    outlook.ifPresent(OutlookRoutes::stop);
    return server.close();
  }
}
