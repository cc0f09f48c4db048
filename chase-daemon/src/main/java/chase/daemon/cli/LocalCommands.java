package chase.daemon.cli;

import chase.daemon.cli.simulate.SimulateCommand;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The commands that need no running daemon. */
final class LocalCommands {
  private LocalCommands() {}

  static void addStarts(CommandLine chase, LocalActions actions) {
    chase.addSubcommand(new RunDaemon(actions));
    chase.addSubcommand(new RunDemo(actions));
  }

  static void addOthers(CommandLine chase, LocalActions actions, Desk desk) {
    chase.addSubcommand(new SimulateCommand());
    chase.addSubcommand(new DoctorCommand(actions, desk));
    chase.addSubcommand(new RestoreLimits(actions));
    chase.addSubcommand(new PrintVersion(desk.out()));
  }

  @Command(name = "daemon", description = "Run the daemon in the foreground.")
  static final class RunDaemon implements Callable<Integer> {
    private final LocalActions actions;

    @Option(
        names = "--config",
        paramLabel = "FILE",
        defaultValue = "/etc/chase/chase.yaml",
        description = "The configuration; ${DEFAULT-VALUE} by default.")
    private Path config = Path.of("/etc/chase/chase.yaml");

    RunDaemon(LocalActions actions) {
      this.actions = actions;
    }

    @Override
    public Integer call() {
      return actions.daemon(config);
    }
  }

  @Command(
      name = "demo",
      description = "Run a daemon with simulated GPUs on a synthetic grid, until Ctrl-C.")
  static final class RunDemo implements Callable<Integer> {
    private final LocalActions actions;

    RunDemo(LocalActions actions) {
      this.actions = actions;
    }

    @Override
    public Integer call() {
      return actions.demo();
    }
  }

  @Command(
      name = "restore",
      description = "Put back the limits that a daemon found, when it is no longer there to do it.")
  static final class RestoreLimits implements Callable<Integer> {
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
  static final class PrintVersion implements Callable<Integer> {
    private final PrintWriter out;

    PrintVersion(PrintWriter out) {
      this.out = out;
    }

    @Override
    public Integer call() {
      out.println("chase " + Version.ofThisBuild());
      return ChaseCommand.ExitCode.DONE;
    }
  }
}
