package chase.daemon;

import chase.daemon.config.ChaseConfig;
import chase.daemon.config.ConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * The daemon itself on two simulated GPUs and a synthetic week of grid data, in a directory of its
 * own that goes with it.
 */
final class Demo {
  private static final String WEEK = "synthetic-week.csv";

  /** An hour of the week every ten seconds, and so a day in four minutes. */
  private static final String SETTINGS =
      """
      mode: control
      policy: chase:0.5
      gpu:
        backend: simulated
        simulated: [h100-sxm, a100-sxm4]
        minimum-dwell: 1s
      carbon:
        provider: trace
        region: synthetic
        trace: {file: synthetic-week.csv, speed: 360, start: 2026-06-03T06:00:00Z, repeat: true}
      control: {socket: chase.sock}
      metrics: {port: 0}
      state-directory: state
      """;

  private final Path directory;
  private final PrintWriter out;

  private Demo(Path directory, PrintWriter out) {
    this.directory = directory;
    this.out = out;
  }

  /**
   * Runs the demo until Ctrl-C.
   *
   * @throws StartupException with one line; nothing is left behind then
   */
  static void run(Map<String, String> environment, Clock clock, PrintWriter out)
      throws StartupException {
    Demo demo = new Demo(unpack(), out);
    demo.start(environment, clock).untilToldToStop();
  }

  private static Path unpack() throws StartupException {
    try (InputStream week = Demo.class.getResourceAsStream(WEEK)) {
      Path directory = Files.createTempDirectory("chase-demo-");
      Files.copy(Objects.requireNonNull(week), directory.resolve(WEEK));
      Files.createDirectory(directory.resolve("state"));
      return directory;
    } catch (IOException e) {
      throw StartupException.temporary("the demo needs a temporary directory: " + e.getMessage());
    }
  }

  private Session start(Map<String, String> environment, Clock clock) throws StartupException {
    try {
      ChaseConfig config = ChaseConfig.parse("demo", SETTINGS, directory, environment);
      printIntroduction(config);
      Session session = Session.start(config, environment, clock, this::cleanUp);
      printAddresses(session, config);
      session.run(clock, out);
      return session;
    } catch (ConfigException e) {
      throw StartupException.permanent(String.valueOf(e.getMessage()));
    }
  }

  private void printIntroduction(ChaseConfig config) {
    out.println("Two SIMULATED GPUs, each with a simulated training job, on a SYNTHETIC grid.");
    out.println("An hour of the grid passes every 10 seconds. Policy: " + config.policy().spec());
    out.println(
        "The job on GPU 0 registers, reports its steps and may be 10 % slower: it is first");
    out.println(
        "measured while it trains, which takes a few minutes, and then kept in its budget.");
    out.println();
  }

  private void printAddresses(Session session, ChaseConfig config) {
    out.println();
    out.println("  export CHASE_SOCKET=" + config.control().socket());
    out.println(
        "  ./chase jobs; ./chase explain 0; ./chase status; ./chase override 1 300 --for 10s");
    session
        .doors()
        .map(Doors::metricsPort)
        .orElse(OptionalInt.empty())
        .ifPresent(port -> out.println("  curl http://127.0.0.1:" + port + "/metrics"));
    out.println("  Ctrl-C ends the demo and puts all limits back.");
    out.println();
  }

  private void cleanUp() {
    deleteDirectory();
    out.println("The demo is over; nothing is left behind.");
    out.flush();
  }

  private void deleteDirectory() {
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(Demo::delete);
    } catch (IOException | UncheckedIOException e) {
      out.println("could not remove " + directory + ": " + e.getMessage());
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
