package chase.daemon.faults;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Requests as the API documents them, and what becomes of them. Any thread may call. */
final class HostileRequests {
  private static final Pattern JOB = Pattern.compile("\"id\":\"([0-9a-f]{8})\"");
  private static final int MAX_JOBS = 16;

  /** Method, path and body, each of which works as it stands here. */
  static final List<String> CONTROL =
      List.of(
          "GET /v1/status",
          "GET /v1/gpus",
          "GET /v1/gpus/0",
          "GET /v1/gpus/1/explain",
          "GET /v1/signal",
          "GET /v1/policy",
          "GET /v1/jobs",
          "GET /v1/jobs/JOB",
          "GET /v1/report?by=user&from=2026-11-01T00:00:00Z&to=2026-12-01T00:00:00Z",
          "GET /v1/report?by=label:team",
          "PUT /v1/policy {\"policy\":\"chase:0.24\"}",
          "PUT /v1/policy {\"policy\":\"fixed:230\",\"gpu\":\"0\"}",
          "PUT /v1/policy {\"policy\":\"budget:3%\",\"job\":\"JOB\"}",
          "DELETE /v1/policy?gpu=0",
          "PUT /v1/gpus/0/override {\"limit_watts\":500,\"for\":\"30m\"}",
          "POST /v1/gpus/1/override {\"limit_watts\":300.5,\"for\":\"1h30m\"}",
          "DELETE /v1/gpus/0/override",
          "POST /v1/pause {\"for\":\"1s\"}",
          "POST /v1/resume",
          "POST /v1/gpus/2/pause {\"for\":\"1h\"}",
          "POST /v1/gpus/2/resume",
          "POST /v1/jobs {\"name\":\"resnet\",\"gpus\":[\"0\"],\"slowdown_bound\":0.03,"
              + "\"batch_size\":256,\"total_steps\":1000,\"labels\":{\"team\":\"vision\"},\"key\":\"k\"}",
          "POST /v1/jobs {\"name\":\"bert\",\"gpus\":[\"1\"],\"total_steps\":5000,"
              + "\"deadline\":\"2026-12-24T12:00:00Z\",\"deferrable\":true,\"idle_watts\":50}",
          "POST /v1/jobs/JOB/steps {\"steps\":1200,\"metrics\":{\"loss\":0.25}}",
          "DELETE /v1/jobs/JOB",
          "GET /v1/batch-sizes?after=a&limit=10",
          "GET /v1/batch-sizes/bert",
          "POST /v1/batch-sizes {\"name\":\"bert\",\"batch_sizes\":[16,32,64],"
              + "\"default_batch_size\":32,\"target_metric\":0.8,\"higher_is_better\":true,"
              + "\"max_epochs\":10,\"eta\":0.5,\"beta\":2,\"window\":0,\"method\":\"chase\","
              + "\"seed\":7,\"max_power_watts\":300,\"gpu_count\":1,\"gpu_model\":\"V100\"}",
          "POST /v1/batch-sizes/bert/trials",
          "POST /v1/batch-sizes/bert/trials/1/report {\"epoch\":1,\"joules\":1000,"
              + "\"seconds\":10,\"metric\":0.5,\"batch_size\":32}",
          "POST /v1/batch-sizes/bert/trials/1/fail",
          "GET /discover",
          "GET /time",
          "GET /gpu/get_power?gpu_ids=0,1",
          "GET /gpu/get_power_limit?gpu_ids=0",
          "GET /gpu/get_cumulative_energy?gpu_ids=0",
          "GET /cpu/get_power?cpu_ids=0",
          "POST /gpu/set_power_limit?gpu_ids=2&power_limit_mw=240000&block=true",
          "POST /gpu/set_persistence_mode?gpu_ids=2&enabled=true&block=true",
          "POST /gpu/set_gpu_locked_clocks?gpu_ids=2&min_clock_mhz=300&max_clock_mhz=900&block=true",
          "POST /gpu/reset_gpu_locked_clocks?gpu_ids=2&block=true");

  static final List<String> METRICS =
      List.of(
          "GET /metrics",
          "GET /",
          "GET /v1/page",
          "GET /v1/page/history?gpu=0",
          "GET /healthz",
          "HEAD /readyz");

  static final List<String> ZEUS =
      List.of(
          "POST /jobs {\"job_id\":\"a\",\"job_id_prefix\":\"a\",\"batch_sizes\":[16,32,64],"
              + "\"default_batch_size\":32,\"eta_knob\":0.5,\"beta_knob\":2.0,"
              + "\"target_metric\":0.9,\"higher_is_better_metric\":true,\"max_epochs\":10,"
              + "\"num_pruning_rounds\":2,\"window_size\":0,\"mab_prior_mean\":0.0,"
              + "\"mab_prior_precision\":0.0,\"mab_num_explorations\":2,\"mab_seed\":7,"
              + "\"max_power\":300.0,\"number_of_gpus\":1,\"gpu_model\":\"Tesla V100\"}",
          "GET /jobs/batch_size?job_id=a",
          "POST /report {\"job_id\":\"a\",\"batch_size\":32,\"trial_number\":1,\"time\":10,"
              + "\"energy\":1000,\"metric\":0.5,\"current_epoch\":1}",
          "PATCH /trials {\"job_id\":\"a\",\"batch_size\":32,\"trial_number\":1,"
              + "\"trial_status\":\"Failed\"}",
          "DELETE /jobs?job_id=b");

