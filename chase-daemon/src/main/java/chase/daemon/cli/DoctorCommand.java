package chase.daemon.cli;

import chase.daemon.api.ApiJson;
import chase.daemon.api.CheckBody;
import chase.daemon.api.CheckBody.CheckResult;
import chase.daemon.api.DoctorBody;
import chase.daemon.cli.view.ColumnChoice;
import chase.daemon.cli.view.DoctorText;
import chase.daemon.cli.view.TextLayout;
import chase.daemon.host.DefaultPaths;
import chase.daemon.host.PathState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chase doctor}: checks everything that the daemon needs, and changes nothing. */
@Command(
    name = "doctor",
    description = {
      "Check configuration, driver, rights, directories, database, clock and rivals, and show what"
          + " the grid's providers allow and say now.",
      "A running daemon is asked how it is; without one it is looked from this user's side. Changes"
          + " nothing; polls each provider once or twice.",
      "Results are ok, note, warning and failed; the exit code is 1 where something failed."
    })
final class DoctorCommand implements Callable<Integer> {
  private static final String DAEMON = "daemon";

  private final LocalActions actions;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = {
        "The configuration, " + DefaultPaths.CONFIG + " by default; without --socket its daemon is",
        "asked."
      })
  private Optional<Path> config = Optional.empty();

  @Option(names = "--json", description = "Print the results as JSON.")
  private boolean json;

  DoctorCommand(LocalActions actions) {
    this.actions = actions;
  }

  /**
   * What is printed as JSON.
   *
   * @param side whose rights were looked with: {@code daemon} or {@code caller}
   * @param daemon the daemon that answered
   */
  record Examination(String side, Optional<DoctorBody.DaemonBody> daemon, List<CheckBody> checks) {}

  @Override
  public Integer call() {
    Examination found = examine(socket());
    spec.commandLine()
        .getOut()
        .println(
            json
                ? ApiJson.pretty(found)
                : DoctorText.of(
                    found.checks(),
                    TextLayout.of(ChaseCommand.terminal(spec), ColumnChoice.usual(), true)));
    boolean well = found.checks().stream().noneMatch(check -> check.result() == CheckResult.FAILED);
    return well ? ChaseCommand.ExitCode.DONE : ChaseCommand.ExitCode.FAILED;
  }

  /** What the command line names goes before the configuration. */
  private Path socket() {
    boolean named = spec.commandLine().getParseResult().hasMatchedOption("--socket");
    boolean namedBefore = spec.root().commandLine().getParseResult().hasMatchedOption("--socket");
    return named || namedBefore
        ? ChaseCommand.socket(spec)
        : config.flatMap(actions::socket).orElseGet(() -> ChaseCommand.socket(spec));
  }

  private Examination examine(Path socket) {
    if (PathState.of(socket) == PathState.MISSING) {
      return fromHere(
          CheckBody.note(
              DAEMON, "none runs on " + socket + ", so this is how " + user() + " sees it"));
    }
    try (DaemonClient client = new DaemonClient(socket, warning -> {})) {
      DoctorBody body = client.body(client.get("/doctor"), DoctorBody.class);
      List<CheckBody> checks = new ArrayList<>();
      checks.add(
          CheckBody.ok(
              DAEMON, "Chase %s answers on %s".formatted(body.daemon().version(), socket)));
      checks.add(identity(body.daemon()));
      otherConfiguration(body.daemon()).ifPresent(checks::add);
      checks.addAll(body.checks());
      checks.addAll(actions.checkHost(Optional.of(body.daemon().pid())));
      return new Examination(DAEMON, Optional.of(body.daemon()), checks);
    } catch (ChaseCommand.CommandException failure) {
      CheckBody daemon = CheckBody.failed(DAEMON, String.valueOf(failure.getMessage()));
      // Somebody who may not ask the daemon has other rights, and would see other faults.
      boolean refused = failure.error().equals(Optional.of("forbidden"));
      return PathState.mayUse(socket) && !refused ? fromHere(daemon) : onlyHost(daemon);
    }
  }

  private Examination onlyHost(CheckBody daemon) {
    List<CheckBody> checks = new ArrayList<>(List.of(daemon));
    checks.addAll(actions.checkHost(Optional.empty()));
    return new Examination("caller", Optional.empty(), checks);
  }

  private Examination fromHere(CheckBody daemon) {
    List<CheckBody> checks = new ArrayList<>();
    checks.add(daemon);
    checks.addAll(actions.checkConfiguration(config));
    checks.addAll(actions.checkHost(Optional.empty()));
    return new Examination("caller", Optional.empty(), checks);
  }

  private static CheckBody identity(DoctorBody.DaemonBody daemon) {
    return CheckBody.ok(
        DAEMON,
        String.format(
            Locale.ROOT,
            "it runs as user %s in mode %s, process %d",
            daemon.user(),
            daemon.mode(),
            daemon.pid()));
  }

  private Optional<CheckBody> otherConfiguration(DoctorBody.DaemonBody daemon) {
    Optional<String> asked = config.map(path -> path.toAbsolutePath().normalize().toString());
    return asked.isEmpty() || asked.equals(daemon.configuration())
        ? Optional.empty()
        : Optional.of(
            CheckBody.warning(
                DAEMON,
                "it runs with "
                    + daemon.configuration().orElse("a configuration of its own")
                    + ", not with "
                    + asked.get()));
  }

  private static String user() {
    return "the user " + System.getProperty("user.name");
  }
}
