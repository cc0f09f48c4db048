package chase.daemon;

import chase.daemon.config.ChaseConfig;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.Snapshot;
import chase.zeus.unit.Watts;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * A daemon with a bug: once every limit is set, something throws that no code expects, on the event
 * loop of all verticles. Its arguments are those of {@code chase}.
 */
public final class CrashingDaemon {
  private CrashingDaemon() {}

  /** {@code daemon --config FILE}. */
  public static void main(String[] args) throws Exception {
    ChaseConfig config = ChaseConfig.load(Path.of(args[2]), System.getenv());
    Platform platform =
        new Platform(
            System.getenv(), Clock.systemUTC(), System::nanoTime, eventLoops -> Vertx.vertx());
    DaemonProcess daemon = DaemonProcess.start(() -> config, platform);
    daemon.every(Duration.ofMillis(50), CrashingDaemon::crash);
    daemon.awaitEnd();
  }

  private static void crash(Snapshot snapshot) {
    if (!snapshot.gpus().isEmpty() && snapshot.gpus().stream().allMatch(CrashingDaemon::lowered)) {
      throw new IllegalStateException("nobody expects this");
    }
  }

  private static boolean lowered(GpuView gpu) {
    Optional<Watts> requested = gpu.limits().map(limits -> limits.requested());
    return requested.isPresent()
        && gpu.original().filter(own -> requested.get().compareTo(own) < 0).isPresent();
  }
}
