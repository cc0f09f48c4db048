package chase.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chase.daemon.fixtures.ForeignClient;
import chase.daemon.fixtures.UnixHttp;
import chase.zeus.engine.Reason;
import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How leases end, and what is there afterwards. Policy fixed:500 on a GPU whose original limit is
 * 700 W.
 */
class LeaseOnHostTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String LIMIT = "/gpu/set_power_limit?gpu_ids=0&power_limit_mw=%d&block=true";
  private static final String CLOCKS =
      "/gpu/set_gpu_locked_clocks?gpu_ids=0&min_clock_mhz=300&max_clock_mhz=600&block=true";

  @TempDir Path directory;

  private SimulatedHost start(String lease, String more) throws Exception {
    SimulatedHost host =
        new SimulatedHost(
            directory, SimulatedHost.socketAt(directory) + ", lease: " + lease + "}\n" + more);
    await().until(() -> host.view(0).reading().isPresent());
    return host;
  }

  private static int megahertz(Gpu gpu) {
    try {
      return gpu.read().smClockMegahertz().orElseThrow();
    } catch (GpuException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aLeaseEndsByTimeAndThePolicyDecidesAgain() throws Exception {
    try (SimulatedHost host = start("3s", "")) {
      assertThat(host.post(String.format(Locale.ROOT, LIMIT, 210_000)).status()).isEqualTo(200);
      assertThat(host.post(CLOCKS).status()).isEqualTo(200);
      await().atMost(PATIENCE).until(() -> host.lease(0).isEmpty());
      await().atMost(PATIENCE).until(() -> host.milliwatts(0) == 500_000);
      await().atMost(PATIENCE).until(() -> megahertz(host.gpu(0)) > 600);
    }
  }

  @Test
  void aLeaseEndsWithItsHoldersProcess() throws Exception {
    try (SimulatedHost host = start("1h", "")) {
      Process holder =
          ForeignClient.ask(host.socket(), "POST", String.format(Locale.ROOT, LIMIT, 210_000));
      assertThat(host.lease(0).orElseThrow().holder().pid()).hasValue(holder.pid());
      assertThat(host.get("/v1/gpus/0/explain").json().get("text").asText())
          .contains("(process " + holder.pid() + ") holds a lease of it");
      assertThat(host.milliwatts(0)).isEqualTo(210_000);
      holder.destroyForcibly();
      await().atMost(PATIENCE).until(() -> host.milliwatts(0) == 500_000);
      assertThat(host.lease(0)).isEmpty();
    }
  }

  @Test
  void aLeaseEndsWithTheDaemonAndEverythingIsBack() throws Exception {
    SimulatedHost host = start("1h", "");
    Gpu gpu = host.gpu(0);
    assertThat(host.post(String.format(Locale.ROOT, LIMIT, 210_000)).status()).isEqualTo(200);
    assertThat(host.post(CLOCKS).status()).isEqualTo(200);
    host.post("/gpu/set_persistence_mode?gpu_ids=0&enabled=false&block=true");
    host.close();
    assertThat(gpu.powerLimits().requested().toMilliwatts()).isEqualTo(700_000);
    assertThat(megahertz(gpu)).isGreaterThan(600);
    assertThat(gpu.settings().persistenceMode()).isTrue();
    assertThat(directory.resolve("state/knobs.json")).content().doesNotContain("GPU-5100");
    assertThat(directory.resolve("state/limits.json")).content().doesNotContain("GPU-5100");
  }

  @Test
  void whatIsGivenBackNeedsNoLease() throws Exception {
    try (SimulatedHost host = start("1h", "")) {
      assertThat(host.post(CLOCKS).status()).isEqualTo(200);
      assertThat(host.lease(0)).isPresent();
      host.post("/gpu/reset_locked_clocks?gpu_ids=0&block=true");
      assertThat(host.lease(0)).isEmpty();
    }
  }

  /**
   * How Zeus's GlobalPowerLimitOptimizer begins. Its library then sends no limit that the GPU has
   * already, and would measure whatever Chase decides meanwhile under that limit's name.
   */
  @Test
  void persistenceModeThatIsThereAlreadyHoldsTheGpuForZeussSearch() throws Exception {
    try (SimulatedHost host = start("1h", "")) {
      await().atMost(PATIENCE).until(() -> host.milliwatts(0) == 500_000);
      assertThat(host.gpu(0).settings().persistenceMode()).isTrue();
      host.post("/gpu/set_persistence_mode?gpu_ids=0&enabled=true&block=true");
      assertThat(host.lease(0)).isPresent();
      assertThat(host.view(0).reason()).isInstanceOf(Reason.Leased.class);
      assertThat(host.milliwatts(0)).isEqualTo(500_000);
      host.post(CLOCKS.replace("max_clock_mhz=600", "max_clock_mhz=100"));
      assertThat(host.lease(0)).as("what failed gives nothing back").isPresent();
      host.post("/gpu/reset_locked_clocks?gpu_ids=0&block=true");
      assertThat(host.lease(0)).isEmpty();
    }
  }

  @Test
  void manyWritersAtOnceLeaveTheLastLimit() throws Exception {
    try (SimulatedHost host = start("1h", "")) {
      CompletableFuture<?>[] writers =
          IntStream.range(0, 40)
              .mapToObj(i ->
                  CompletableFuture.supplyAsync(() ->
                      UnixHttp.call(
                              host.socket(),
                              "POST",
                              "/gpu/set_power_limit?gpu_ids=0,1&power_limit_mw="
                                  + (200_000 + i * 1000)
                                  + "&block="
                                  + (i % 2 == 0))
                          .status()))
              .toArray(CompletableFuture[]::new);
      CompletableFuture.allOf(writers).join();
      assertThat(writers).allSatisfy(status -> assertThat(status.join()).isEqualTo(200));
      assertThat(host.post(String.format(Locale.ROOT, LIMIT, 333_000)).status()).isEqualTo(200);
      assertThat(host.milliwatts(0)).isEqualTo(333_000);
      assertThat(host.view(0).counts().foreign()).isZero();
    }
  }
}
