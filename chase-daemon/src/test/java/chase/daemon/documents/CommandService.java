package chase.daemon.documents;

import chase.daemon.Main;
import chase.daemon.config.ChaseConfig;
import chase.daemon.config.ConfigException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Carries out many command lines in one process, which saves each a start of the JVM. A shell
 * script in the program's place asks for the path {@code /PID}; what it was called as, its
 * environment and its files are read from {@code /proc/PID}. The answer is the exit code.
 */
public final class CommandService {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** For a command that runs until it is stopped: long enough for its first answer. */
  private static final Duration GLANCE = Duration.ofMillis(700);

  private static final int DONE = 0;
  private static final int WRONG_USAGE = 2;
  private static final int TIMED_OUT = 124;

  private CommandService() {}

  /** Prints its port and serves until its standard input ends. */
  public static void main(String[] args) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", CommandService::answer);
    server.start();
    System.out.println(server.getAddress().getPort());
    System.in.transferTo(OutputStream.nullOutputStream());
    System.exit(DONE);
  }

  private static void answer(HttpExchange exchange) throws IOException {
    Path process = Path.of("/proc" + exchange.getRequestURI().getPath());
    int code;
    try (PrintWriter out = writer(process, 1);
        PrintWriter err = writer(process, 2)) {
      try {
        code = carryOut(process, out, err);
      } catch (IOException | RuntimeException e) {
        err.println("the documentation's test: " + e);
        code = 1;
      }
    }
    byte[] body = Integer.toString(code).getBytes(StandardCharsets.US_ASCII);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static PrintWriter writer(Path process, int descriptor) throws IOException {
    File file = process.resolve("fd/" + descriptor).toFile();
    return new PrintWriter(
        new OutputStreamWriter(new FileOutputStream(file, true), StandardCharsets.UTF_8), true);
  }

  private static int carryOut(Path process, PrintWriter out, PrintWriter err) throws IOException {
    List<String> line = texts(process.resolve("cmdline"));
    String program = line.get(1);
    List<String> words = line.subList(2, line.size());
    String name = String.valueOf(Path.of(program).getFileName());
    if (name.equals("chase")) {
      return chase(process, words, out, err);
    }
    if (name.equals("sleep")) {
      return pause(words);
    }
    Path directory = process.resolve("cwd").toRealPath();
    Optional<String> fault =
        StandIn.of(name)
            .map(known -> known.explainedFault(directory, words))
            .orElseGet(() -> StandIn.missingFile(directory, words));
    fault.ifPresent(err::println);
    return fault.isPresent() ? WRONG_USAGE : DONE;
  }

  private static List<String> texts(Path file) throws IOException {
    List<String> texts = List.of(Files.readString(file).split("\0", -1));
    return texts.subList(0, texts.size() - 1); // each ends with a NUL
  }

  /**
   * A pause is for a daemon that the same shell started in the background, whose process is the
   * second word; between two reports nobody needs it.
   */
  private static int pause(List<String> words) throws IOException {
    if (words.size() < 2) {
      return DONE;
    }
    Path background = Path.of("/proc", words.get(1), "cmdline");
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end && Files.exists(background) && isStarting(texts(background))) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
    return DONE;
  }

  /** A shell becomes the daemon, and the daemon answers after a while. */
  private static boolean isStarting(List<String> line) {
    int option = line.indexOf("--config");
    try {
      return option < 0
          ? !line.isEmpty() && line.getFirst().endsWith("sh")
          : !answers(ChaseConfig.load(Path.of(line.get(option + 1)), Map.of()).control().socket());
    } catch (ConfigException refused) {
      return true; // and about to end
    }
  }

  private static int chase(Path process, List<String> words, PrintWriter out, PrintWriter err)
      throws IOException {
    Map<String, String> environment =
        texts(process.resolve("environ")).stream()
            .collect(
                Collectors.toMap(
                    text -> text.substring(0, text.indexOf('=')),
                    text -> text.substring(text.indexOf('=') + 1)));
    String command = words.isEmpty() ? "" : words.getFirst();
    return switch (command) {
      // There is no page, terminal or journal here.
      case "demo", "top", "logs" -> {
        Optional<String> fault = ChaseCall.fault(words);
        fault.ifPresent(err::println);
        yield fault.isPresent() ? WRONG_USAGE : DONE;
      }
      case "restore" ->
          carryOut(
              words.contains("--config") ? words : with(words, "--config", "idle.yaml"),
              environment,
              out,
              err,
              PATIENCE,
              TIMED_OUT);
      default ->
          !words.isEmpty() && isEndless(words)
              ? carryOut(words, environment, out, err, GLANCE, DONE)
              : carryOut(words, environment, out, err, PATIENCE, TIMED_OUT);
    };
  }

  private static boolean isEndless(List<String> words) {
    return words.getFirst().equals("events")
        || words.stream().anyMatch(word -> word.startsWith("--watch") || word.equals("-w"))
        || (words.contains("record") && !words.contains("--for"));
  }

  private static List<String> with(List<String> words, String... more) {
    return Stream.concat(words.stream(), Arrays.stream(more)).toList();
  }

  private static int carryOut(
      List<String> words,
      Map<String, String> environment,
      PrintWriter out,
      PrintWriter err,
      Duration patience,
      int otherwise) {
    CompletableFuture<Integer> code = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .start(() ->
            code.complete(
                Main.carryOut(
                    atSocket(words, environment).toArray(String[]::new), environment, out, err)));
    try {
      return code.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return otherwise;
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** picocli reads this process's own variable, not the caller's. */
  private static List<String> atSocket(List<String> words, Map<String, String> environment) {
    String socket = environment.getOrDefault("CHASE_SOCKET", "");
    if (words.isEmpty() || socket.isEmpty() || socket.equals(System.getenv("CHASE_SOCKET"))) {
      return words;
    }
    List<String> all = new ArrayList<>(words);
    all.addAll(1, List.of("--socket", socket));
    return all;
  }

  private static boolean answers(Path socket) {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      return channel.isConnected();
    } catch (IOException e) {
      return false;
    }
  }
}
