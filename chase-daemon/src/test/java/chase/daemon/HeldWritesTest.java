package chase.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chase.daemon.fixtures.UnixHttp;
import chase.daemon.fixtures.UnixHttp.Reply;
import chase.zeus.engine.Event;
import chase.zeus.engine.Reason;
import chase.zeus.unit.Watts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Zeus's library lets a training die at every answer but 200. Nothing that Chase itself has against
 * a write may cause one; the GPU stays where Chase or its operator holds it. Policy fixed:500 on a
 * GPU whose original limit is 700 W.
 */
class HeldWritesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String LIMIT = "/gpu/set_power_limit?gpu_ids=0&power_limit_mw=%d&block=true";

  private static final String CLOCKS =
      "/gpu/set_gpu_locked_clocks?gpu_ids=0&min_clock_mhz=300&max_clock_mhz=600&block=true";

  @TempDir Path directory;

  private SimulatedHost start(String more) throws Exception {
    SimulatedHost host =
        new SimulatedHost(directory, SimulatedHost.socketAt(directory) + "}\n" + more);
    await().until(() -> host.view(0).reading().isPresent());
    return host;
  }

  private static void override(SimulatedHost host, int watts) {
    Instant now = Instant.now();
    var held =
        new Event.OverrideSet(
            host.view(0).traits().id(), new Watts(watts), now.plusSeconds(3600), now);
    host.daemon().command(held).toCompletionStage().toCompletableFuture().join();
  }

  private static String held(Reply reply) {
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return reply.json().at("/held/0").asText();
  }

  @Test
  void anOverrideHoldsTheLimitAndStopsNoTraining() throws Exception {
    try (SimulatedHost host = start("")) {
      override(host, 450);
      assertThat(held(host.post(String.format(Locale.ROOT, LIMIT, 210_000))))
          .startsWith("an operator holds it at 450 W until ");
      assertThat(host.milliwatts(0)).isEqualTo(450_000);
      assertThat(UnixHttp.call(host.socket(), "DELETE", "/v1/gpus/0/override").status())
          .isEqualTo(200);
      assertThat(host.milliwatts(0)).as("what was asked for comes afterwards").isEqualTo(210_000);
    }
  }

  @Test
  void aPauseHoldsTheLimitAndStopsNoTraining() throws Exception {
    try (SimulatedHost host = start("")) {
      assertThat(host.post(String.format(Locale.ROOT, LIMIT, 300_000)).status()).isEqualTo(200);
      assertThat(host.post("/v1/pause").status()).isEqualTo(200);
      assertThat(held(host.post(String.format(Locale.ROOT, LIMIT, 210_000))))
          .isEqualTo("an operator paused Chase: it stays at 700 W");
      assertThat(host.milliwatts(0)).isEqualTo(700_000);
      assertThat(host.get("/gpu/get_power_limit?gpu_ids=0").body())
          .as("a read tells the truth")
          .isEqualTo("{\"0\":{\"power_limit_mw\":700000}}");
      assertThat(host.post("/v1/resume").status()).isEqualTo(200);
      assertThat(host.milliwatts(0)).isEqualTo(210_000);
    }
  }

  @Test
  void aHoldIsMarkedInAHeader() throws Exception {
    try (SimulatedHost host = start("")) {
      override(host, 450);
      String mark = "Chase-Held: GPU 0: an operator holds it at 450 W until ";
      assertThat(UnixHttp.head(host.socket(), "POST", String.format(Locale.ROOT, LIMIT, 210_000)))
          .contains(mark);
      await()
          .until(() ->
              host.get("/v1/audit")
                  .body()
                  .contains(
                      "\"outcome\":\"held\",\"detail\":\"GPU 0: an operator holds it at 450 W"));
      assertThat(UnixHttp.head(host.socket(), "GET", "/gpu/get_power_limit")).contains(mark);
      assertThat(UnixHttp.head(host.socket(), "GET", "/gpu/get_power"))
          .doesNotContain("Chase-Held");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "set_persistence_mode?gpu_ids=0&enabled=false&block=true",
        "set_gpu_locked_clocks?gpu_ids=0&min_clock_mhz=300&max_clock_mhz=600&block=true",
        "reset_gpu_locked_clocks?gpu_ids=0&block=true",
        "reset_mem_locked_clocks?gpu_ids=0&block=true",
        "reset_locked_clocks?gpu_ids=0&block=true"
      })
  void anOperatorHoldsTheLimitAndNothingElse(String write) throws Exception {
    try (SimulatedHost host = start("")) {
      override(host, 450);
      assertThat(host.post("/gpu/" + write)).isEqualTo(new Reply(200, "", ""));
      assertThat(host.post("/v1/pause").status()).isEqualTo(200);
      assertThat(host.post("/gpu/" + write)).isEqualTo(new Reply(200, "", ""));
      assertThat(host.milliwatts(0)).isEqualTo(700_000);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "set_power_limit?gpu_ids=0&power_limit_mw=210000&block=true",
        "set_power_limit?gpu_ids=0&power_limit_mw=210000&block=false",
        "set_persistence_mode?gpu_ids=0&enabled=false&block=true",
        "set_gpu_locked_clocks?gpu_ids=0&min_clock_mhz=300&max_clock_mhz=600&block=true",
        "set_mem_locked_clocks?gpu_ids=0&min_clock_mhz=2619&max_clock_mhz=2619&block=true",
        "reset_gpu_locked_clocks?gpu_ids=0&block=true",
        "reset_mem_locked_clocks?gpu_ids=0&block=true",
        "reset_locked_clocks?gpu_ids=0&block=true"
      })
  void observeModeAcceptsEveryWriteAndDoesNone(String write) throws Exception {
    try (SimulatedHost host = start("mode: observe\n")) {
      Reply reply = host.post("/gpu/" + write);
      assertThat(reply.status()).isEqualTo(200);
      if (write.endsWith("block=true")) {
        assertThat(held(reply)).isEqualTo("Chase only observes (mode: observe)");
      }
      assertThat(host.milliwatts(0)).isEqualTo(700_000);
      assertThat(host.lease(0)).isEmpty();
      assertThat(host.gpu(0).settings().persistenceMode()).isTrue();
    }
  }

  @Test
  void aHeldWriteIsLoggedOnceHoweverOftenItIsRequested() throws Exception {
    try (SimulatedHost host = start("")) {
      override(host, 450);
      List<String> lines = new CopyOnWriteArrayList<>();
      Logger log = Logger.getLogger("chase.daemon.zeusd.GpuWrites");
      Handler listener = listener(lines);
      log.addHandler(listener);
      try {
        for (int i = 0; i < 5; i++) {
          held(host.post(String.format(Locale.ROOT, LIMIT, 210_000)));
          assertThat(host.post(CLOCKS).status()).isEqualTo(200);
        }
        assertThat(lines).hasSize(1);
        assertThat(lines.getFirst()).contains("GPU 0 is not in force: an operator holds it");
      } finally {
        log.removeHandler(listener);
      }
    }
  }

  @Test
  void whatFailsForAClientThatDoesNotWaitIsLoggedOnce() throws Exception {
    try (SimulatedHost host = start("")) {
      List<String> lines = new CopyOnWriteArrayList<>();
      Logger log = Logger.getLogger("chase.daemon.zeusd.GpuWrites");
      Handler listener = listener(lines);
      log.addHandler(listener);
      try {
        String tooHigh =
            String.format(Locale.ROOT, LIMIT, 900_000).replace("block=true", "block=false");
        for (int i = 0; i < 5; i++) {
          assertThat(host.post(tooHigh).status()).isEqualTo(200);
        }
        assertThat(host.post(String.format(Locale.ROOT, LIMIT, 210_000)).status())
            .as("all were done")
            .isEqualTo(200);
        assertThat(lines).hasSize(1);
        assertThat(lines.getFirst()).contains("that did not wait failed on GPU 0");
      } finally {
        log.removeHandler(listener);
      }
    }
  }

  private static Handler listener(List<String> lines) {
    return new Handler() {
      @Override
      public void publish(LogRecord line) {
        lines.add(line.getMessage());
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }

  /** Zeus's library uses no GPU at all, also for measuring, where gpu-control is missing. */
  @Test
  void observeModeCanBeMeasuredThrough() throws Exception {
    try (SimulatedHost host = start("mode: observe\n")) {
      assertThat(host.get("/discover").json().get("enabled_api_groups").toString())
          .isEqualTo("[\"gpu-control\",\"gpu-read\"]");
      assertThat(host.get("/gpu/get_cumulative_energy").status()).isEqualTo(200);
      assertThat(host.get("/gpu/get_power_limit").status()).isEqualTo(200);
    }
  }

  @Test
  void aLimitThatNoGpuAcceptsIsRefusedAlsoWhileHeld() throws Exception {
    try (SimulatedHost host = start("mode: observe\n")) {
      Reply reply = host.post(String.format(Locale.ROOT, LIMIT, 900_000));
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.json().at("/errors/0").asText()).contains("900 W is outside 200 W to 700 W");
    }
  }

  @Test
  void aDaemonThatStopsHoldsTheOriginalLimit() throws Exception {
    try (SimulatedHost host = start("")) {
      assertThat(host.post(String.format(Locale.ROOT, LIMIT, 210_000)).status()).isEqualTo(200);
      host.stopDaemon();
      assertThat(host.milliwatts(0)).isEqualTo(700_000);
      assertThat(held(host.post(String.format(Locale.ROOT, LIMIT, 210_000)))).isNotEmpty();
      assertThat(host.milliwatts(0)).isEqualTo(700_000);
    }
  }

  @Test
  void aLimitOfAnExternalProcessStaysAndStopsNoTraining() throws Exception {
    try (SimulatedHost host = start("")) {
      assertThat(host.post(String.format(Locale.ROOT, LIMIT, 300_000)).status()).isEqualTo(200);
      host.gpu(0).limitPower(new Watts(650));
      Reply reply = host.post(String.format(Locale.ROOT, LIMIT, 210_000));
      assertThat(reply.status()).as(reply.body()).isEqualTo(200);
      await()
          .atMost(PATIENCE)
          .until(() ->
              host.view(0).reason() instanceof Reason.HandsOff || host.milliwatts(0) == 210_000);
      assertThat(host.post(String.format(Locale.ROOT, LIMIT, 210_000)).status()).isEqualTo(200);
    }
  }

  @Test
  void aJournalThatCannotBeWrittenStopsNoTraining() throws Exception {
    try (SimulatedHost host = start("")) {
      await().atMost(PATIENCE).until(() -> host.milliwatts(0) == 500_000);
      Path state = directory.resolve("state");
      Files.move(state, directory.resolve("away"));
      assertThat(held(host.post(String.format(Locale.ROOT, LIMIT, 210_000))))
          .contains("the journal cannot be written");
      assertThat(host.milliwatts(0)).isEqualTo(500_000);
      assertThat(held(host.post(CLOCKS))).contains("the journal cannot be written");
      Files.move(directory.resolve("away"), state);
      await().atMost(PATIENCE).until(() -> host.milliwatts(0) == 210_000);
    }
  }
}
