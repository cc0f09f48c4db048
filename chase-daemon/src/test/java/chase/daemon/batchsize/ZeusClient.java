package chase.daemon.batchsize;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/** Calls the API as Zeus's Python library does: with HTTP/1.1, and without a body's type. */
final class ZeusClient {
  private static final JsonMapper MAPPER = new JsonMapper();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final int port;
  private final Duration patience;

  ZeusClient(int port) {
    this(port, Duration.ofSeconds(30));
  }

  private ZeusClient(int port, Duration patience) {
    this.port = port;
    this.patience = patience;
  }

  /** The same, which waits no longer than the library does: 5 s, httpx's default. */
  ZeusClient asPatientAsZeus() {
    return new ZeusClient(port, Duration.ofSeconds(5));
  }

  record Reply(int status, JsonNode json) {
    String message() {
      return status + ": " + json.path("message").asText();
    }
  }

  Reply call(String method, String path, String body) {
    return call(method, path, body, "User-Agent", "python-httpx");
  }

  /** The same with one header more. */
  Reply call(String method, String path, String body, String header, String value) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(patience)
            .header(header, value)
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    try {
      var response = http.send(request, BodyHandlers.ofString());
      return new Reply(response.statusCode(), MAPPER.readTree(response.body()));
    } catch (IOException e) {
      throw new AssertionError(method + " " + path + " is not answered", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** What comes back for bytes as they stand there. */
  String raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      byte[] answer = new byte[8192];
      int length = socket.getInputStream().read(answer);
      return new String(answer, 0, Math.max(0, length), StandardCharsets.UTF_8);
    }
  }

  /** Sends this much and closes the connection. */
  void leave(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoLinger(true, 0);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** A job as the library registers it, with every field. */
  static ObjectNode job(String id) {
    ObjectNode job = MAPPER.createObjectNode();
    job.put("job_id", id).put("job_id_prefix", id);
    job.putArray("batch_sizes").add(16).add(32).add(64);
    return job.put("default_batch_size", 32)
        .put("eta_knob", 0.5)
        .put("beta_knob", 2.0)
        .put("target_metric", 0.9)
        .put("higher_is_better_metric", true)
        .put("max_epochs", 10)
        .put("num_pruning_rounds", 2)
        .put("window_size", 0)
        .put("mab_prior_mean", 0.0)
        .put("mab_prior_precision", 0.0)
        .put("mab_num_explorations", 2)
        .put("mab_seed", 7)
        .put("max_power", 300.0)
        .put("number_of_gpus", 1)
        .put("gpu_model", "Tesla V100-PCIE-32GB");
  }

  Reply register(JsonNode job) {
    return call("POST", "/jobs", job.toString());
  }

  /** The next trial, which must be answered. */
  Trained next(String id) {
    Reply reply = call("GET", "/jobs/batch_size?job_id=" + id, "");
    if (reply.status() != 200) {
      throw new AssertionError(reply.toString());
    }
    return new Trained(
        id,
        reply.json().path("batch_size").intValue(),
        reply.json().path("trial_number").intValue());
  }

  record Trained(String id, int batchSize, int number) {}

  static ObjectNode result(Trained trial, int epoch, double joules, double metric) {
    return MAPPER
        .createObjectNode()
        .put("job_id", trial.id())
        .put("batch_size", trial.batchSize())
        .put("trial_number", trial.number())
        .put("time", joules / 100)
        .put("energy", joules)
        .put("metric", metric)
        .put("current_epoch", epoch);
  }

  /** A report whose figures are JSON as they stand there. */
  Reply report(Trained trial, int epoch, String seconds, String joules, String metric) {
    return call(
        "POST",
        "/report",
        String.format(
            Locale.ROOT,
            "{\"job_id\":\"%s\",\"batch_size\":%d,\"trial_number\":%d,\"time\":%s,\"energy\":%s,\"metric\":%s,\"current_epoch\":%d}",
            trial.id(),
            trial.batchSize(),
            trial.number(),
            seconds,
            joules,
            metric,
            epoch));
  }

  Reply report(Trained trial, int epoch, double joules, double metric) {
    return call("POST", "/report", result(trial, epoch, joules, metric).toString());
  }

  Reply end(Trained trial) {
    return call(
        "PATCH",
        "/trials",
        MAPPER
            .createObjectNode()
            .put("job_id", trial.id())
            .put("batch_size", trial.batchSize())
            .put("trial_number", trial.number())
            .toString());
  }
}
