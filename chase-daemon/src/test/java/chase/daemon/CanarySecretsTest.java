package chase.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chase.daemon.fixtures.TestCertificates;
import chase.daemon.fixtures.UnixHttp;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real daemon at its most talkative, every secret of which is a word that occurs nowhere else,
 * and providers that answer with whatever they were sent. No word may come out anywhere.
 */
class CanarySecretsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private static final Map<String, String> IN_FILES =
      Map.of(
          "username", "canary-username-9d1c",
          "password", "canary-password-51ab",
          "user", "canary-dbuser-77f0",
          "dbpassword", "canary-dbpassword-0c3e",
          "zeus", "canary-zeus-token-4b2d",
          "proxy", "canary-proxy-password-6a6e");

  private static final Map<String, String> IN_ENVIRONMENT =
      Map.of(
          "CANARY_MAPS", "canary-maps-token-e802",
          "CANARY_METRICS", "canary-metrics-token-1f9a");

  /** What WattTime gives for user and password. */
  private static final String SESSION = "canary-session-token-b7c4";

  @TempDir Path directory;
  private final Set<String> received = ConcurrentHashMap.newKeySet();
  private final Map<String, String> outputs = new LinkedHashMap<>();
  private final List<Process> started = new ArrayList<>();
  private TestCertificates served;
  private HttpServer provider;
  private Path log;
  private Path config;

  @BeforeEach
  void serve() throws Exception {
    provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    provider.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    provider.createContext("/", this::echo);
    provider.start();
    served = TestCertificates.make(directory, "tls", "EC");
    log = directory.resolve("chase.log");
    config = directory.resolve("chase.yaml");
    for (Map.Entry<String, String> secret : IN_FILES.entrySet()) {
      Files.writeString(directory.resolve("secret." + secret.getKey()), secret.getValue() + "\n");
    }
  }

  @AfterEach
  void end() throws Exception {
    provider.stop(0);
    for (Process process : started) {
      process.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
    }
  }

  /** Answers with what it was sent, also decoded, under a status that calls for an explanation. */
  private void echo(HttpExchange exchange) throws IOException {
    StringBuilder echo = new StringBuilder("you sent");
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> {
          if (name.toLowerCase(Locale.ROOT).contains("auth")) {
            for (String word : values.getFirst().split(" ", -1)) {
              echo.append(' ').append(word).append(' ').append(decoded(word));
            }
          }
        });
    received.add(echo.toString());
    boolean login = exchange.getRequestURI().getPath().endsWith("/login");
    boolean signedIn = exchange.getRequestHeaders().containsKey("Proxy-Authorization");
    boolean proxied = exchange.getRequestURI().isAbsolute();
    exchange.getResponseHeaders().add("Proxy-Authenticate", "Basic realm=\"proxy\"");
    exchange.getResponseHeaders().add("X-Echo", echo.toString().replaceAll("[^ -~]", " "));
    int status = proxied ? signedIn ? 502 : 407 : login ? 200 : 401;
    byte[] bytes =
        (status == 200 ? "{\"token\": \"" + SESSION + "\"}" : echo.toString())
            .getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static String decoded(String word) {
    try {
      return new String(Base64.getDecoder().decode(word), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  private void configure(String more) throws Exception {
    Files.writeString(
        config,
        """
        state-directory: state
        log: {level: debug}
        control: {socket: chase.sock}
        gpu: {backend: simulated}
        metrics: {port: %s, token-env: CANARY_METRICS, tls: {certificate: tls.crt, key: tls.key}}
        carbon:
          provider: electricity-maps
          stand-ins: [watttime]
          mix-kinds: true
          poll-period: 1s
          electricity-maps: {region: DE, base-url: "%s", token-env: CANARY_MAPS}
          watttime:
            region: CAISO_NORTH
            base-url: "%s"
            username-file: secret.username
            password-file: secret.password
        batch-sizes:
          database: "jdbc:postgresql://127.0.0.1:%s/chase"
          user-file: secret.user
          password-file: secret.dbpassword
          zeus-api: {enabled: true, port: 0, token-file: secret.zeus}
        %s
        """
            .formatted(
                freePort(),
                providerAddress(),
                providerAddress(),
                provider.getAddress().getPort(),
                more));
  }

  private String providerAddress() {
    return "http://127.0.0.1:" + provider.getAddress().getPort();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private Process chase(Path output, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-XX:-CreateCoredumpOnCrash");
    command.add("-XX:ErrorFile=" + directory.resolve("crash.log"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "chase.daemon.Main"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(output.toFile()));
    builder.environment().putAll(IN_ENVIRONMENT);
    Process process = builder.start();
    started.add(process);
    return process;
  }

  private Process daemon() throws IOException {
    Process daemon = chase(log, "daemon", "--config", config.toString());
    await()
        .atMost(PATIENCE)
        .until(() -> !daemon.isAlive() || Files.readString(log).contains(" is ready"));
    assertThat(daemon.isAlive()).as(Files.readString(log)).isTrue();
    return daemon;
  }

  private void ask(String... arguments) throws Exception {
    Path output = directory.resolve("command.txt");
    Process command = chase(output, arguments);
    assertThat(command.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    outputs.put(String.join(" ", arguments), Files.readString(output));
    Files.delete(output);
  }

  private void askSocket(String path) {
    outputs.put(path, UnixHttp.call(directory.resolve("chase.sock"), "GET", path).body());
  }

  @Test
  void noSecretLeavesTheDaemonByAnyWay() throws Exception {
    configure("");
    Process daemon = daemon();
    await()
        .atMost(PATIENCE)
        .until(() -> isReceived("canary-maps-token-e802") && isReceived(SESSION));
    assertThat(isReceived("canary-username-9d1c:canary-password-51ab")).isTrue();

    outputs.put("arguments", Files.readString(Path.of("/proc/" + daemon.pid() + "/cmdline")));
    for (String path :
        List.of(
            "/v1/status",
            "/v1/gpus",
            "/v1/signal",
            "/v1/doctor",
            "/v1/batch-sizes",
            "/v1/jobs",
            "/v1/report",
            "/discover")) {
      askSocket(path);
    }
    for (String path : List.of("/metrics", "/v1/page", "/v1/page/history", "/readyz")) {
      askMetrics(path);
    }
    ask("config", "show", "--config", config.toString(), "--json");
    ask("doctor", "--config", config.toString(), "--json");
    new ProcessBuilder("kill", "-QUIT", Long.toString(daemon.pid())).start().waitFor();
    await().atMost(PATIENCE).until(() -> Files.readString(log).contains("Full thread dump"));
    new ProcessBuilder("kill", "-SEGV", Long.toString(daemon.pid())).start().waitFor();
    assertThat(daemon.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    outputs.put("crash", Files.readString(directory.resolve("crash.log")));
    collectFiles();
    assertNoCanary();
  }

  @Test
  void aProxyThatRefusesLearnsItsPasswordAndNobodyElse() throws Exception {
    configure(
        "http: {proxy: 'http://chase@127.0.0.1:%s', proxy-password-file: secret.proxy}"
            .formatted(provider.getAddress().getPort()));
    // Loopback is never called through a proxy.
    Files.writeString(
        config, Files.readString(config).replace("\"http://127.0.0.1", "\"http://192.0.2.1"));
    daemon();
    await().atMost(PATIENCE).until(() -> isReceived("chase:canary-proxy-password-6a6e"));
    askSocket("/v1/signal");
    askSocket("/v1/doctor");
    ask("doctor", "--config", config.toString());
    collectFiles();
    assertNoCanary();
  }

  private boolean isReceived(String word) {
    return received.stream().anyMatch(text -> text.contains(word));
  }

  private void askMetrics(String path) throws Exception {
    String text = Files.readString(config);
    int port = Integer.parseInt(text.replaceFirst("(?s).*metrics: \\{port: (\\d+).*", "$1"));
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + path))
            .header("Authorization", "Bearer " + IN_ENVIRONMENT.get("CANARY_METRICS"))
            .build();
    try (HttpClient client = HttpClient.newBuilder().sslContext(served.trust()).build()) {
      outputs.put(path, client.send(request, BodyHandlers.ofString()).body());
    }
  }

  /** The log, and whatever Chase wrote to its state directory and beside its socket. */
  private void collectFiles() throws IOException {
    outputs.put("log", Files.readString(log));
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.getFileName().toString().matches("secret\\..*|tls\\.(key|p12)")) {
          outputs.put(
              file.toString(), new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
        }
      }
    }
  }

  private void assertNoCanary() {
    List<String> canaries =
        Stream.of(IN_FILES.values().stream(), IN_ENVIRONMENT.values().stream(), Stream.of(SESSION))
            .flatMap(words -> words)
            .toList();
    assertThat(outputs.get("log")).contains("you sent");
    outputs.forEach((where, text) -> {
      for (String canary : canaries) {
        assertThat(text).as("what %s shows", where).doesNotContain(canary);
      }
      for (String word : text.split("[\\s\"',\\[\\]]+", -1)) {
        assertThat(decoded(word)).as("what %s shows, encoded", where).doesNotContain("canary-");
      }
    });
  }
}
