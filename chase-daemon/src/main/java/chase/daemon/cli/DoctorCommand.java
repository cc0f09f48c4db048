package chase.daemon.cli;

import chase.daemon.api.ApiJson;
import chase.daemon.api.StatusBody;
import chase.daemon.cli.LocalActions.Finding;
import chase.daemon.cli.LocalActions.Finding.Grade;
import chase.daemon.cli.view.ColumnChoice;
import chase.daemon.cli.view.TextLayout;
import chase.daemon.cli.view.Tone;
import chase.daemon.host.DefaultPaths;
import chase.daemon.host.PathState;
import java.io.PrintWriter;
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
    description =
        "Check the configuration, the driver, the rights, the directories, the daemon, and what the"
            + " providers of the signal allow. Changes nothing; polls each provider once or twice.")
final class DoctorCommand implements Callable<Integer> {
  private static final String DAEMON = "daemon";

  private final LocalActions actions;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration; " + DefaultPaths.CONFIG + " by default.")
  private Optional<Path> config = Optional.empty();

  @Option(names = "--json", description = "Print the findings as JSON.")
  private boolean json;

  DoctorCommand(LocalActions actions) {
    this.actions = actions;
  }

  @Override
  public Integer call() {
    List<Finding> findings = new ArrayList<>(actions.diagnose(config));
    findings.add(daemon(ChaseCommand.socket(spec)));
    print(findings, spec.commandLine().getOut());
    boolean well = findings.stream().noneMatch(finding -> finding.grade() == Grade.WRONG);
    return well ? ChaseCommand.ExitCode.DONE : ChaseCommand.ExitCode.FAILED;
  }

  private static Finding daemon(Path socket) {
    if (PathState.of(socket) == PathState.MISSING) {
      return Finding.note(DAEMON, "none runs on " + socket);
    }
    try (DaemonClient client = new DaemonClient(socket)) {
      StatusBody status = client.body(client.get("/status"), StatusBody.class);
      return Finding.ok(
          DAEMON,
          String.format(
              Locale.ROOT,
              "chase %s answers on %s, mode %s, signal at level %d, %s",
              status.version(),
              socket,
              status.mode(),
              status.signal().level().number(),
              status.signal().level().name()));
    } catch (ChaseCommand.CommandException failure) {
      return Finding.wrong(DAEMON, String.valueOf(failure.getMessage()));
    }
  }

  private void print(List<Finding> findings, PrintWriter out) {
    if (json) {
      out.println(text(findings));
      return;
    }
    TextLayout layout = TextLayout.of(ChaseCommand.terminal(spec), ColumnChoice.usual(), true);
    for (Finding finding : findings) {
      String grade = String.format(Locale.ROOT, "%-5s", finding.grade().word());
      String head = String.format(Locale.ROOT, "%s  %-13s  ", grade, finding.what());
      String line = layout.fact(head, finding.line(), head.length());
      out.println(layout.paint(tone(finding.grade()), grade) + line.substring(grade.length()));
    }
  }

  private static Tone tone(Grade grade) {
    return switch (grade) {
      case OK -> Tone.GOOD;
      case NOTE -> Tone.NOTE;
      case WRONG -> Tone.BAD;
    };
  }

  private static String text(List<Finding> findings) {
    record FindingBody(String grade, String what, String line) {}
    List<FindingBody> bodies =
        findings.stream()
            .map(one -> new FindingBody(one.grade().word(), one.what(), one.line()))
            .toList();
    return ApiJson.pretty(bodies);
  }
}
