package chase.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real process with Zeus's batch-size API, killed in the middle of a run. */
class KilledBatchSizesTest {
  private static final Pattern PORT =
      Pattern.compile("Zeus's batch-size API is on http://127\\.0\\.0\\.1:(\\d+)");
  private static final String JOB =
      """
      {"job_id":"bert","job_id_prefix":"bert","batch_sizes":[8,16],"default_batch_size":16,
       "target_metric":0.9,"max_power":250,"number_of_gpus":1,"gpu_model":"V100"}
      """;

  @TempDir Path directory;
  private final List<Process> started = new ArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();

  @AfterEach
  void leaveNoProcess() throws Exception {
    for (Process process : started) {
      process.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
    }
  }

  /** A daemon; its port, once it listens. */
  private int start() throws IOException {
    Path config = directory.resolve("chase.yaml");
    Files.writeString(
        config,
        """
        state-directory: state
        control: {socket: chase.sock}
        metrics: {enabled: false}
        gpu: {backend: simulated, simulated: [v100]}
        batch-sizes: {zeus-api: {enabled: true, port: 0}}
        """);
    Path log = directory.resolve("log" + started.size());
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            "chase.daemon.Main",
            "daemon",
            "--config",
            config.toString());
    started.add(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Redirect.to(log.toFile()))
            .start());
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> Files.exists(log) && PORT.matcher(Files.readString(log)).find());
    Matcher port = PORT.matcher(Files.readString(log));
    assertThat(port.find()).isTrue();
    return Integer.parseInt(port.group(1));
  }

  private JsonNode call(int port, String method, String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .method(method, BodyPublishers.ofString(body))
            .build();
    var response = http.send(request, BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isBetween(200, 201);
    return new JsonMapper().readTree(response.body());
  }

  private static String report(int epoch, double metric) {
    return String.format(
        Locale.ROOT,
        """
        {"job_id":"bert","batch_size":16,"trial_number":1,"time":%d,"energy":%d,"metric":%s,
         "current_epoch":%d}
        """,
        10 * epoch,
        1000 * epoch,
        metric,
        epoch);
  }

  @Test
  void whatWasAnsweredIsThereAfterAKill() throws Exception {
    int port = start();
    call(port, "POST", "/jobs", JOB);
    call(port, "GET", "/jobs/batch_size?job_id=bert", "");
    call(port, "POST", "/report", report(1, 0.5));
    started.getLast().destroyForcibly().waitFor(30, TimeUnit.SECONDS);

    int again = start();
    JsonNode done = call(again, "POST", "/report", report(2, 0.95));
    assertThat(done.path("converged").asBoolean()).isTrue();
    JsonNode next = call(again, "GET", "/jobs/batch_size?job_id=bert", "");
    assertThat(next.path("trial_number").asInt()).isEqualTo(2);
    assertThat(next.path("batch_size").asInt()).isEqualTo(8);
  }
}
