package chase.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chase.daemon.fixtures.UnixHttp;
import chase.daemon.fixtures.UnixHttp.Reply;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** zeusd's wire formats, on the daemon's own socket. GPU 0 takes 200 to 700 W, GPU 1 100 to 250. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ZeusdApiTest {
  private SimulatedHost host;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    host = new SimulatedHost(directory, SimulatedHost.socketAt(directory) + "}\n");
    await().until(() -> host.view(0).reading().isPresent() && host.view(1).reading().isPresent());
  }

  @AfterAll
  void stop() throws Exception {
    host.close();
  }

  private static JsonNode json(String text) throws Exception {
    return new JsonMapper().readTree(text);
  }

  private static void isDone(Reply reply) {
    assertThat(reply).isEqualTo(new Reply(200, "", ""));
  }

  private static String error(Reply reply) {
    return reply.status() + " " + reply.json().path("error").asText();
  }

  @Test
  void discoveryListsEveryGpu() throws Exception {
    assertThat(host.get("/discover").json())
        .isEqualTo(
            json(
                """
                {"gpus": [
                  {"id": 0, "name": "Simulated NVIDIA H100 80GB HBM3", "pci_address": "",
                   "cumulative_energy_available": true},
                  {"id": 1, "name": "Simulated NVIDIA V100 PCIe", "pci_address": "",
                   "cumulative_energy_available": true}],
                 "cpus": [],
                 "enabled_api_groups": ["gpu-control", "gpu-read"],
                 "auth_required": false}
                """));
  }

  @Test
  void timeIsThatOfTheDaemon() {
    Reply reply = host.get("/time");
    assertThat(reply.type()).isEqualTo("application/json");
    assertThat(reply.json().get("timestamp_ms").asLong()).isGreaterThan(1_700_000_000_000L);
    assertThat(reply.json()).hasSize(1);
  }

  @Test
  void thereIsNoSignIn() {
    assertThat(host.get("/auth/whoami").status()).isEqualTo(404);
  }

  @Test
  void limitsAreSetAndRead() throws Exception {
    isDone(host.post("/gpu/set_power_limit?gpu_ids=0,1&power_limit_mw=210000&block=true"));
    assertThat(host.milliwatts(0)).isEqualTo(210_000);
    assertThat(host.get("/gpu/get_power_limit").json())
        .isEqualTo(json("{\"0\":{\"power_limit_mw\":210000},\"1\":{\"power_limit_mw\":210000}}"));
    assertThat(host.get("/gpu/get_power_limit?gpu_ids=1").json())
        .isEqualTo(json("{\"1\":{\"power_limit_mw\":210000}}"));
    JsonNode gpu = host.get("/v1/gpus/0").json();
    assertThat(gpu.get("reason").asText()).isEqualTo("leased");
    assertThat(gpu.at("/lease/user").asText()).isEqualTo(System.getProperty("user.name"));
    assertThat(gpu.at("/lease/pid").asLong()).isEqualTo(ProcessHandle.current().pid());
  }

  @Test
  void constraintsAreTheGpusOwn() throws Exception {
    assertThat(host.get("/gpu/get_power_limit_constraints?gpu_ids=0,1").json())
        .isEqualTo(
            json(
                """
                {"0": {"min_power_limit_mw": 200000, "max_power_limit_mw": 700000},
                 "1": {"min_power_limit_mw": 100000, "max_power_limit_mw": 250000}}
                """));
  }

  @Test
  void refusalsAreReportedForEachGpu() {
    Reply reply = host.post("/gpu/set_power_limit?gpu_ids=0,1&power_limit_mw=300000&block=true");
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().get("errors")).hasSize(1);
    assertThat(reply.json().at("/errors/1").asText())
        .startsWith("Invalid request: 300 W is outside 100 W to 250 W");
    assertThat(host.milliwatts(0)).isEqualTo(300_000);
  }

  @Test
  void aClientThatDoesNotWaitGetsNoResultOfTheGpu() {
    isDone(host.post("/gpu/set_power_limit?gpu_ids=0&power_limit_mw=1&block=false"));
    isDone(host.post("/gpu/set_power_limit?gpu_ids=0&power_limit_mw=420000&block=false"));
    await().until(() -> host.milliwatts(0) == 420_000);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anUnknownGpuIsNotWritten(boolean block) {
    assertThat(host.post("/gpu/set_power_limit?gpu_ids=0,7&power_limit_mw=250000&block=" + block))
        .isEqualTo(new Reply(400, "text/plain; charset=utf-8", "GPU index 7 does not exist."));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "set_power_limit?gpu_ids=0&power_limit_mw=250000 | missing field `block`",
        "set_power_limit?gpu_ids=0&block=true | missing field `power_limit_mw`",
        "set_power_limit?power_limit_mw=250000&block=true | missing field `gpu_ids`",
        "set_power_limit?gpu_ids=0&power_limit_mw=250000&block=1 | field `block` is invalid: not"
            + " `true` or `false`",
        "set_power_limit?gpu_ids=0&power_limit_mw=2e5&block=true | field `power_limit_mw` is an"
            + " invalid number: 2e5",
        "set_power_limit?gpu_ids=0&power_limit_mw=-1&block=true | field `power_limit_mw` is an"
            + " invalid number, not in 0 to 4294967295: -1",
        "set_power_limit?gpu_ids=&power_limit_mw=250000&block=true | gpu_ids must contain at least"
            + " one GPU index",
        "set_power_limit?gpu_ids=0,,1&power_limit_mw=250000&block=true | gpu_ids contains an empty"
            + " GPU index",
        "set_power_limit?gpu_ids=x&power_limit_mw=250000&block=true | Invalid GPU index: x",
        "set_power_limit?gpu_ids=-1&power_limit_mw=250000&block=true | Invalid GPU index: -1",
        "set_power_limit?gpu_ids=0&gpu_ids=1&power_limit_mw=250000&block=true | duplicate field"
            + " `gpu_ids`",
        "set_power_limit?gpu_ids=0&power_limit_wwww=250000&block=true | unknown field"
            + " `power_limit_wwww`, expected one of: gpu_ids, power_limit_mw, block",
        "set_persistence_mode?gpu_ids=0&disabled=true&block=true | unknown field `disabled`,"
            + " expected one of: gpu_ids, enabled, block",
        "set_gpu_locked_clocks?gpu_ids=0&min_clock_mhz=300&max_clock_mhz=abc&block=true | field"
            + " `max_clock_mhz` is an invalid number: abc",
        "reset_gpu_locked_clocks?gpu_ids=0&lego=false | unknown field `lego`, expected one of:"
            + " gpu_ids, block",
        "reset_locked_clocks?gpu_ids=0 | missing field `block`",
      })
  void aMistakeInTheQueryIsNamed(String request, String message) {
    assertThat(error(host.post("/gpu/" + request))).isEqualTo("400 " + message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "get_cumulative_energy",
        "get_power",
        "get_power_limit",
        "get_power_limit_constraints",
        "get_persistence_mode"
      })
  void everyReadNamesAnUnknownGpuAndParameter(String path) {
    assertThat(error(host.get("/gpu/" + path + "?gpu_ids=99"))).isEqualTo("400 GPU 99 not found");
    assertThat(error(host.get("/gpu/" + path + "?gpus=0")))
        .isEqualTo("400 unknown field `gpus`, expected one of: gpu_ids");
    assertThat(error(host.get("/gpu/" + path + "?gpu_ids=%zz")))
        .startsWith("400 the query cannot be decoded");
    assertThat(host.get("/gpu/" + path + "?gpu_ids=1,0,1").status()).isEqualTo(200);
  }

  @Test
  void powerAndEnergyAreThoseOfThisMoment() {
    JsonNode power = host.get("/gpu/get_power?gpu_ids=0").json();
    assertThat(power.get("timestamp_ms").isIntegralNumber()).isTrue();
    assertThat(power.at("/power_mw/0").asLong()).isBetween(60_000L, 700_000L);
    assertThat(power.get("power_mw")).hasSize(1);
    JsonNode energy = host.get("/gpu/get_cumulative_energy").json();
    assertThat(energy.at("/0/energy_mj").asLong()).isPositive();
    assertThat(energy).hasSize(2);
  }

  @Test
  void clocksAreLockedAndReset() throws Exception {
    isDone(
        host.post(
            "/gpu/set_gpu_locked_clocks?gpu_ids=1&min_clock_mhz=135&max_clock_mhz=600&block=true"));
    assertThat(host.gpu(1).read().smClockMegahertz().orElseThrow()).isLessThanOrEqualTo(600);
    assertThat(host.lease(1)).isPresent();
    isDone(host.post("/gpu/reset_gpu_locked_clocks?gpu_ids=1&block=true"));
    assertThat(host.gpu(1).read().smClockMegahertz().orElseThrow()).isGreaterThan(600);
    isDone(
        host.post(
            "/gpu/set_mem_locked_clocks?gpu_ids=0&min_clock_mhz=2619&max_clock_mhz=2619"
                + "&block=true"));
    isDone(host.post("/gpu/reset_mem_locked_clocks?gpu_ids=0&block=true"));
    isDone(host.post("/gpu/reset_locked_clocks?gpu_ids=0&block=true"));
  }

  @Test
  void clocksThatAGpuCannotHaveAreRefused() {
    Reply memory =
        host.post(
            "/gpu/set_mem_locked_clocks?gpu_ids=1&min_clock_mhz=800&max_clock_mhz=877&block=true");
    assertThat(memory.status()).isEqualTo(400);
    assertThat(memory.json().at("/errors/1").asText()).contains("Not Supported");
    Reply upsideDown =
        host.post(
            "/gpu/set_gpu_locked_clocks?gpu_ids=0&min_clock_mhz=900&max_clock_mhz=300&block=true");
    assertThat(upsideDown.status()).isEqualTo(400);
    assertThat(upsideDown.json().at("/errors/0").asText())
        .isEqualTo("Invalid request: no range of clocks: 900 MHz to 300 MHz");
  }

  @Test
  void persistenceModeIsSetAndRead() throws Exception {
    isDone(host.post("/gpu/set_persistence_mode?gpu_ids=1&enabled=false&block=true"));
    assertThat(host.get("/gpu/get_persistence_mode").json())
        .isEqualTo(json("{\"0\":{\"enabled\":true},\"1\":{\"enabled\":false}}"));
    isDone(host.post("/gpu/set_persistence_mode?gpu_ids=1&enabled=true&block=true"));
    assertThat(host.get("/gpu/get_persistence_mode?gpu_ids=1").json())
        .isEqualTo(json("{\"1\":{\"enabled\":true}}"));
  }

  @Test
  void powerIsStreamed() throws Exception {
    try (SocketChannel channel =
        UnixHttp.open(host.socket(), "GET", "/gpu/stream_power?gpu_ids=0", "keep-alive")) {
      BufferedReader reader = UnixHttp.reader(channel);
      StringBuilder head = new StringBuilder();
      String line = reader.readLine();
      for (; !line.startsWith("data: "); line = reader.readLine()) {
        head.append(line).append('\n');
      }
      assertThat(head).containsIgnoringCase("content-type: text/event-stream");
      JsonNode event = json(line.substring("data: ".length()));
      assertThat(event.fieldNames())
          .toIterable()
          .containsExactly("timestamp_ms", "gpu_id", "power_mw");
      assertThat(event.get("power_mw").asLong()).isPositive();
    }
    assertThat(error(host.get("/gpu/stream_power?gpu_ids=0,5")))
        .isEqualTo("400 Unknown GPU indices: [5]. Available: [0, 1]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"get_cumulative_energy?cpu=true&dram=true", "get_power", "stream_power"})
  void withoutRaplThereIsNoCpuGroup(String path) {
    assertThat(error(host.get("/cpu/" + path))).startsWith("404 cpu-read is disabled: ");
  }
}
