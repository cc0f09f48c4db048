package chase.daemon.cli;

import chase.daemon.cli.ChaseCommand.CommandException;
import chase.daemon.cli.ChaseCommand.ExitCode;
import chase.daemon.cli.run.Deadline;
import chase.daemon.cli.run.ProgramFault;
import chase.daemon.cli.run.RunOptions;
import chase.daemon.cli.run.RunSupervisor;
import chase.daemon.cli.run.VisibleGpus;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code chase run}: one step of a run, of which a shell script makes three. It never keeps the
 * command from running but for a mistake in its options, or where that is asked for.
 */
@Command(
    name = "run",
    customSynopsis = "chase run [OPTIONS] [--] COMMAND [ARGUMENT...]",
    description = {
      "Run a command as a job, and print its receipt on standard error when it ends.",
      "The exit code is the command's. Without a daemon the command runs all the same, as no job.",
      "",
    },
    footer = {
      "",
      "The command has its job's id in $CHASE_JOB, and may report its steps there.",
    })
final class RunCommand implements Callable<Integer> {
  private final Map<String, String> environment;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RunOptions options = new RunOptions();

  @Option(
      names = "--deadline",
      paramLabel = "TIME",
      description = "When it must be done: 8h, 18:00, 2026-12-01T18:00. Needs --total-steps.")
  private Optional<String> deadline = Optional.empty();

  @Option(
      names = "--deferrable",
      description = "It pauses when it is asked to, and releases its GPUs. Needs --deadline.")
  private boolean deferrable;

  @Option(
      names = "--idle-watts",
      paramLabel = "WATTS",
      description = "It keeps its GPUs while it pauses: the draw of each.")
  private Optional<Double> idleWatts = Optional.empty();

  @Parameters(
      paramLabel = "COMMAND",
      arity = "1..*",
      description = "The command and its arguments.")
  private List<String> command = List.of();

  private RunCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  /** The command; its own options end where {@code COMMAND} begins. */
  static CommandLine commandLine(Map<String, String> environment) {
    return new CommandLine(new RunCommand(environment)).setStopAtPositional(true);
  }

  @Override
  public Integer call() {
    RunSupervisor supervisor = supervisor(environment, "chase run");
    try (DaemonClient client = DaemonClient.of(spec)) {
      RunningJob job = RunningJob.of(spec, client, supervisor, options);
      return switch (supervisor.step()) {
        case START -> {
          requireProgram(command, environment);
          yield job.start(
              request(supervisor),
              visible(spec, options, environment),
              options.required(),
              ChaseCommand.socket(spec),
              wordsBefore(spec, command));
        }
        case AGAIN -> job.again(request(supervisor), visible(spec, options, environment));
        case END -> job.end(options.receipt(), Optional.empty());
        case WAIT -> throw new CommandException(ExitCode.FAILED, "chase run waits for nothing");
      };
    } catch (IOException e) {
      throw new CommandException(ExitCode.FAILED, "the record of this run: " + e.getMessage());
    }
  }

  /** The script that calls {@code what}, which cannot do without. */
  static RunSupervisor supervisor(Map<String, String> environment, String what) {
    return RunSupervisor.of(environment)
        .orElseThrow(() ->
            new CommandException(
                ExitCode.FAILED, what + " needs the launcher 'chase', which waits for it"));
  }

  /** Refuses a program that cannot be run, as a shell does. */
  static void requireProgram(List<String> command, Map<String, String> environment) {
    ProgramFault.of(command.getFirst(), environment.getOrDefault("PATH", "/usr/bin:/bin"))
        .ifPresent(fault -> {
          throw new CommandException(fault.exitCode(), fault.message());
        });
  }

  /** The GPUs that the command will use. */
  static VisibleGpus visible(
      CommandSpec spec, RunOptions options, Map<String, String> environment) {
    try {
      return options.visible(environment);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
    }
  }

  /** How many of all arguments stand before the command's own. */
  static int wordsBefore(CommandSpec spec, List<String> command) {
    List<String> all = spec.root().commandLine().getParseResult().originalArgs();
    return all.size() - command.size();
  }

  /** The body of the registration, but for the GPUs. */
  private Map<String, Object> request(RunSupervisor supervisor) {
    if (deadline.isPresent() && !options.hasTotalSteps()) {
      throw usageError(
          "--deadline needs --total-steps: Chase plans with the steps that the command reports");
    }
    if ((deferrable || idleWatts.isPresent()) && deadline.isEmpty()) {
      throw usageError((deferrable ? "--deferrable" : "--idle-watts") + " needs --deadline");
    }
    Map<String, Object> body = options.request(supervisor, command);
    deadline.ifPresent(text -> body.put("deadline", instant(text).toString()));
    if (deferrable || idleWatts.isPresent()) {
      body.put("deferrable", true);
      idleWatts.ifPresentOrElse(
          watts -> body.put("idle_watts", watts), () -> body.put("releases_gpu", true));
    }
    return body;
  }

  private Instant instant(String text) {
    try {
      Clock clock = ChaseCommand.terminal(spec).clock();
      return Deadline.parse(text, clock.instant(), clock.getZone());
    } catch (IllegalArgumentException e) {
      throw usageError("--deadline: " + e.getMessage());
    }
  }

  private ParameterException usageError(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
