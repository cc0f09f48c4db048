package chase.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chase.carbon.CarbonIntensity;
import chase.carbon.fallback.FallbackLevel;
import chase.daemon.config.ChaseConfig;
import chase.daemon.explain.GpuExplanation;
import chase.daemon.grid.GridState;
import chase.zeus.engine.Snapshot;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two whole daemons on simulated GPUs: one plays a recording back, the other asks it. */
class RelayedSignalTest {
  private static final InstantSource CLOCK = InstantSource.system();

  @TempDir private Path directory;

  /** A daemon with its metrics listener. */
  private final class Host implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final RunningDaemon daemon;
    private final Servers servers;
    private boolean stopped;

    Host(String name, String carbon) throws Exception {
      this(name, 0, carbon);
    }

    Host(String name, int port, String carbon) throws Exception {
      Path own = Files.createDirectories(directory.resolve(name));
      ChaseConfig config =
          ChaseConfig.parse(
              "chase.yaml",
              """
              mode: observe
              state-directory: state
              gpu: {backend: simulated, simulated: [h100-sxm], telemetry-period: 100ms}
              control: {socket: chase.sock}
              metrics: {port: %s, page: false, outlook: true}
              """
                      .formatted(port)
                  + carbon,
              own,
              Map.of("CHASE_SOCKET", own.resolve("chase.sock").toString()));
      daemon = RunningDaemon.start(vertx, config, CLOCK);
      servers =
          daemon.servers(
              Vertx.vertx(
                  new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(2)));
      servers.open(config);
    }

    int port() {
      return servers.metricsPort().orElseThrow();
    }

    GridState grid() {
      return daemon.grid();
    }

    String explanation() {
      Snapshot snapshot = daemon.snapshot();
      Instant now = CLOCK.instant();
      return new GpuExplanation(snapshot, snapshot.gpus().getFirst(), grid(), now).text();
    }

    @Override
    public void close() {
      if (!stopped) {
        stop();
      }
    }

    void stop() {
      stopped = true;
      daemon.close();
      servers.close();
      vertx
          .close()
          .toCompletionStage()
          .toCompletableFuture()
          .orTimeout(20, TimeUnit.SECONDS)
          .join();
    }
  }

  private Host playing() throws Exception {
    Path trace = directory.resolve("grid.csv");
    StringBuilder rows = new StringBuilder("time,grams_per_kwh\n");
    Instant start = Instant.parse("2021-01-01T00:00:00Z");
    for (int hour = 0; hour < 24 * 7; hour++) {
      rows.append(start.plus(Duration.ofHours(hour)))
          .append(',')
          .append(300 + hour % 24)
          .append('\n');
    }
    Files.writeString(trace, rows);
    return new Host(
        "origin",
        """
        carbon:
          provider: trace
          region: DE
          trace: {file: %s, speed: 1800, emission-scope: lifecycle}
        """
            .formatted(trace));
  }

  private Host asking(Host... others) throws Exception {
    StringBuilder urls = new StringBuilder();
    for (Host other : others) {
      urls.append(urls.isEmpty() ? "" : ", ")
          .append("'http://127.0.0.1:")
          .append(other.port())
          .append('\'');
    }
    return new Host(
        "reader",
        """
        carbon:
          provider: chase
          region: DE
          poll-period: 1s
          chase: {urls: [%s], calls-per-hour: 36000}
        """
            .formatted(urls));
  }

  /** Neither has another source, and nobody tells the other's trouble on. */
  @Test
  void twoThatAskEachOtherFindThatOut() throws Exception {
    int first;
    int second;
    try (ServerSocket one = new ServerSocket(0);
        ServerSocket two = new ServerSocket(0)) {
      first = one.getLocalPort();
      second = two.getLocalPort();
    }
    try (Host a = new Host("a", first, asking(second));
        Host b = new Host("b", second, asking(first))) {
      for (Host host : List.of(a, b)) {
        await()
            .atMost(Duration.ofSeconds(30))
            .until(() ->
                host.grid()
                    .failure()
                    .filter(why ->
                        why.message()
                            .matches(
                                "chase DE from 127.0.0.1:\\d+: a loop of Chases that ask each"
                                    + " other: this host waits for itself via [A-Za-z0-9._-]+"))
                    .isPresent());
      }
    }
  }

  private static String asking(int port) {
    return """
    carbon:
      provider: chase
      region: DE
      poll-period: 1s
      chase: {urls: ['http://127.0.0.1:%s'], calls-per-hour: 36000}
    """
        .formatted(port);
  }

  @Test
  void aHostWithoutAProviderOfItsOwnActsOnAnothersSignalAndShowsWhoseItIs() throws Exception {
    try (Host origin = playing()) {
      await().until(() -> origin.grid().level() == FallbackLevel.LIVE);
      try (Host reader = asking(origin)) {
        await().until(() -> reader.grid().level() == FallbackLevel.LIVE);
        CarbonIntensity value = reader.grid().current().orElseThrow();
        assertThat(value.provider()).isEqualTo("trace");
        assertThat(value.provenance().label()).isEqualTo("replayed");
        assertThat(value.via()).hasSize(1);
        await().until(() -> reader.explanation().contains("(replayed by trace, via "));

        origin.stop();
        // Its own forecast, or where it has seen too little for one the last value.
        await().until(() -> reader.grid().level().number() > FallbackLevel.LIVE.number());
        await().until(() -> reader.grid().failure().isPresent());
        assertThat(reader.grid().failure().orElseThrow().message())
            .startsWith(
                "chase DE from 127.0.0.1:" + origin.port() + ": no connection to 127.0.0.1");
        assertThat(reader.explanation()).contains("The last poll failed: chase DE from 127.0.0.1");
      }
    }
  }
}