  private final Deque<String> jobs = new ConcurrentLinkedDeque<>();

  /** Remembers what an answer registered, so that later requests mean something. */
  void learn(String answer) {
    Matcher id = JOB.matcher(answer);
    if (id.find()) {
      jobs.addFirst(id.group(1));
      if (jobs.size() > MAX_JOBS) {
        jobs.pollLast();
      }
    }
  }

  private String known(String request) {
    String job = jobs.peekFirst();
    return request.replace("JOB", job == null ? "00000000" : job);
  }

  /** One whose head is right, so that it must be answered: only its body or its query is not. */
  byte[] wellFormed(List<String> templates, RandomGenerator random) {
    String[] parts = known(templates.get(random.nextInt(templates.size()))).split(" ", 3);
    Mutation mutation = new Mutation(random);
    String body = parts.length > 2 ? parts[2] : "";
    String path = parts[1];
    if (random.nextInt(8) > 0) {
      if (!body.isEmpty() && random.nextInt(8) > 0) {
        body = mutation.of(body);
      } else {
        path = path(mutation.of(path));
      }
    }
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(
        (parts[0]
                + " "
                + path
                + " HTTP/1.1\r\nHost: localhost\r\nUser-Agent: python-httpx\r\n"
                + "Connection: close\r\nContent-Length: "
                + bytes.length
                + "\r\n\r\n")
            .getBytes(StandardCharsets.UTF_8));
    request.writeBytes(bytes);
    return request.toByteArray();
  }

  /** What a request line can carry. */
  private static String path(String mutated) {
    String path = mutated.replaceAll("[\\s\\p{Cntrl}]", "+");
    return path.startsWith("/") ? path : "/" + path;
  }

  /** One that may be broken anywhere, or several of them. */
  byte[] broken(List<String> templates, RandomGenerator random) {
    Mutation mutation = new Mutation(random);
    StringBuilder all = new StringBuilder();
    for (int left = random.nextInt(4) == 0 ? 1 + random.nextInt(30) : 1; left > 0; left--) {
      String[] parts = known(templates.get(random.nextInt(templates.size()))).split(" ", 3);
      String body = parts.length > 2 ? parts[2] : "";
      all.append(parts[0]).append(' ').append(parts[1]).append(" HTTP/1.1\r\n");
      all.append("Host: localhost\r\nAccept: */*\r\nContent-Type: application/json\r\n");
      all.append(HEADERS.get(random.nextInt(HEADERS.size())));
      all.append("Content-Length: ").append(body.length()).append("\r\n\r\n").append(body);
    }
    return mutation.of(all.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static final List<String> HEADERS =
      List.of(
          "",
          "",
          "Connection: close\r\n",
          "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n",
          "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n",
          "Expect: 100-continue\r\n",
          "Expect: the-unexpected\r\n",
          "Transfer-Encoding: chunked\r\n",
          "Transfer-Encoding: gzip, chunked\r\n",
          "Content-Length: 4\r\n",
          "Content-Length: -1\r\n",
          "Content-Encoding: gzip\r\n",
          "Host: evil.example\r\n",
          "Origin: http://evil.example\r\n",
          "Cookie: " + "a=b;".repeat(3000) + "\r\n",
          "Range: bytes=0-18446744073709551615\r\n",
          " folded: header\r\n",
          "X: " + "\u0001\u007f" + "\r\n");

  /** Bytes that are no HTTP, or another protocol. */
  static byte[] noise(RandomGenerator random) {
    if (random.nextBoolean()) {
      String text = OTHER_PROTOCOLS.get(random.nextInt(OTHER_PROTOCOLS.size()));
      return new Mutation(random).of(text.getBytes(StandardCharsets.ISO_8859_1));
    }
    byte[] bytes = new byte[random.nextInt(random.nextInt(20) == 0 ? 100_000 : 300)];
    random.nextBytes(bytes);
    return bytes;
  }

  private static final List<String> OTHER_PROTOCOLS =
      List.of(
          "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0",
          "\26\3\1\2\0\1\0\1\u00fc\3\3\r\n\r\n",
          "CONNECT h:80 HTTP/1.1\r\n\r\n",
          "GET http://localhost/v1/status HTTP/1.0\r\n\r\n",
          "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
          "TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n",
          "GET / HTTP/0.9\r\n\r\n",
          "GET /\r\n",
          "\r\n\r\n\r\n",
          "EHLO localhost\r\n",
          "SSH-2.0-OpenSSH_9.6\r\n",
          "POST /v1/pause HTTP/1.1\r\n"
              + "Host: h\r\n"
              + "Transfer-Encoding: chunked\r\n\r\n"
              + "ffffffffffffffff\r\n"
              + "x",
          "POST /v1/pause HTTP/1.1\r\n"
              + "Host: h\r\n"
              + "Transfer-Encoding: chunked\r\n\r\n"
              + "2\r\n"
              + "{}\r\n"
              + "0\r\n\r\n",
          "POST /jobs HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999\r\n\r\n{}");
}
