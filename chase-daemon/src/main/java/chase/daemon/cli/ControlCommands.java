package chase.daemon.cli;

import static chase.daemon.cli.view.Table.cell;

import chase.daemon.api.GpuBody;
import chase.daemon.api.GpuBody.OverrideRequest;
import chase.daemon.cli.DaemonClient.ApiPath;
import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.http.HttpMethod;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that change what the daemon does. Each returns once that is done. */
final class ControlCommands {
  private ControlCommands() {}

  static void addTo(CommandLine chase) {
    chase.addSubcommand(new PolicyCommand());
    chase.addSubcommand(new SetOverride());
    chase.addSubcommand(new ReleaseOverride());
    chase.addSubcommand(new PauseChase());
    chase.addSubcommand(new Resume());
  }

  @Command(name = "override", description = "Hold a GPU at a limit for a while.")
  private static final class SetOverride extends DaemonCommand {
    @Parameters(index = "0", paramLabel = "GPU", description = ApiPath.DESCRIPTION)
    private String gpu = "";

    @Parameters(index = "1", paramLabel = "WATTS", description = "The limit in watts.")
    private double watts;

    @Option(
        names = "--for",
        paramLabel = "TIME",
        required = true,
        description = "How long, such as 90s, 30m, 1h30m or 2d; at most 30d.")
    private String lasting = "";

    @Override
    public Integer call() {
      return print(
          client ->
              client.send(
                  HttpMethod.PUT,
                  ApiPath.gpu(gpu) + "/override",
                  new OverrideRequest(watts, lasting)),
          GpuBody.class,
          (body, layout) ->
              String.format(
                  Locale.ROOT,
                  "GPU %d is held at %s W%s",
                  body.device().index(),
                  cell(body.powerLimit().targetWatts()),
                  body.decision()
                      .until()
                      .map(until -> " " + layout.times().until(until))
                      .orElse("")));
    }
  }

  @Command(name = "release", description = "End an override: the policy decides again.")
  private static final class ReleaseOverride extends DaemonCommand {
    @Parameters(paramLabel = "GPU", description = ApiPath.DESCRIPTION)
    private String gpu = "";

    @Override
    public Integer call() {
      return print(
          client -> client.send(HttpMethod.DELETE, ApiPath.gpu(gpu) + "/override"),
          GpuBody.class,
          body ->
              String.format(
                  Locale.ROOT,
                  "GPU %d is released; its limit is %s W",
                  body.device().index(),
                  cell(body.powerLimit().requestedWatts())));
    }
  }

  @Command(
      name = "pause",
      description = "Restore the original limits and leave all GPUs at them until 'chase resume'.")
  private static final class PauseChase extends DaemonCommand {
    @Override
    public Integer call() {
      return print(
          client -> client.send(HttpMethod.POST, "/pause"), JsonNode.class, answer -> "paused");
    }
  }

  @Command(
      name = "resume",
      description =
          "Control all GPUs again, also those left alone after a refusal or an external write.")
  private static final class Resume extends DaemonCommand {
    @Override
    public Integer call() {
      return print(
          client -> client.send(HttpMethod.POST, "/resume"), JsonNode.class, answer -> "resumed");
    }
  }
}
