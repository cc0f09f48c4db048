package chase.daemon.cli;

import chase.daemon.api.GpuBody;
import chase.daemon.api.PolicyBody;
import chase.daemon.api.SignalBody;
import chase.daemon.api.SignalBody.HistoryBody;
import chase.daemon.cli.ChaseCommand.CommandException;
import chase.daemon.cli.ChaseCommand.ExitCode;
import chase.daemon.cli.DaemonClient.ApiPath;
import chase.daemon.cli.run.Deadline;
import chase.daemon.cli.run.RunOptions;
import chase.daemon.cli.run.RunSupervisor;
import chase.daemon.cli.run.RunSupervisor.RunKey;
import chase.daemon.cli.run.VisibleGpus;
import chase.daemon.cli.signal.GridWait;
import chase.daemon.cli.signal.GridWait.GridAnswer;
import chase.daemon.cli.signal.WaitGoal;
import chase.daemon.cli.signal.WaitLines;
import chase.daemon.cli.signal.WaitPlan;
import chase.daemon.cli.signal.WaitPlan.GridReading;
import chase.daemon.cli.signal.WaitPlan.WaitState;
import chase.daemon.cli.signal.WaitRecord;
import chase.daemon.cli.view.LocalTimes;
import chase.daemon.cli.view.Terminal;
import chase.daemon.text.Durations;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code chase wait}: waits for a clean grid, and then is {@code chase run}. The shell script that
 * waits for the command calls it for each step.
 */
@Command(
    name = "wait",
    customSynopsis = "chase wait --until=GOAL [OPTIONS] [--] [COMMAND [ARGUMENT...]]",
    description = {
      "Wait until the grid is clean by the outlook, then run a command as chase run does.",
      "At the deadline it runs whatever the grid is like. The exit code is the command's;"
          + " without COMMAND it is 0 when the grid is clean, 1 when the deadline came before.",
      "",
    },
    footer = {
      "",
      "GOAL is one of",
      "  below:GRAMS    the grid emits less than GRAMS gCO2/kWh",
      "  cleanest:TIME  the start of the cleanest TIME, such as cleanest:2h, that fits",
      "                 before the deadline",
      "  policy         a joule weighs no more than on average until the deadline, carbon",
      "                 and price as the daemon weighs them; at once under a policy that",
      "                 ignores the grid: that of the GPUs in --gpus, else the host's",
      "",
      "Ctrl-C while it waits: 130, and nothing was started.",
    })
final class WaitCommand implements Callable<Integer> {
  private final Map<String, String> environment;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RunOptions options = new RunOptions();

  @Option(
      names = "--until",
      required = true,
      paramLabel = "GOAL",
      description = "What to wait for: below:GRAMS, cleanest:TIME or policy.")
  private String until = "";

  @Option(
      names = "--deadline",
      defaultValue = "24h",
      paramLabel = "TIME",
      description = "When it starts at the latest: 6h, 18:00; ${DEFAULT-VALUE} by default.")
  private String deadline = "24h";

  @Option(
      names = "--if-unknown",
      defaultValue = "wait",
      paramLabel = "WHAT",
      description = "While the grid is not known: wait (the default), or run at once.")
  private String ifUnknown = "wait";

  @Parameters(
      paramLabel = "COMMAND",
      arity = "0..*",
      description = "The command and its arguments.")
  private List<String> command = List.of();

  /** When it was called. */
  private Instant asked = Instant.EPOCH;

  private WaitCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  /** The command; its own options end where {@code COMMAND} begins. */
  static CommandLine commandLine(Map<String, String> environment) {
    return new CommandLine(new WaitCommand(environment)).setStopAtPositional(true);
  }

  @Override
  public Integer call() {
    try (DaemonClient client = DaemonClient.of(spec)) {
      VisibleGpus visible = RunCommand.visible(spec, options, environment);
      if (command.isEmpty()) {
        return await(client, visible, RunSupervisor.of(environment))
                .filter(end -> end.decision().state() == WaitState.MET)
                .isPresent()
            ? ExitCode.DONE
            : ExitCode.FAILED;
      }
      RunSupervisor supervisor = RunCommand.supervisor(environment, "chase wait with a command");
      RunningJob job = RunningJob.of(spec, client, supervisor, options);
      return switch (supervisor.step()) {
        case WAIT -> waitFirst(client, supervisor, visible);
        case START ->
            job.start(
                options.request(supervisor, command),
                visible,
                options.required(),
                ChaseCommand.socket(spec),
                RunCommand.wordsBefore(spec, command));
        case AGAIN -> job.again(options.request(supervisor, command), visible);
        case END -> job.end(options.receipt(), Optional.of(record -> history(client, record)));
      };
    } catch (IOException e) {
      throw new CommandException(ExitCode.FAILED, "the record of this run: " + e.getMessage());
    }
  }

  /** What would keep the command from running is found before anything is waited for. */
  private int waitFirst(DaemonClient client, RunSupervisor supervisor, VisibleGpus visible)
      throws IOException {
    RunCommand.requireProgram(command, environment);
    if (visible instanceof VisibleGpus.NamedGpus named && named.chosen()) {
      requireGpus(client, named.names());
    }
    Optional<GridWait.WaitEnd> end = await(client, visible, Optional.of(supervisor));
    if (end.isEmpty()) {
      return ExitCode.FAILED;
    }
    Map<RunKey, String> known = supervisor.read();
    known.put(RunKey.WAITED, record(end.get()).line());
    supervisor.write(known);
    return ExitCode.DONE;
  }

