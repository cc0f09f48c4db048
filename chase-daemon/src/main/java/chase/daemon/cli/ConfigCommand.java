package chase.daemon.cli;

import chase.daemon.api.ApiJson;
import chase.daemon.api.CheckBody;
import chase.daemon.api.CheckBody.CheckResult;
import chase.daemon.api.StatusBody.SettingsBody;
import chase.daemon.cli.ChaseCommand.ExitCode;
import chase.daemon.cli.LocalActions.Setting;
import chase.daemon.cli.manual.SettingsText;
import chase.daemon.host.DefaultPaths;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chase config}: checks or shows a configuration; no daemon need run. */
@Command(name = "config", description = "Check or show a configuration. Needs no daemon.")
final class ConfigCommand implements Callable<Integer> {
  private static final String FILE = "The configuration; " + DefaultPaths.CONFIG + " by default.";

  @Spec private CommandSpec spec = CommandSpec.create();

  private ConfigCommand() {}

  static CommandLine commandLine(LocalActions actions) {
    return new CommandLine(new ConfigCommand())
        .addSubcommand(new CheckConfig(actions))
        .addSubcommand(new ShowConfig(actions));
  }

  /** Without a subcommand there is nothing to do. */
  @Override
  public Integer call() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "config needs a command: check or show");
  }

  @Command(
      name = "check",
      description = {
        "Find everything that is wrong in a configuration, without a daemon, GPU or network.",
        "Exit code 0 where nothing is, 2 otherwise.",
      })
  private static final class CheckConfig implements Callable<Integer> {
    private final LocalActions actions;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "FILE", arity = "0..1", description = FILE)
    private Optional<Path> file = Optional.empty();

    @Option(names = "--json", description = "Print the findings as JSON.")
    private boolean json;

    CheckConfig(LocalActions actions) {
      this.actions = actions;
    }

    @Override
    public Integer call() {
      List<CheckBody> findings = actions.validate(file);
      boolean wrong = findings.stream().anyMatch(one -> one.result() == CheckResult.FAILED);
      PrintWriter out = spec.commandLine().getOut();
      if (json) {
        out.println(ApiJson.pretty(findings));
      } else {
        PrintWriter to = wrong ? spec.commandLine().getErr() : out;
        findings.forEach(one ->
            to.println(
                (one.result() == CheckResult.NOTE ? "not checked: " : wrong ? "chase: " : "")
                    + one.text()));
      }
      return wrong ? ExitCode.WRONG_USAGE : ExitCode.DONE;
    }
  }

  @Command(
      name = "show",
      description = {
        "Show every setting in force, defaults included, and where it comes from.",
        "Of secrets only the place is shown. The output is a configuration itself.",
      })
  private static final class ShowConfig implements Callable<Integer> {
    private final LocalActions actions;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "FILE", arity = "0..1", description = FILE)
    private Optional<Path> file = Optional.empty();

    @Option(
        names = "--running",
        description = "Show what the running daemon has in force, instead of a file.")
    private boolean running;

    @Option(names = "--json", description = "Print them as JSON.")
    private boolean json;

    ShowConfig(LocalActions actions) {
      this.actions = actions;
    }

    @Override
    public Integer call() {
      if (running && file.isPresent()) {
        throw new CommandLine.ParameterException(
            spec.commandLine(), "--running shows the daemon's own configuration: leave FILE out");
      }
      List<Setting> settings = running ? inForce() : actions.showConfig(file);
      spec.commandLine()
          .getOut()
          .println(
              json
                  ? ApiJson.pretty(settings)
                  : SettingsText.yaml(
                      settings.stream()
                          .map(one ->
                              new SettingsText.SettingLine(one.key(), one.value(), one.source()))
                          .toList()));
      return ExitCode.DONE;
    }

    private List<Setting> inForce() {
      try (DaemonClient client = DaemonClient.of(spec)) {
        return client.body(client.get("/config"), SettingsBody.class).settings().stream()
            .map(one -> new Setting(one.key(), one.value(), one.source()))
            .toList();
      }
    }
  }
}
