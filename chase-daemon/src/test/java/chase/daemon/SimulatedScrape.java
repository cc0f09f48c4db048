package chase.daemon;

import static org.awaitility.Awaitility.await;

import chase.daemon.config.ChaseConfig;
import chase.zeus.engine.Event;
import chase.zeus.engine.JobId;
import chase.zeus.engine.JobSpec;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What a simulated daemon that runs well shows to Prometheus. */
final class SimulatedScrape {
  private SimulatedScrape() {}

  /** A daemon on a recorded grid, with a job that reports. */
  static String of(Path directory) throws Exception {
    Files.copy(
        Objects.requireNonNull(Demo.class.getResourceAsStream("synthetic-week.csv")),
        directory.resolve("week.csv"));
    ChaseConfig config =
        ChaseConfig.parse(
            "chase.yaml",
            """
            policy: budget:0.03
            state-directory: state
            gpu: {backend: simulated, simulated: [h100-sxm, v100], telemetry-period: 100ms}
            host: {watts-per-gpu: 90}
            carbon: {provider: trace, region: synthetic, trace: {file: week.csv, start: 2026-06-03T06:00:00Z}}
            control: {socket: chase.sock}
            metrics: {port: 0}
            """,
            directory,
            Map.of());
    Vertx vertx = Vertx.vertx();
    Vertx requests =
        Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(2));
    try (RunningDaemon daemon = RunningDaemon.start(vertx, config, InstantSource.system());
        Servers servers = daemon.servers(requests)) {
      servers.open(config);
      URI page = URI.create("http://127.0.0.1:" + servers.metricsPort().orElseThrow() + "/metrics");
      train(daemon);
      String complete = "chase_job_emissions_grams_total{job_id=\"a1\"";
      return await()
          .atMost(20, TimeUnit.SECONDS)
          .until(() -> text(page), text -> text.contains(complete));
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
  }

  private static void train(RunningDaemon daemon) throws Exception {
    await().until(() -> daemon.snapshot().gpus().stream().allMatch(g -> g.original().isPresent()));
    JobId id = new JobId("a1");
    JobSpec spec =
        new JobSpec(
            "resnet",
            List.of(daemon.snapshot().gpus().getFirst().traits().id()),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(0.05));
    for (Event.Command command :
        List.of(
            new Event.JobStarted(id, spec, Instant.now()),
            new Event.StepsReported(id, 0, Instant.now()))) {
      daemon.command(command).toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
  }

  private static String text(URI page) throws IOException {
    try (InputStream in = page.toURL().openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
