package chase.daemon;

import chase.daemon.config.ChaseConfig;
import chase.daemon.events.Notification;
import chase.daemon.events.Topic;
import chase.daemon.governor.Governor;
import chase.daemon.gpu.GpuBackend;
import chase.daemon.grid.GridSources;
import chase.daemon.grid.GridState;
import chase.daemon.metrics.DriverCallMetrics;
import chase.daemon.reload.ConfigReloader;
import chase.daemon.reload.ConfigState;
import chase.daemon.text.LogLevel;
import chase.zeus.engine.Event;
import chase.zeus.engine.Snapshot;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A whole daemon without servers, from its configuration on, until it is closed. */
public final class RunningDaemon implements AutoCloseable {
  private final Wiring wiring;
  private final Daemon daemon;

  private RunningDaemon(Wiring wiring) {
    this.wiring = wiring;
    this.daemon = wiring.daemon();
  }

  /** A daemon on the GPUs and providers that {@code config} names. */
  public static RunningDaemon start(Vertx vertx, ChaseConfig config, InstantSource clock)
      throws Exception {
    return start(
        vertx,
        config,
        GpuBackend.of(config.gpu(), clock),
        GridSources.of(config, Map.of(), clock),
        clock);
  }

  /** A daemon on other GPUs, without a provider. */
  public static RunningDaemon start(
      Vertx vertx, ChaseConfig config, GpuBackend gpus, InstantSource clock) throws Exception {
    return start(vertx, config, gpus, GridSources.none(), clock);
  }

  private static RunningDaemon start(
      Vertx vertx, ChaseConfig config, GpuBackend gpus, GridSources sources, InstantSource clock)
      throws Exception {
    Wiring wiring = new Wiring(vertx, config, gpus, sources, clock, System::nanoTime);
    RunningDaemon running = new RunningDaemon(wiring);
    running.daemon.start(new CompletableFuture<>());
    return running;
  }

  /** Its servers, not open yet, with an environment without variables. */
  Servers servers(Vertx requests) {
    return new ServerWiring(wiring, requests, Map.of(), reloader(Optional.empty(), level -> {}))
        .servers(new DriverCallMetrics());
  }

  /** What reads its configuration again, from the file that it was started with. */
  ConfigReloader reloader(Optional<ConfigState.SourceFile> source, Consumer<LogLevel> logLevel) {
    return new ConfigReloader(
        wiring.vertx,
        ConfigState.atStart(wiring.config, source, wiring.clock.instant()),
        wiring.liveParts(logLevel),
        (before, wanted) -> StartupChecks.missing(before, wanted, Map.of()),
        Map.of(),
        wiring.clock,
        wiring.notifications,
        new ConfigReloader.ReloadListener() {
          @Override
          public void begins() {}

          @Override
          public void ends() {}
        });
  }

  /** The engine's state. */
  public Snapshot snapshot() {
    return wiring.governor.snapshot();
  }

  /** The one way to its engine and GPUs. */
  public Governor governor() {
    return wiring.governor;
  }

  GridState grid() {
    return wiring.grid.state();
  }

  /** What it publishes. */
  public Topic<Notification> notifications() {
    return wiring.notifications;
  }

  /** Why there is no driver now. */
  public Optional<String> whyNoDriver() {
    return wiring.governor.driver().whyNot();
  }

  /** Executes a command. */
  public Future<Snapshot> command(Event.Command command) {
    return wiring.governor.command(command);
  }

  /** Whether every limit is back. */
  public boolean stop() {
    return daemon.stop();
  }

  @Override
  public void close() {
    stop();
  }
}
