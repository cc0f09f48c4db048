package chase.daemon;

import chase.daemon.api.CheckBody;
import chase.daemon.cli.ChaseCommand;
import chase.daemon.cli.LocalActions;
import chase.daemon.cli.simulate.SimulateCommand;
import chase.daemon.cli.view.Terminal;
import chase.daemon.config.ChaseConfig;
import chase.daemon.config.ConfigException;
import chase.daemon.config.ConfigFile;
import chase.daemon.doctor.Doctor;
import chase.daemon.gpu.GpuBackend;
import chase.daemon.gpu.LockedJournals;
import chase.daemon.gpu.journal.StateException;
import chase.daemon.host.DefaultPaths;
import chase.daemon.host.PathState;
import chase.daemon.reload.ConfigState;
import chase.daemon.reload.HangupSignal;
import chase.daemon.text.LogLevel;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** The {@code chase} command; the only place with a clock and an environment of its own. */
public final class Main implements LocalActions {
  private static final int DONE = 0;
  private static final int FAILED = 1;
  private static final int CANNOT_START = 2;
  private static final Path DEFAULT_CONFIG = Path.of(DefaultPaths.CONFIG);

  private final Clock clock = Clock.systemUTC();
  private final Map<String, String> environment;
  private final PrintWriter out;
  private final PrintWriter err;

  private Main(Map<String, String> environment, PrintWriter out, PrintWriter err) {
    this.environment = environment;
    this.out = out;
    this.err = err;
  }

  /** Carries out one command line and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(carryOut(args));
  }

  /** Carries out one command line: its exit code. */
  static int carryOut(String[] args) {
    // What machines and logs read is the same in every country; libraries ask for the default.
    Locale.setDefault(Locale.ROOT);
    Logging.install(System.getenv(), List.of(args));
    return carryOut(args, System.getenv(), writer(FileDescriptor.out), writer(FileDescriptor.err));
  }

  /** The same for a process that carries out several, each with an environment of its own. */
  public static int carryOut(
      String[] args, Map<String, String> environment, PrintWriter out, PrintWriter err) {
    Terminal terminal = Terminal.of(environment, Clock.system(ZoneId.systemDefault()));
    int exitCode = ChaseCommand.run(args, new Main(environment, out, err), terminal, out, err);
    out.flush();
    err.flush();
    return exitCode;
  }

  /** Made only where it is needed: most commands do without Vert.x, which takes time to load. */
  private Platform platform() {
    return new Platform(environment, clock, System::nanoTime, Main::vertx);
  }

  /** Unlike {@code System.out} it notices when nobody reads any more. */
  private static PrintWriter writer(FileDescriptor stream) {
    return new PrintWriter(
        new OutputStreamWriter(new FileOutputStream(stream), StandardCharsets.UTF_8), true);
  }

  /**
   * Few threads and no files: a handful of requests a second is all that ever comes. The native
   * transport, where it can be loaded, also shows which process is at the other end of the socket.
   */
  private static Vertx vertx(int eventLoops) {
    return Vertx.vertx(
        new VertxOptions()
            .setPreferNativeTransport(true)
            .setEventLoopPoolSize(eventLoops)
            .setWorkerPoolSize(2)
            .setInternalBlockingPoolSize(2)
            .setFileSystemOptions(
                new FileSystemOptions()
                    .setFileCachingEnabled(false)
                    .setClassPathResolvingEnabled(false)));
  }

  @Override
  public Map<String, String> environment() {
    return environment;
  }

  @Override
  public List<CheckBody> validate(Optional<Path> file) {
    return new ConfigCheck(platform()).findings(file);
  }

  @Override
  public List<LocalActions.Setting> showConfig(Optional<Path> file) {
    return new ConfigCheck(platform()).settings(file);
  }

