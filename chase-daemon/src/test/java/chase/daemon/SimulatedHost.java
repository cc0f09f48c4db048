package chase.daemon;

import chase.daemon.config.ChaseConfig;
import chase.daemon.fixtures.UnixHttp;
import chase.daemon.fixtures.UnixHttp.Reply;
import chase.daemon.gpu.GpuBackend;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.Lease;
import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuSlot;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The whole daemon on a simulated H100 and V100, with its control socket open. */
final class SimulatedHost implements AutoCloseable {
  private static final InstantSource CLOCK = InstantSource.system();

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
  private final Path directory;
  private final RunningDaemon daemon;
  private final Servers servers;
  private final List<Gpu> driverGpus;
  private final Vertx requests =
      Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(2));
  private boolean stopped;

  SimulatedHost(Path directory, String more) throws Exception {
    this.directory = directory;
    String text =
        """
        policy: fixed:500
        state-directory: state
        gpu: {backend: simulated, simulated: [h100-sxm, v100], minimum-dwell: 0s,
          telemetry-period: 100ms}
        metrics: {enabled: false}
        """;
    ChaseConfig config = ChaseConfig.parse("chase.yaml", text + more, directory, Map.of());
    GpuBackend gpus = GpuBackend.of(config.gpu(), CLOCK);
    this.driverGpus = new ArrayList<>();
    for (GpuSlot slot : gpus.open().slots()) {
      driverGpus.add(slot.open());
    }
    this.daemon = RunningDaemon.start(vertx, config, gpus, CLOCK);
    this.servers = daemon.servers(requests);
    servers.open(config);
  }

  static String socketAt(Path directory) {
    return "control: {socket: " + directory.resolve("chase.sock") + "";
  }

  Path socket() {
    return directory.resolve("chase.sock");
  }

  RunningDaemon daemon() {
    return daemon;
  }

  /** The simulated GPU itself. */
  Gpu gpu(int index) {
    return driverGpus.get(index);
  }

  long milliwatts(int index) {
    try {
      return gpu(index).powerLimits().requested().toMilliwatts();
    } catch (GpuException e) {
      throw new AssertionError(e);
    }
  }

  GpuView view(int index) {
    return daemon.snapshot().gpus().get(index);
  }

  Optional<Lease> lease(int index) {
    return daemon.snapshot().leaseOn(view(index).traits().id());
  }

  Reply get(String path) {
    return UnixHttp.call(socket(), "GET", path);
  }

  Reply post(String path) {
    return UnixHttp.call(socket(), "POST", path);
  }

  /** What the daemon does when it stops, before its socket goes. */
  void stopDaemon() {
    servers.refuseCommands();
    if (!stopped) {
      daemon.close();
    }
    stopped = true;
  }

  @Override
  public void close() {
    stopDaemon();
    servers.close();
    vertx.close().toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }
}
