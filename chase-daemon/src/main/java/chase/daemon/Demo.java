package chase.daemon;

import chase.daemon.config.ChaseConfig;
import chase.daemon.config.ConfigException;
import chase.daemon.text.Numbers;
import chase.zeus.engine.Event;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.JobId;
import chase.zeus.engine.JobSpec;
import chase.zeus.engine.JobView;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.profile.PowerProfile.Point;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
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
  static void run(Platform platform, PrintWriter out) throws StartupException {
    Demo demo = new Demo(unpack(), out);
    demo.start(platform).awaitEnd();
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

  private DaemonProcess start(Platform platform) throws StartupException {
    try {
      ChaseConfig config = ChaseConfig.parse("demo", SETTINGS, directory, platform.environment());
      printIntroduction(config);
      DaemonProcess process = DaemonProcess.start(config, platform, this::cleanUp);
      printAddresses(process, config);
      process.runSimulatedJob(platform, out);
      return process;
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

  private void printAddresses(DaemonProcess process, ChaseConfig config) {
    out.println();
    out.println("  export CHASE_SOCKET=" + config.control().socket());
    out.println(
        "  ./chase jobs; ./chase explain 0; ./chase status; ./chase override 1 300 --for 10s");
    process
        .metricsPort()
        .ifPresent(port ->
            out.println("  curl http://" + config.metrics().host() + ":" + port + "/metrics"));
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

  /**
   * A simulated training job on the first GPU: it registers, and reports steps as fast as the GPU's
   * simulated curve lets it, with 5 % of seeded noise on each. Not for a host with real work.
   */
  static final class SimulatedJob {
    /** How often it is to be called. */
    static final long PERIOD_MILLIS = 1_000;

    private static final JobId ID = new JobId("demo");
    private static final double BOUND = 0.1;
    private static final double NOISE = 0.05;

    /** A report of many small steps shows a change of speed within seconds. */
    private static final double STEPS_A_STEP = 100;

    private static final int REPORTS_A_LINE = 20;

    private final Consumer<Event.Command> commands;
    private final InstantSource clock;
    private final PrintWriter out;
    private final Random random = new Random(1);
    private double steps;
    private long reports;

    SimulatedJob(Consumer<Event.Command> commands, InstantSource clock, PrintWriter out) {
      this.commands = commands;
      this.clock = clock;
      this.out = out;
    }

    /** Another second of it. */
    void tick(Snapshot now) {
      if (now.job(ID).isEmpty()) {
        register(now.gpus().getFirst());
        return;
      }
      GpuView gpu = now.gpus().getFirst();
      double speed =
          gpu.limits()
              .map(PowerLimits::enforced)
              .flatMap(limit -> gpu.profile().flatMap(curve -> curve.at(limit)))
              .map(Point::throughput)
              .orElse(0.0);
      double expected = speed * STEPS_A_STEP * PERIOD_MILLIS / 1e3;
      steps += Math.max(0, expected + NOISE * Math.sqrt(expected) * random.nextGaussian());
      commands.accept(new Event.StepsReported(ID, Math.round(steps), clock.instant()));
      reports++;
      if (reports % REPORTS_A_LINE == 0) {
        now.job(ID).flatMap(SimulatedJob::line).ifPresent(this::print);
      }
    }

    private void register(GpuView gpu) {
      JobSpec spec =
          new JobSpec(
              "simulated-training",
              List.of(gpu.traits().id()),
              Optional.of(256),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.of(BOUND));
      commands.accept(new Event.JobStarted(ID, spec, clock.instant()));
    }

    private static Optional<String> line(JobView job) {
      return job.slowdown().isPresent() && job.slack().isPresent()
          ? Optional.of(
              "simulated job demo: %s slower than at full power, %s allowed; %s s in hand"
                  .formatted(
                      Numbers.percent(Math.max(0, job.slowdown().get())),
                      Numbers.percent(BOUND),
                      Numbers.threeDigits(job.slack().get().seconds())))
          : Optional.empty();
    }

    private void print(String line) {
      out.println(line);
      out.flush();
    }
  }
}