  @Override
  public int daemon(Path config, Optional<LogLevel> level) {
    return run(() -> {
      HangupSignal hangups = HangupSignal.caught();
      ConfigFile read = ConfigFile.read(config, environment);
      ChaseConfig settings = read.parse();
      Logging.setLevel(level.orElse(settings.log().level()));
      DaemonProcess.start(
              new LoadedConfig(
                  settings, new ConfigState.SourceFile(config, read), Optional.of(hangups), level),
              platform())
          .awaitEnd();
      return DONE;
    });
  }

  @Override
  public int demo(Optional<Duration> lasting) {
    return run(() -> {
      Demo.run(platform(), lasting, out);
      return DONE;
    });
  }

  @Override
  public int restore(Optional<Path> config) {
    return run(() -> {
      ChaseConfig settings =
          config.isPresent() ? ChaseConfig.load(config.get(), environment) : defaultConfig();
      boolean complete =
          LockedJournals.restoreWithoutDaemon(
              LockedJournals.paths(settings),
              GpuBackend.driver(settings.gpu(), clock),
              settings.gpu().callDeadline(),
              settings.gpu().raiseWattsPerSecond(),
              clock,
              out);
      return complete ? DONE : FAILED;
    });
  }

  @Override
  public Callable<Integer> simulateCommand() {
    return new SimulateCommand();
  }

  @Override
  public Optional<Path> socket(Path config) {
    try {
      return Optional.of(ChaseConfig.load(config, environment).control().socket());
    } catch (ConfigException e) {
      return Optional.empty();
    }
  }

  @Override
  public List<CheckBody> checkConfiguration(Optional<Path> file) {
    Path read = file.orElse(DEFAULT_CONFIG);
    boolean without = file.isEmpty() && PathState.of(DEFAULT_CONFIG) == PathState.MISSING;
    try {
      ChaseConfig config =
          without
              ? ChaseConfig.parse("defaults", "", Path.of(""), environment)
              : ChaseConfig.load(read, environment);
      List<CheckBody> checks = new ArrayList<>();
      checks.add(
          without
              ? CheckBody.note("config", DEFAULT_CONFIG + " is not there: all defaults")
              : CheckBody.ok("config", read + " is valid"));
      checks.addAll(new Doctor(config, environment, clock, System::nanoTime).checks());
      return checks;
    } catch (ConfigException e) {
      return List.of(CheckBody.failed("config", String.valueOf(e.getMessage())));
    }
  }

  @Override
  public List<CheckBody> checkHost(Optional<Long> daemon) {
    return Doctor.hostChecks(daemon);
  }

  /** What cannot be read must not keep limits from going back: then the defaults have to do. */
  private ChaseConfig defaultConfig() throws ConfigException {
    try {
      if (PathState.of(DEFAULT_CONFIG) != PathState.MISSING) {
        return ChaseConfig.load(DEFAULT_CONFIG, environment);
      }
    } catch (ConfigException e) {
      err.println("chase: going on with the defaults: " + e.getMessage());
    }
    return ChaseConfig.parse("defaults", "", Path.of(""), environment);
  }

  /** A daemon on a configuration file. */
  private record LoadedConfig(
      ChaseConfig config,
      ConfigState.SourceFile file,
      Optional<HangupSignal> hangups,
      Optional<LogLevel> fixedLevel)
      implements DaemonProcess.DaemonSetup {
    @Override
    public Optional<ConfigState.SourceFile> source() {
      return Optional.of(file);
    }

    /** What the command line says goes before the file. */
    @Override
    public void logFrom(LogLevel level) {
      Logging.setLevel(fixedLevel.orElse(level));
    }
  }

  private interface Action {
    int run() throws ConfigException, StateException, StartupException;
  }

  private int run(Action action) {
    try {
      return action.run();
    } catch (ConfigException e) {
      return report(StartupException.of(e));
    } catch (StateException e) {
      return report(StartupException.of(e));
    } catch (StartupException e) {
      return report(e);
    }
  }

  private int report(StartupException why) {
    err.println(Logging.prefix(LogLevel.ERROR) + "chase: " + why.getMessage());
    return why.isTemporary() ? FAILED : CANNOT_START;
  }
}
