package chase.daemon.documents;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import chase.daemon.Main;
import chase.daemon.documents.MarkdownPage.Block;
import chase.daemon.fixtures.UnixHttp;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A host on which blocks of the documentation are run: a real daemon on four simulated GPUs, a
 * source tree as working directory, and a search path that has nothing but {@code chase}, what
 * {@link StandIn} stands for, and a few usual programs.
 */
final class DocumentedHost implements AutoCloseable {
  /** A JVM that starts soon; the class path follows. */
  static final List<String> JAVA_OPTIONS =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:-UsePerfData",
          "-Xmx128m",
          "--enable-native-access=ALL-UNNAMED",
          "-cp");

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** A recurring job that a script of the reader's has registered. */
  private static final String RECURRING =
      """
      {"name": "bert-squad", "batch_sizes": [8, 16], "default_batch_size": 16,
       "target_metric": 0.84, "gpus": ["0"]}\
      """;

  /** Stands for the directory in what replaces another name. */
  private static final String HERE = "\u0001";

  /** What a reader has, by how the documentation writes it. */
  private final Map<Pattern, String> named = new LinkedHashMap<>();

  private final String settings;
  private final Path directory;
  private final Path tree;
  private final Path socket;
  private final Process daemon;
  private final Process commands;

  /**
   * How a block ended.
   *
   * @param code the exit code
   * @param output what it printed
   * @param errors what it printed on standard error, with the command that failed last
   */
  record Outcome(int code, String output, String errors) {}

  DocumentedHost() throws IOException {
    this.directory = Files.createTempDirectory("chase-docs");
    this.tree = directory.resolve("tree");
    this.socket = directory.resolve("run/chase/chase.sock");
    for (String folder :
        List.of("tree", "bin", "tmp", "run/chase", "etc/chase", "var/lib/chase", "var/log/chase")) {
      Files.createDirectories(directory.resolve(folder));
    }
    int port = freePort();
    nameWhatAReaderHas(port);
    this.settings = settings(port);
    Files.writeString(config(), settings);
    ReaderFiles.write(tree, Instant.now());
    Files.writeString(
        tree.resolve("idle.yaml"),
        "{state-directory: %s/tmp/idle, gpu: {backend: simulated}}".formatted(directory));
    Files.copy(config(), tree.resolve("chase.yaml"));
    this.daemon =
        java(Main.class, "daemon", "--config", config().toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("daemon.log").toFile())
            .start();
    this.commands =
        java(CommandService.class)
            .redirectError(directory.resolve("commands.log").toFile())
            .start();
    SearchPath.fill(directory, tree, commands.inputReader(UTF_8).readLine(), command(Main.class));
    await().atMost(PATIENCE).until(() -> Files.exists(socket));
  }

  private static int freePort() throws IOException {
    try (ServerSocket server = new ServerSocket(0)) {
      return server.getLocalPort();
    }
  }

  private String settings(int port) {
    return """
    policy: budget:0.03
    state-directory: %1$s/var/lib/chase
    control: {socket: %1$s/run/chase/chase.sock}
    access: {audit: {file: %1$s/var/log/chase/audit.log}}
    metrics: {port: %2$d}
    carbon:
      provider: trace
      trace: {file: %1$s/tree/grid.csv, start: %3$s}
    gpu:
      backend: simulated
      simulated: [h100-sxm, h100-sxm, v100, v100]
      minimum-dwell: 0s
      telemetry-period: 200ms
      lowering-step: 1
      writes-per-hour: 3600
    """
        .formatted(directory, port, ReaderFiles.GRID_START);
  }

  /** What every script begins with. */
  private String prelude() {
    return """
    newest_job() { command curl -s --unix-socket %1$s http://chase/v1/jobs |
      jq -r 'map(select(.origin == "registered")) | max_by(.started_at).id'; }
    curl() {
      case " $* " in
        *' -N '* | *' --no-buffer '*)
          command curl -sS --fail-with-body --max-time 1 "$@" || [ $? -eq 28 ] ;;
        *) command curl -sS --fail-with-body "$@" ;;
      esac
    }
    sleep() { command sleep "$1" ${!:-}; }
    BACKGROUND=
    set -a
    [ ! -f %2$s ] || . %2$s
    set -eu
    """
        .formatted(socket, environment());
  }

  private void nameWhatAReaderHas(int port) {
    named.put(
        Pattern.compile("/tmp/chase-demo-\\.\\.\\./chase\\.sock"), HERE + "/run/chase/chase.sock");
    named.put(
        Pattern.compile("(?<![\\w./\u0001-])/(run|etc|var/lib|var/log)/chase\\b"),
        HERE + "/$1/chase");
    named.put(Pattern.compile("(?<![\\w./\u0001-])/tmp\\b"), HERE + "/tmp");
    named.put(Pattern.compile("\\b(127\\.0\\.0\\.1|localhost):9478\\b"), "127.0.0.1:" + port);
    named.put(Pattern.compile("\\bport: 9\\d{3}\\b"), "port: 0");
    named.put(Pattern.compile("\\bjobs/ID\\b"), "jobs/\\$(newest_job)");
    named.put(Pattern.compile("(?m)^(\\w+)=[0-9a-f]{8}$"), "$1=\\$(newest_job)");
    named.put(Pattern.compile("\\$!"), "\\${!:-\\$BACKGROUND}");
  }

  private ProcessBuilder java(Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>(command(main));
    command.addAll(List.of(arguments));
    return inTree(command);
  }

  private static List<String> command(Class<?> main) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JAVA_OPTIONS);
    command.addAll(List.of(System.getProperty("java.class.path"), main.getName()));
    return command;
  }

  private ProcessBuilder inTree(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(tree.toFile());
    builder.environment().clear();
    builder
        .environment()
        .putAll(
            Map.of(
                "PATH", directory.resolve("bin").toString(),
                "HOME", directory.toString(),
                "CHASE_SOCKET", socket.toString(),
                "TMPDIR", directory.resolve("tmp").toString(),
                "JAVA_HOME", directory.resolve("jdk").toString(),
                "LC_ALL", "C.UTF-8",
                // No provider of the real world is called.
                "https_proxy", "http://127.0.0.1:9"));
    return builder;
  }

  /** Everything as at the start, but for what a page's earlier blocks wrote to files. */
  void beginPage() throws IOException {
    Files.deleteIfExists(environment());
    endDaemonsOfPages();
    Files.writeString(config(), settings);
    for (String path : List.of("/v1/reload", "/v1/driver/reopen", "/v1/resume")) {
      UnixHttp.call(socket, "POST", path);
    }
    for (JsonNode job : UnixHttp.call(socket, "GET", "/v1/jobs").json()) {
      UnixHttp.call(socket, "DELETE", "/v1/jobs/" + job.get("id").asText());
    }
    for (JsonNode job : UnixHttp.call(socket, "GET", "/v1/batch-sizes").json()) {
      UnixHttp.call(socket, "DELETE", "/v1/batch-sizes/" + job.get("name").asText());
    }
    UnixHttp.call(socket, "POST", "/v1/batch-sizes", RECURRING);
    UnixHttp.call(socket, "DELETE", "/v1/policy");
    for (JsonNode gpu : UnixHttp.call(socket, "GET", "/v1/gpus").json()) {
      String index = gpu.get("index").asText();
      UnixHttp.call(socket, "DELETE", "/v1/policy?gpu=" + index);
      UnixHttp.call(socket, "DELETE", "/v1/gpus/" + index + "/override");
    }
  }

  /** Found by their command lines, of which Java itself shows none that is this long. */
  private void endDaemonsOfPages() {
    ProcessHandle.allProcesses()
        .filter(process -> process.pid() != daemon.pid() && process.pid() != commands.pid())
        .filter(this::isDaemonOfPage)
        .forEach(ProcessHandle::destroyForcibly);
  }

  private boolean isDaemonOfPage(ProcessHandle process) {
    try {
      String line = Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
      return line.contains(Main.class.getName()) && line.contains("\0" + directory + "/");
    } catch (IOException ended) {
      return false;
    }
  }

  private Path config() {
    return directory.resolve("etc/chase/chase.yaml");
  }

  private Path environment() {
    return directory.resolve("environment");
  }

  /** Runs a block of the page as it is printed. */
  Outcome run(Block block) throws IOException {
    return run(block.code());
  }

  /** Runs lines of a shell in the page's environment. */
  Outcome run(String code) throws IOException {
    Path script = directory.resolve("block.sh");
    Path output = directory.resolve("output");
    Path errors = directory.resolve("errors");
    Files.deleteIfExists(output);
    Files.deleteIfExists(errors);
    Files.writeString(
        script,
        prelude()
            + "set -x\n"
            + asOnThisHost(code)
            + "\n{ set +x; } 2>/dev/null\nBACKGROUND=${!:-$BACKGROUND}\nexport -p > "
            + environment()
            + "\n");
    Process shell =
        inTree(List.of("/bin/sh", script.toString()))
            .redirectInput(Redirect.from(new File("/dev/null")))
            .redirectOutput(Redirect.appendTo(output.toFile()))
            .redirectError(Redirect.appendTo(errors.toFile()))
            .start();
    int exit = waitFor(shell);
    return new Outcome(exit, Files.readString(output), Files.readString(errors));
  }

  private static int waitFor(Process process) {
    try {
      if (process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        return process.exitValue();
      }
      process.destroyForcibly();
      return -1;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private String asOnThisHost(String code) {
    String text = code;
    for (Map.Entry<Pattern, String> name : named.entrySet()) {
      text = name.getKey().matcher(text).replaceAll(name.getValue());
    }
    return text.replace(HERE, directory.toString());
  }

  @Override
  public void close() throws IOException {
    endDaemonsOfPages();
    commands.getOutputStream().close();
    daemon.destroy();
    waitFor(daemon);
    waitFor(commands);
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(file);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
