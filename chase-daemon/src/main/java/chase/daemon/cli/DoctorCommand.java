package chase.daemon.cli;

import chase.daemon.api.ApiJson;
import chase.daemon.api.StatusBody;
import chase.daemon.cli.LocalActions.Finding.Grade;
import chase.daemon.host.PathState;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code chase doctor}: looks at everything that the daemon needs, and changes nothing. */
@Command(
    name = "doctor",
    description =
        "Check the configuration, the driver, the rights, the directories, the daemon, and what the"
            + " providers of the signal allow. Changes nothing; asks each provider once or twice.")
final class DoctorCommand implements Callable<Integer> {
  private static final String DAEMON = "daemon";

  private final LocalActions actions;
  private final Desk desk;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration; /etc/chase/chase.yaml by default.")
  private Optional<Path> config = Optional.empty();

  @Option(names = "--json", description = "Print the findings as JSON.")
  private boolean json;

  DoctorCommand(LocalActions actions, Desk desk) {
    this.actions = actions;
    this.desk = desk;
  }

  @Override
  public Integer call() {
    List<LocalActions.Finding> findings = new ArrayList<>(actions.diagnose(config));
    findings.add(daemon(desk.socket().get()));
    print(findings, desk.out());
    boolean well = findings.stream().noneMatch(finding -> finding.grade() == Grade.WRONG);
    return well ? ChaseCommand.ExitCode.DONE : ChaseCommand.ExitCode.FAILED;
  }

  private static LocalActions.Finding daemon(Path socket) {
    if (PathState.of(socket) == PathState.MISSING) {
      return LocalActions.Finding.note(DAEMON, "none runs on " + socket);
    }
    try (DaemonClient client = new DaemonClient(socket)) {
      StatusBody status = client.body(client.get("/status"), StatusBody.class);
      return LocalActions.Finding.ok(
          DAEMON,
          String.format(
              Locale.ROOT,
              "chase %s answers on %s, mode %s, signal at level %d, %s",
              status.version(),
              socket,
              status.mode(),
              status.signal().level().number(),
              status.signal().level().name()));
    } catch (CommandException failure) {
      return LocalActions.Finding.wrong(DAEMON, String.valueOf(failure.getMessage()));
    }
  }

  private void print(List<LocalActions.Finding> findings, PrintWriter out) {
    if (json) {
      out.println(text(findings));
      return;
    }
    for (LocalActions.Finding finding : findings) {
      out.println(
          String.format(
              Locale.ROOT,
              "%-5s  %-13s  %s",
              finding.grade().word(),
              finding.what(),
              finding.line()));
    }
  }

  private static String text(List<LocalActions.Finding> findings) {
    record Body(String grade, String what, String line) {}
    List<Body> bodies =
        findings.stream().map(one -> new Body(one.grade().word(), one.what(), one.line())).toList();
    return ApiJson.pretty(bodies);
  }
}