  /** A daemon that does not answer now may come. */
  private static void requireGpus(DaemonClient client, List<String> names) {
    for (String name : names) {
      try {
        client.get(ApiPath.gpu(name));
      } catch (CommandException refused) {
        if (refused.error().isPresent()) {
          throw refused;
        }
      }
    }
  }

  private WaitRecord record(GridWait.WaitEnd end) {
    Optional<SignalBody> signal = end.last().map(GridReading::signal);
    return new WaitRecord(
        goal().text(),
        asked,
        clock().instant(),
        end.decision().state().word(),
        signal.map(SignalBody::provider).filter(name -> !name.equals(SignalBody.NO_PROVIDER)),
        signal.map(SignalBody::region),
        WaitRecord.gramsIn(end.first()),
        WaitRecord.gramsIn(end.last()));
  }

  private Optional<GridWait.WaitEnd> await(
      DaemonClient client, VisibleGpus visible, Optional<RunSupervisor> supervisor) {
    asked = clock().instant();
    WaitPlan plan = plan();
    return new GridWait(
            plan,
            () -> read(client, visible),
            clock(),
            time -> pause(time) && supervisor.map(WaitCommand::isThere).orElse(true),
            new WaitLines(
                plan,
                asked,
                !command.isEmpty(),
                Terminal.isErrorTerminal(),
                this::say,
                this::warn,
                clock()))
        .run();
  }

  private Clock clock() {
    return ChaseCommand.terminal(spec).clock();
  }

  private WaitGoal goal() {
    try {
      return WaitGoal.parse(until);
    } catch (IllegalArgumentException e) {
      throw usageError("--until: " + e.getMessage());
    }
  }

  private WaitPlan plan() {
    WaitGoal goal = goal();
    Instant end;
    try {
      end = Deadline.parse(deadline, asked, clock().getZone());
    } catch (IllegalArgumentException e) {
      throw usageError("--deadline: " + e.getMessage());
    }
    if (!end.isAfter(asked)) {
      throw usageError("--deadline: '" + deadline + "' is over");
    }
    Instant latest = end.minus(goal.length());
    if (latest.isBefore(asked)) {
      throw usageError(
          "--until: %s does not fit before the deadline in %s"
              .formatted(until, Durations.format(Duration.between(asked, end))));
    }
    return switch (ifUnknown) {
      case "wait" -> new WaitPlan(goal, latest, false);
      case "run" -> new WaitPlan(goal, latest, true);
      default -> throw usageError("--if-unknown: '" + ifUnknown + "' is not one of wait, run");
    };
  }

  private GridAnswer read(DaemonClient client, VisibleGpus visible) {
    try {
      SignalBody signal = client.body(client.get("/signal"), SignalBody.class);
      PolicyBody policies = client.body(client.get("/policy"), PolicyBody.class);
      return new GridAnswer.Read(
          GridReading.of(signal, policies(client, policies, visible), clock().instant()));
    } catch (CommandException failure) {
      return new GridAnswer.Unread(String.valueOf(failure.getMessage()));
    }
  }

  /** Those of the GPUs that the command names; else the host's. */
  private static List<String> policies(
      DaemonClient client, PolicyBody policies, VisibleGpus visible) {
    Map<String, String> own = policies.gpus().orElse(Map.of());
    if (own.isEmpty() || !(visible instanceof VisibleGpus.NamedGpus named)) {
      return List.of(policies.policy());
    }
    return named.names().stream()
        .map(name -> own.getOrDefault(uuid(client, name).orElse(name), policies.policy()))
        .toList();
  }

  private static Optional<String> uuid(DaemonClient client, String name) {
    try {
      return Optional.of(client.body(client.get(ApiPath.gpu(name)), GpuBody.class).device().uuid());
    } catch (CommandException refused) {
      // The environment may name what Chase does not know.
      if (refused.error().isPresent()) {
        return Optional.empty();
      }
      throw refused;
    }
  }

  private static boolean isThere(RunSupervisor supervisor) {
    return ProcessHandle.of(supervisor.process()).filter(ProcessHandle::isAlive).isPresent();
  }

  private static boolean pause(Duration time) {
    try {
      return !new CountDownLatch(1).await(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** The signal while the command waited and ran; nothing where there is none. */
  private static List<HistoryBody.ValueBody> history(DaemonClient client, WaitRecord record) {
    if (record.provider().isEmpty() || record.region().isEmpty()) {
      return List.of();
    }
    // A period that had begun when the wait began counts too.
    String query =
        "/signal/history?provider=%s&region=%s&from=%s"
            .formatted(
                ApiPath.encoded(record.provider().get()),
                ApiPath.encoded(record.region().get()),
                record.asked().minus(Duration.ofHours(2)));
    return client.body(client.get(query), HistoryBody.class).values();
  }

  private ParameterException usageError(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private void say(String line) {
    if (!options.quiet() && !options.json()) {
      warn(line);
    }
  }

  private void warn(String line) {
    Clock clock = clock();
    LocalTimes times = new LocalTimes(clock.getZone(), clock.instant());
    spec.commandLine().getErr().println("chase: " + times.localized(line));
    spec.commandLine().getErr().flush();
  }
}
