package chase.daemon;

import chase.daemon.cli.view.Terminal;
import chase.daemon.config.ChaseConfig;
import chase.daemon.config.ConfigException;
import chase.daemon.gpu.GpuBackend;
import chase.daemon.ledger.ReportQuery;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.simulated.SimulatedGpus;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The daemon itself on simulated GPUs with simulated jobs and a synthetic week of grid data, in a
 * directory of its own that goes with it.
 */
final class Demo implements DaemonProcess.DaemonSetup {
  private static final String WEEK = "synthetic-week.csv";
  private static final int PAGE_PORT = 9478;

  /** A day of the week every two minutes. */
  private static final int SPEED = 720;

  /** From noon: limits follow the grid in one, the other waits for clean hours. */
  private static final List<DemoJob.DemoJobPlan> JOBS =
      List.of(
          new DemoJob.DemoJobPlan("resnet50", onClock(20), Optional.of(0.1), Optional.empty()),
          new DemoJob.DemoJobPlan("bert", onClock(13), Optional.empty(), Optional.of(onClock(24))));

  private static final Duration REPORT_PERIOD = Duration.ofMillis(250);

  private final Platform platform;
  private final CountDownLatch end = new CountDownLatch(1);
  private final DemoScreen screen;
  private final List<DemoJob> jobs = new ArrayList<>();
  private Optional<Path> directory = Optional.empty();
  private Optional<SimulatedGpus> gpus = Optional.empty();
  private List<String> result = List.of();

  private Demo(Platform platform, PrintWriter out) {
    this.platform = platform;
    this.screen =
        new DemoScreen(out, Terminal.of(platform.environment(), platform.clock()), end::countDown);
  }

  private static Duration onClock(int hours) {
    return Duration.ofHours(hours).dividedBy(SPEED);
  }

  /**
   * Runs the demo until Ctrl-C, or for {@code lasting}.
   *
   * @throws StartupException with one line; nothing is left behind then
   */
  static void run(Platform platform, Optional<Duration> lasting, PrintWriter out)
      throws StartupException {
    Demo demo = new Demo(platform, out);
    demo.screen.showLog();
    demo.printIntroduction();
    DaemonProcess process = DaemonProcess.start(demo, platform);
    demo.printAddresses(process);
    process.every(REPORT_PERIOD, snapshot -> demo.tick(process, snapshot));
    demo.awaitEnd(lasting);
  }

