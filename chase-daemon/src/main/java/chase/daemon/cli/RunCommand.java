package chase.daemon.cli;

import chase.daemon.cli.ChaseCommand.CommandException;
import chase.daemon.cli.ChaseCommand.ExitCode;
import chase.daemon.cli.run.BoundConverter;
import chase.daemon.cli.run.Deadline;
import chase.daemon.cli.run.ProgramFault;
import chase.daemon.cli.run.RunSupervisor;
import chase.daemon.cli.run.RunSupervisor.RunKey;
import chase.daemon.cli.run.VisibleGpus;
import chase.daemon.host.CommandName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
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

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "What the job is called; the program by default. Give recurring runs the same.")
  private Optional<String> name = Optional.empty();

  @Option(
      names = "--gpus",
      paramLabel = "GPU,...",
      description =
          "Its GPUs; $CUDA_VISIBLE_DEVICES by default, else those on which it is seen to compute.")
  private Optional<String> gpus = Optional.empty();

  @Option(
      names = "--bound",
      paramLabel = "BOUND",
      converter = BoundConverter.class,
      description = "At most this much slower than at full power, such as 3%%.")
  private Optional<Double> bound = Optional.empty();

  @Option(
      names = "--total-steps",
      paramLabel = "STEPS",
      description = "The count at which it is done, for a command that reports its steps.")
  private Optional<Long> totalSteps = Optional.empty();

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

  @Option(names = "--batch-size", paramLabel = "SIZE", description = "Samples a step.")
  private Optional<Integer> batchSize = Optional.empty();

  @Option(
      names = "--label",
      paramLabel = "KEY=TEXT",
      description = "A text by which receipts can be grouped; may be repeated.")
  private Map<String, String> labels = new LinkedHashMap<>();

  @Option(names = "--require", description = "Do not run the command unless it is registered.")
  private boolean required;

  @Option(
      names = {"-q", "--quiet"},
      description = "Print only what is wrong.")
  private boolean quiet;

  @Option(names = "--json", description = "Print the receipt as JSON.")
  private boolean json;

  @Option(
      names = "--receipt",
      paramLabel = "FILE",
      description = "Write the receipt as JSON to this file as well.")
  private Optional<Path> receipt = Optional.empty();

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
    RunSupervisor supervisor =
        RunSupervisor.of(environment)
            .orElseThrow(() ->
                new CommandException(
                    ExitCode.FAILED, "chase run needs the launcher 'chase', which waits for it"));
    try (DaemonClient client = DaemonClient.of(spec)) {
      RunningJob job =
          new RunningJob(
              client,
              supervisor,
              ChaseCommand.terminal(spec),
              spec.commandLine().getErr(),
              quiet,
              json);
      return switch (supervisor.step()) {
        case START -> start(supervisor, job);
        case AGAIN -> again(job);
        case END -> job.end(receipt);
      };
    } catch (IOException e) {
      throw new CommandException(ExitCode.FAILED, "the record of this run: " + e.getMessage());
    }
  }

  /** Says where the command begins, unless it must not run; then registers it. */
  private int start(RunSupervisor supervisor, RunningJob job) throws IOException {
    ProgramFault.of(command.getFirst(), environment.getOrDefault("PATH", "/usr/bin:/bin"))
        .ifPresent(fault -> {
          throw new CommandException(fault.exitCode(), fault.message());
        });
    Map<String, Object> request = request(supervisor);
    Map<RunKey, String> known = new LinkedHashMap<>();
    known.put(RunKey.SOCKET, ChaseCommand.socket(spec).toAbsolutePath().normalize().toString());
    RunningJob.RunRegistration done = job.register(request, visible(), false);
    if (done.exitCode() != ExitCode.DONE && (required || done.exitCode() == ExitCode.WRONG_USAGE)) {
      known.put(RunKey.REFUSED, "yes");
      supervisor.write(known);
      throw new CommandException(done.exitCode(), done.message());
    }
    known.put(RunKey.WORDS, Integer.toString(wordsBefore()));
    done.job().ifPresent(id -> known.put(RunKey.JOB, id));
    if (done.later()) {
      known.put(RunKey.LATER, "yes");
    }
    supervisor.write(known);
    job.report(done);
    return ExitCode.DONE;
  }

  private int again(RunningJob job) throws IOException {
    RunSupervisor supervisor = job.supervisor();
    Map<RunKey, String> known = supervisor.read();
    RunningJob.RunRegistration done = job.register(request(supervisor), visible(), true);
    known.remove(RunKey.LATER);
    if (done.later()) {
      known.put(RunKey.LATER, "yes");
    }
    boolean isNew = done.job().filter(id -> !id.equals(known.get(RunKey.JOB))).isPresent();
    done.job().ifPresent(id -> known.put(RunKey.JOB, id));
    supervisor.write(known);
    if (isNew) {
      job.report(done);
    }
    return ExitCode.DONE;
  }

  private VisibleGpus visible() {
    try {
      return VisibleGpus.of(gpus, Optional.ofNullable(environment.get("CUDA_VISIBLE_DEVICES")));
    } catch (IllegalArgumentException e) {
      throw usageError(String.valueOf(e.getMessage()));
    }
  }

  /** The body of the registration, but for the GPUs. */
  private Map<String, Object> request(RunSupervisor supervisor) {
    if (deadline.isPresent() && totalSteps.isEmpty()) {
      throw usageError(
          "--deadline needs --total-steps: Chase plans with the steps that the command reports");
    }
    if ((deferrable || idleWatts.isPresent()) && deadline.isEmpty()) {
      throw usageError((deferrable ? "--deferrable" : "--idle-watts") + " needs --deadline");
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("name", name.orElseGet(() -> CommandName.of(command).orElse("command")));
    body.put("pid", supervisor.process());
    body.put("key", supervisor.key());
    bound.ifPresent(share -> body.put("slowdown_bound", share));
    totalSteps.ifPresent(steps -> body.put("total_steps", steps));
    deadline.ifPresent(text -> body.put("deadline", instant(text).toString()));
    batchSize.ifPresent(size -> body.put("batch_size", size));
    if (deferrable || idleWatts.isPresent()) {
      body.put("deferrable", true);
      idleWatts.ifPresentOrElse(
          watts -> body.put("idle_watts", watts), () -> body.put("releases_gpu", true));
    }
    if (!labels.isEmpty()) {
      body.put("labels", labels);
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

  /** How many of all arguments stand before the command's own. */
  private int wordsBefore() {
    List<String> all = spec.root().commandLine().getParseResult().originalArgs();
    return all.size() - command.size();
  }

  private ParameterException usageError(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
