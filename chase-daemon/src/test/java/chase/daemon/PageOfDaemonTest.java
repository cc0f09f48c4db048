package chase.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.config.ChaseConfig;
import chase.daemon.fixtures.Chromium;
import chase.zeus.engine.Event;
import chase.zeus.engine.GpuView;
import chase.zeus.gpu.GpuId;
import chase.zeus.unit.Watts;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole daemon on simulated GPUs, looked at in a browser. */
class PageOfDaemonTest {
  private static final InstantSource CLOCK = InstantSource.system();

  @TempDir private Path directory;
  @TempDir private Path profile;
  private Chromium browser;
  private int port;

  @BeforeEach
  void startBrowser() throws IOException {
    Chromium.assumeThere();
    browser = Chromium.start(profile);
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
  }

  @AfterEach
  void stopBrowser() {
    if (browser != null) {
      browser.close();
    }
  }

  /** A daemon with its listeners. */
  private final class Host implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final RunningDaemon daemon;
    private final Servers servers;

    Host() throws Exception {
      ChaseConfig config =
          ChaseConfig.parse(
              "chase.yaml",
              """
              policy: fixed:500
              state-directory: state
              gpu: {backend: simulated, simulated: [h100-sxm, v100], minimum-dwell: 0s,
                telemetry-period: 100ms}
              control: {socket: chase.sock}
              """
                  + "metrics: {port: "
                  + port
                  + "}",
              directory,
              Map.of());
      daemon = RunningDaemon.start(vertx, config, CLOCK);
      servers =
          daemon.servers(
              Vertx.vertx(
                  new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(2)));
      servers.open(config);
    }

    GpuId firstGpu() {
      return daemon.snapshot().gpus().getFirst().traits().id();
    }

    @Override
    public void close() {
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

  @Test
  void aPageIsFollowedThroughACommandAndARestart() throws Exception {
    try (Host host = new Host()) {
      browser.open("http://127.0.0.1:" + port + "/");
      assertThat(browser.text("#notices")).contains("SIMULATED");
      // Limits fall in steps.
      browser.waitUntil("document.getElementById('lead').innerText.includes('500 W')");
      GpuView first = host.daemon.snapshot().gpus().getFirst();
      assertThat(browser.text(".gpu .why").lines().findFirst())
          .hasValueSatisfying(why -> assertThat(why).contains("500 W", first.traits().model()));
      host.daemon
          .command(
              new Event.OverrideSet(
                  host.firstGpu(),
                  new Watts(450),
                  CLOCK.instant().plusSeconds(600),
                  CLOCK.instant()))
          .await(10, TimeUnit.SECONDS);
      browser.waitUntil(
          "document.querySelector('.gpu .figures .limit').innerText.includes('450 W')");
      assertThat(browser.text(".gpu .chip")).contains("held by an operator until");
      assertThat(browser.text("#events")).contains("450 W");
      browser.run("window.sameDocument = true");
    }
    browser.waitUntil(
        "document.getElementById('connection').textContent.startsWith('connection lost')");
    try (Host _ = new Host()) {
      browser.waitUntil("document.getElementById('connection').textContent === 'live'");
      assertThat(browser.<Boolean>run("return window.sameDocument === true")).isTrue();
      assertThat(browser.complaints()).allMatch(line -> line.contains("ERR_"));
    }
  }
}
