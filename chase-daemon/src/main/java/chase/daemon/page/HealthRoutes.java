package chase.daemon.page;

import chase.daemon.bodies.GpuBodies;
import chase.daemon.http.ReadOnlyServer;
import chase.daemon.http.ReadOnlyServer.ReadOnlyPath;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Answers probes, such as a kubelet's: from memory, 200 or 503. */
public final class HealthRoutes {
  private static final String GOOD = "ok\n";

  private final Supplier<GpuBodies> daemon;
  private final Supplier<Optional<String>> whyNoDriver;

  /**
   * Health of a daemon.
   *
   * @param daemon reads its state
   * @param whyNoDriver reads why there is no GPU driver
   */
  public HealthRoutes(Supplier<GpuBodies> daemon, Supplier<Optional<String>> whyNoDriver) {
    this.daemon = daemon;
    this.whyNoDriver = whyNoDriver;
  }

  /**
   * What answers at each path.
   *
   * @param anyHost whether the name by which a client calls this host does not matter
   */
  public Map<String, ReadOnlyPath> paths(boolean anyHost) {
    return Map.of(
        "/healthz", path(Health::unhealthy, anyHost), "/readyz", path(Health::unready, anyHost));
  }

  private ReadOnlyPath path(Function<Health, List<String>> reasons, boolean anyHost) {
    return new ReadOnlyPath(request -> answer(request, reasons.apply(health())), anyHost);
  }

  private Health health() {
    GpuBodies now = daemon.get();
    return new Health(now.snapshot(), now.grid(), whyNoDriver.get(), now.now());
  }

  private static void answer(HttpServerRequest request, List<String> reasons) {
    request.response().putHeader("Cache-Control", "no-store");
    if (reasons.isEmpty()) {
      ReadOnlyServer.send(request, 200, GOOD);
    } else {
      ReadOnlyServer.send(request, 503, String.join("\n", reasons) + "\n");
    }
  }
}
