package chase.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chase.daemon.api.ApiJson;
import chase.daemon.fixtures.UnixHttp;
import chase.daemon.fixtures.UnixHttp.Reply;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real process on simulated GPUs: what somebody asked for is there after every death. */
class KilledMemoryTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;
  private final List<Process> started = new ArrayList<>();
  private Process training;

  @BeforeEach
  void configure() throws IOException {
    Files.writeString(
        directory.resolve("chase.yaml"),
        """
        policy: max
        gpu: {backend: simulated, simulated: [h100-sxm, h100-sxm, h100-sxm, h100-sxm]}
        control: {socket: chase.sock}
        metrics: {enabled: false}
        state-directory: state
        """);
    training = start("sleep", "600");
  }

  @AfterEach
  void leaveNoProcess() throws InterruptedException {
    for (Process process : started) {
      process.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
    }
  }

  private Process start(String... command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(directory.resolve("log").toFile()))
            .start();
    started.add(process);
    return process;
  }

  private Process daemon() throws IOException {
    Process process =
        start(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            "chase.daemon.Main",
            "daemon",
            "--config",
            directory.resolve("chase.yaml").toString());
    await().atMost(PATIENCE).until(this::answers);
    return process;
  }

  private boolean answers() {
    try {
      return get("/v1/status").path("gpus").size() == 4;
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  private static void kill(Process daemon) throws InterruptedException {
    assertThat(daemon.destroyForcibly().waitFor(30, TimeUnit.SECONDS)).isTrue();
  }

  private JsonNode get(String path) throws JsonProcessingException {
    return ApiJson.mapper()
        .readTree(UnixHttp.call(directory.resolve("chase.sock"), "GET", path).body());
  }

  private JsonNode send(String method, String path, String body) throws JsonProcessingException {
    Reply reply = UnixHttp.call(directory.resolve("chase.sock"), method, path, body);
    assertThat(reply.status()).as(reply.body()).isLessThan(300);
    return ApiJson.mapper().readTree(reply.body());
  }

  private String askForEverything() throws JsonProcessingException {
    send("PUT", "/v1/policy", "{\"policy\":\"fixed:600\"}");
    send("PUT", "/v1/policy", "{\"policy\":\"fixed:550\",\"gpu\":\"2\"}");
    send("PUT", "/v1/gpus/0/override", "{\"limit_watts\":500,\"for\":\"1h\"}");
    send("POST", "/v1/gpus/1/pause", "{\"for\":\"2h\"}");
    String job =
        send(
                "POST",
                "/v1/jobs",
                String.format(
                    Locale.ROOT,
                    "{\"name\":\"resnet\",\"gpus\":[\"3\"],\"pid\":%d,\"total_steps\":1000,"
                        + "\"slowdown_bound\":0.1,\"key\":\"k1\"}",
                    training.pid()))
            .path("id")
            .asText();
    send("POST", "/v1/jobs/" + job + "/steps", "{\"steps\":10,\"metrics\":{\"loss\":0.5}}");
    return job;
  }

  private void assertEverythingIsThere(String job) throws JsonProcessingException {
    JsonNode status = get("/v1/status");
    assertThat(status.path("policy").asText()).isEqualTo("fixed:600");
    assertThat(status.at("/gpus/0/reason").asText()).isEqualTo("overridden");
    assertThat(status.at("/gpus/0/power_limit/target_watts").asDouble()).isEqualTo(500);
    assertThat(status.at("/gpus/1/reason").asText()).isEqualTo("paused");
    assertThat(status.at("/gpus/2/policy").asText()).isEqualTo("fixed:550");
    JsonNode known = get("/v1/jobs/" + job);
    assertThat(known.path("name").asText()).isEqualTo("resnet");
    assertThat(known.path("steps").asLong()).isEqualTo(10);
    assertThat(known.path("total_steps").asLong()).isEqualTo(1_000);
  }

  @Test
  void aKilledDaemonForgetsNothingThatSomebodyAskedFor() throws Exception {
    Process first = daemon();
    String job = askForEverything();
    String until = get("/v1/gpus/0").path("until").asText();
    await()
        .atMost(PATIENCE)
        .until(() -> Files.readString(directory.resolve("state/restart.json")).contains("loss"));
    kill(first);

    Process second = daemon();
    assertEverythingIsThere(job);
    assertThat(get("/v1/gpus/0").path("until").asText()).isEqualTo(until);
    send("POST", "/v1/jobs/" + job + "/steps", "{\"steps\":12}");
    send("POST", "/v1/jobs/" + job + "/steps", "{\"steps\":12}");
    second.destroy();
    assertThat(second.waitFor(30, TimeUnit.SECONDS)).isTrue();

    Process third = daemon();
    assertThat(get("/v1/jobs/" + job).path("steps").asLong()).isEqualTo(12);
    training.destroyForcibly().waitFor();
    kill(third);

    daemon();
    assertThat(get("/v1/jobs").findValuesAsText("id")).doesNotContain(job);
    assertThat(Files.readString(directory.resolve("log")))
        .contains(
            "kept over a restart: job " + job + " (resnet)",
            "job " + job + " (resnet) has ended with its process while Chase did not run");
    assertThat(get("/v1/status").at("/gpus/0/reason").asText()).isEqualTo("overridden");
  }

  @Test
  void aDamagedMemoryIsSetAsideAndNamedInALine() throws Exception {
    Process first = daemon();
    send("PUT", "/v1/policy", "{\"policy\":\"fixed:600\"}");
    kill(first);
    Path file = directory.resolve("state/restart.json");
    Files.writeString(file, Files.readString(file).replace("fixed:600", "fixed:700"));

    daemon();
    assertThat(get("/v1/status").path("policy").asText()).isEqualTo("max");
    assertThat(directory.resolve("state/restart.json.damaged")).exists();
    assertThat(Files.readString(directory.resolve("log")))
        .contains("its checksum does not match; it is now restart.json.damaged");
  }
}
