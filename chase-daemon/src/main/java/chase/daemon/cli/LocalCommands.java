package chase.daemon.cli;

import chase.daemon.cli.ChaseCommand.ExitCode;
import chase.daemon.cli.manual.EnumNames;
import chase.daemon.cli.manual.ManualCommands;
import chase.daemon.host.DefaultPaths;
import chase.daemon.text.Durations;
import chase.daemon.text.LogLevel;
import chase.daemon.text.Version;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The commands that need no running daemon. */
final class LocalCommands {
  private LocalCommands() {}

  /** Adds the commands that run a daemon. */
  static void addDaemons(ChaseCommand.Subcommands commands, LocalActions actions) {
    commands.add("daemon", () -> new RunDaemon(actions));
    commands.add("demo", () -> new RunDemo(actions));
  }

  /** Adds the others. */
  static void addOthers(ChaseCommand.Subcommands commands, LocalActions actions) {
    commands.add("run", () -> RunCommand.commandLine(actions.environment()));
    commands.add("wait", () -> WaitCommand.commandLine(actions.environment()));
    commands.add("config", () -> ConfigCommand.commandLine(actions));
    commands.add("simulate", actions::simulateCommand);
    commands.add("doctor", () -> new DoctorCommand(actions));
    commands.add("restore", () -> new RestoreLimits(actions));
    commands.add("version", PrintVersion::new);
    commands.add(
        "logs", () -> new CommandLine(new ShowLogs()).setUnmatchedOptionsArePositionalParams(true));
    commands.addAboutOthers("help", ManualCommands.HelpCommand::new);
    commands.addAboutOthers(
        "completion",
        () ->
            new CommandLine(new ManualCommands.PrintCompletion())
                .setCaseInsensitiveEnumValuesAllowed(true));
    commands.addAboutOthers("man", ManualCommands.WriteManPages::new);
  }

  /** Where {@code --socket} names a daemon that is not meant. */
  private static void refuseSocket(CommandSpec spec, String why) {
    boolean named = spec.commandLine().getParseResult().hasMatchedOption("--socket");
    boolean namedBefore = spec.root().commandLine().getParseResult().hasMatchedOption("--socket");
    if (named || namedBefore) {
      throw new ParameterException(spec.commandLine(), why);
    }
  }

  @Command(name = "daemon", description = "Run the daemon in the foreground.")
  private static final class RunDaemon implements Callable<Integer> {
    private final LocalActions actions;

    @Option(
        names = "--config",
        paramLabel = "FILE",
        defaultValue = DefaultPaths.CONFIG,
        description = "The configuration; ${DEFAULT-VALUE} by default.")
    private Path config = Path.of(DefaultPaths.CONFIG);

    @Option(
        names = "--log-level",
        paramLabel = "LEVEL",
        converter = LevelName.class,
        description = "debug, info, warning or error, in place of the configuration's log.level.")
    private Optional<LogLevel> level = Optional.empty();

    @Spec private CommandSpec spec = CommandSpec.create();

    RunDaemon(LocalActions actions) {
      this.actions = actions;
    }

    @Override
    public Integer call() {
      refuseSocket(
          spec, "the daemon's socket is control.socket of its configuration, not --socket");
      return actions.daemon(config, level);
    }

    private static final class LevelName implements ITypeConverter<LogLevel> {
      @Override
      public LogLevel convert(String name) {
        return EnumNames.parse(LogLevel.values(), name);
      }
    }
  }

  @Command(
      name = "demo",
      description = "Run a daemon with simulated GPUs on a synthetic grid, until Ctrl-C.")
  private static final class RunDemo implements Callable<Integer> {
    private final LocalActions actions;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
        names = "--for",
        paramLabel = "TIME",
        description = "End after this time, such as 2m, a day of the demo's grid.")
    private Optional<String> lasting = Optional.empty();

    RunDemo(LocalActions actions) {
      this.actions = actions;
    }

    @Override
    public Integer call() {
      refuseSocket(spec, "the demo has a socket of its own, which it prints: leave --socket out");
      try {
        return actions.demo(lasting.map(Durations::parse));
      } catch (IllegalArgumentException e) {
        throw new ParameterException(spec.commandLine(), "--for: " + e.getMessage());
      }
    }
  }

  @Command(
      name = "restore",
      description = "Restore the original limits after a daemon that could not do it itself.")
  private static final class RestoreLimits implements Callable<Integer> {
    private final LocalActions actions;

    @Option(
        names = "--config",
        paramLabel = "FILE",
        description = "The configuration of that daemon, which says where its journal lies.")
    private Optional<Path> config = Optional.empty();

    RestoreLimits(LocalActions actions) {
      this.actions = actions;
    }

    @Override
    public Integer call() {
      return actions.restore(config);
    }
  }

  @Command(name = "version", description = "Print the version.")
  private static final class PrintVersion implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
      spec.commandLine().getOut().println("chase " + Version.ofThisBuild());
      return ExitCode.DONE;
    }
  }

  @Command(
      name = "logs",
      description = {
        "Show the daemon's log: journalctl -u chased, with all further arguments.",
        "Such as -f (follow), -n 50 (the last lines), -p warning (what matters), --since today.",
      })
  private static final class ShowLogs implements Callable<Integer> {
    private static final List<String> JOURNAL = List.of("journalctl", "--unit=chased");

    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(
        paramLabel = "ARGUMENT",
        arity = "0..*",
        description = "Passed on to journalctl, options included.")
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws InterruptedException {
      List<String> line = new ArrayList<>(JOURNAL);
      line.addAll(arguments);
      try {
        return new ProcessBuilder(line).inheritIO().start().waitFor();
      } catch (IOException e) {
        spec.commandLine()
            .getErr()
            .println(
                "chase: there is no journalctl here: the daemon logs to its standard error, which"
                    + " whatever started it keeps (such as 'docker logs')");
        return ExitCode.FAILED;
      }
    }
  }
}