  private void awaitEnd(Optional<Duration> lasting) {
    try {
      if (lasting.isPresent()) {
        var _ = end.await(lasting.get().toMillis(), TimeUnit.MILLISECONDS);
      } else {
        end.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public ChaseConfig config() throws ConfigException, StartupException {
    Path unpacked = unpack();
    String settings =
        String.format(
            Locale.ROOT,
            """
            mode: control
            policy: max
            gpu:
              backend: simulated
              simulated: [h100-sxm, a100-sxm4, v100]
              telemetry-period: 250ms
            carbon:
              provider: trace
              region: synthetic
              trace: {file: %s, speed: %d, start: 2026-06-03T12:00:00Z, repeat: true}
            jobs: {process-period: 1d}
            control: {socket: chase.sock}
            metrics: {port: %d}
            state-directory: state
            """,
            WEEK,
            SPEED,
            freePort());
    return ChaseConfig.parse("demo", settings, unpacked, platform.environment());
  }

  private Path unpack() throws StartupException {
    Path temporary =
        Path.of(
            platform.environment().getOrDefault("TMPDIR", System.getProperty("java.io.tmpdir")));
    try (InputStream week = Demo.class.getResourceAsStream(WEEK)) {
      Path made = Files.createTempDirectory(temporary, "chase-demo-");
      directory = Optional.of(made);
      Files.copy(Objects.requireNonNull(week), made.resolve(WEEK));
      Files.createDirectory(made.resolve("state"));
      return made;
    } catch (IOException e) {
      throw StartupException.temporary(
          "the demo needs a directory to write to, and TMPDIR (%s) is none: %s"
              .formatted(temporary, e));
    }
  }

  /** The daemon's usual port where it is free, so that its address is the usual one. */
  private static int freePort() {
    try (ServerSocket probe = new ServerSocket(PAGE_PORT, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    } catch (IOException e) {
      return 0;
    }
  }

  @Override
  public GpuBackend gpus(ChaseConfig config, InstantSource clock) {
    SimulatedGpus simulated = SimulatedGpus.named(config.gpu().simulated(), clock);
    gpus = Optional.of(simulated);
    return GpuBackend.simulated(simulated, gpu -> Optional.empty());
  }

  private void tick(DaemonProcess process, Snapshot snapshot) {
    for (int i = jobs.size(); i < Math.min(JOBS.size(), snapshot.gpus().size()); i++) {
      jobs.add(
          new DemoJob(
              JOBS.get(i),
              snapshot.gpus().get(i).traits().id(),
              gpus.orElseThrow(),
              process::execute,
              platform.clock()));
    }
    jobs.forEach(job -> job.tick(snapshot));
    snapshot.gpus().stream()
        .skip(jobs.size())
        .map(gpu -> gpu.traits().id())
        .forEach(gpu -> gpus.orElseThrow().pauseJob(gpu, snapshot.jobOn(gpu).isEmpty()));
  }

  private void printIntroduction() {
    screen.print("Three SIMULATED GPUs and two simulated jobs on a SYNTHETIC grid.");
    screen.print("An hour of that grid passes every 5 seconds, a day in 2 minutes.");
    screen.print("");
    screen.print("  GPU 0  job resnet50, at most 10 % slower than at full power", 9);
    screen.print("  GPU 1  job bert, may pause, and must be done after a day of the grid", 9);
    screen.print("  GPU 2  free for a job of your own (docs/jobs.md)", 9);
    screen.print("");
    screen.print(
        "Chase measures both jobs first, for about half a minute. Then limits follow the grid, and"
            + " bert waits for clean hours.");
    screen.print("");
  }

  private void printAddresses(DaemonProcess process) {
    String chase = platform.environment().getOrDefault("CHASE_COMMAND", "./chase");
    screen.print("");
    process
        .metricsPort()
        .ifPresent(port -> {
          screen.print("  Page  http://127.0.0.1:" + port + "/");
          if (port != PAGE_PORT) {
            screen.print("        (another port, because " + PAGE_PORT + " is taken)", 8);
          }
        });
    screen.print("  Try in a second terminal, and watch here what comes of it:", 2);
    screen.print("");
    screen.printCommand("export CHASE_SOCKET=" + directory.orElseThrow().resolve("chase.sock"));
    screen.printCommand(chase + " status");
    screen.printCommand(chase + " explain 0");
    screen.printCommand(chase + " override 0 500 --for 15s");
    screen.printCommand(chase + " pause; sleep 10; " + chase + " resume");
    screen.printCommand(chase + " report");
    screen.print("");
    screen.print("  Ctrl-C ends the demo: all limits go back, and the result is printed.", 2);
    screen.print("");
  }

  @Override
  public void stopping(DaemonProcess process) {
    try {
      result =
          DemoResult.lines(
              process.report(
                  new ReportQuery(
                      ReportQuery.GroupBy.parse("label:" + DemoJob.LABEL),
                      Optional.empty(),
                      Optional.empty(),
                      Optional.empty(),
                      Optional.empty())));
    } catch (IllegalStateException e) {
      result = List.of("no result: " + e.getMessage());
    }
  }

  @Override
  public void stopped() {
    directory.ifPresent(this::delete);
    if (!result.isEmpty()) {
      screen.print("");
      result.forEach(line -> screen.print(line, 4));
      screen.print("");
      screen.print("The demo is over; nothing is left behind.");
    }
  }

  private void delete(Path made) {
    try (Stream<Path> files = Files.walk(made)) {
      files.sorted(Comparator.reverseOrder()).forEach(Demo::deleteFile);
    } catch (IOException | UncheckedIOException e) {
      screen.print("could not remove " + made + ": " + e.getMessage());
    }
  }

  private static void deleteFile(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
