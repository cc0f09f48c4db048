package chase.daemon.zeusd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chase.daemon.fixtures.StubGovernor;
import chase.daemon.fixtures.UnixHttp;
import chase.daemon.fixtures.UnixHttp.Reply;
import chase.daemon.host.CpuEnergy;
import chase.zeus.unit.Joules;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.Router;
import java.io.BufferedReader;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A host of two packages, the first of two dies, that draw 100 W and 50 W; the second has no DRAM.
 */
class CpuPathsTest {
  private static final InstantSource CLOCK = InstantSource.system();
  private final Instant start = CLOCK.instant();

  @TempDir Path directory;
  private final Vertx vertx = Vertx.vertx();

  @BeforeEach
  void listen() throws Exception {
    Router router = Router.router(vertx);
    ZeusdRoutes routes =
        new ZeusdRoutes(
            new StubGovernor(), this::read, Optional::empty, CLOCK, () -> Duration.ofHours(1));
    routes.mount(vertx, router);
    vertx
        .createHttpServer()
        .requestHandler(router)
        .listen(SocketAddress.domainSocketAddress(socket().toString()))
        .await(10, TimeUnit.SECONDS);
    await().until(() -> get("/cpu/get_power").status() == 200);
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  private Path socket() {
    return directory.resolve("cpu.sock");
  }

  private Reply get(String path) {
    return UnixHttp.call(socket(), "GET", path);
  }

  private List<CpuEnergy> read() {
    double seconds = Duration.between(start, CLOCK.instant()).toNanos() / 1e9;
    return List.of(
        new CpuEnergy(0, new Joules(60 * seconds), Optional.of(new Joules(10 * seconds))),
        new CpuEnergy(0, new Joules(40 * seconds), Optional.of(new Joules(10 * seconds))),
        new CpuEnergy(1, new Joules(50 * seconds), Optional.empty()));
  }

  @Test
  void discoveryListsThePackages() {
    assertThat(get("/discover").json().toString())
        .isEqualTo(
            "{\"gpus\":[],\"cpus\":[{\"id\":0,\"dram_available\":true},"
                + "{\"id\":1,\"dram_available\":false}],"
                + "\"enabled_api_groups\":[\"gpu-control\",\"gpu-read\",\"cpu-read\"],"
                + "\"auth_required\":false}");
  }

  @Test
  void energyIsAnsweredForTheChosenPackages() {
    var both = get("/cpu/get_cumulative_energy?cpu=true&dram=true").json();
    assertThat(both.at("/0/cpu_energy_uj").asLong()).isPositive();
    assertThat(both.at("/0/dram_energy_uj").asLong()).isPositive();
    assertThat(both.at("/1/dram_energy_uj").isNull()).isTrue();
    var one = get("/cpu/get_cumulative_energy?cpu_ids=1&cpu=false&dram=true").json();
    assertThat(one.toString())
        .isEqualTo("{\"1\":{\"cpu_energy_uj\":null,\"dram_energy_uj\":null}}");
  }

  @Test
  void mistakesAreNamed() {
    assertThat(get("/cpu/get_cumulative_energy?cpu=true").json().get("error").asText())
        .isEqualTo("missing field `dram`");
    assertThat(get("/cpu/get_power?cpu_ids=2").json().get("error").asText())
        .isEqualTo("CPU 2 not found");
    assertThat(get("/cpu/stream_power?cpu_ids=2").status()).isEqualTo(400);
    assertThat(get("/cpu/get_power?cpus=1").status()).isEqualTo(400);
  }

  @Test
  void powerIsTheEnergyOfAMoment() {
    var power = get("/cpu/get_power").json();
    assertThat(power.at("/power_mw/0/cpu_mw").asDouble()).isBetween(50_000d, 200_000d);
    assertThat(power.at("/power_mw/0/dram_mw").asDouble()).isBetween(10_000d, 40_000d);
    assertThat(power.at("/power_mw/1/dram_mw").isNull()).isTrue();
  }

  @Test
  void powerIsStreamed() throws Exception {
    try (SocketChannel channel =
        UnixHttp.open(socket(), "GET", "/cpu/stream_power?cpu_ids=1", "keep-alive")) {
      BufferedReader reader = UnixHttp.reader(channel);
      String line = reader.readLine();
      while (!line.startsWith("data: ")) {
        line = reader.readLine();
      }
      var event = new JsonMapper().readTree(line.substring("data: ".length()));
      assertThat(event.fieldNames())
          .toIterable()
          .containsExactly("timestamp_ms", "cpu_id", "cpu_mw", "dram_mw");
      assertThat(event.get("cpu_id").asInt()).isEqualTo(1);
    }
  }

  @Test
  void cpusThatMayNotBeReadAreAnErrorWithTheReason() throws Exception {
    Router router = Router.router(vertx);
    String why = "/sys/class/powercap/intel-rapl:0/energy_uj may not be read";
    Path quiet = directory.resolve("quiet.sock");
    new ZeusdRoutes(
            new StubGovernor(), List::of, () -> Optional.of(why), CLOCK, () -> Duration.ofHours(1))
        .mount(vertx, router);
    vertx
        .createHttpServer()
        .requestHandler(router)
        .listen(SocketAddress.domainSocketAddress(quiet.toString()))
        .await(10, TimeUnit.SECONDS);
    Reply reply = UnixHttp.call(quiet, "GET", "/cpu/get_power");
    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.json().get("error").asText()).isEqualTo("cpu-read is disabled: " + why);
    assertThat(UnixHttp.call(quiet, "GET", "/discover").body())
        .endsWith("\"enabled_api_groups\":[\"gpu-control\",\"gpu-read\"],\"auth_required\":false}");
  }
}
