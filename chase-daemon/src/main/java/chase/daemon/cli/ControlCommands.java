package chase.daemon.cli;

import chase.daemon.api.GpuBody;
import chase.daemon.text.Table;
import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.http.HttpMethod;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that change what the daemon does. Each returns once that is done. */
final class ControlCommands {
  private ControlCommands() {}

  static void addTo(CommandLine chase, Desk desk) {
    chase.addSubcommand(new PolicyCommand(desk));
    chase.addSubcommand(new SetOverride(desk));
    chase.addSubcommand(new ReleaseOverride(desk));
    chase.addSubcommand(new Pause(desk));
    chase.addSubcommand(new Resume(desk));
  }

  @Command(name = "override", description = "Hold a GPU at a limit for a while.")
  static final class SetOverride implements Callable<Integer> {
    private final Desk desk;

    @Parameters(index = "0", paramLabel = "GPU", description = DaemonClient.ApiPath.DESCRIPTION)
    private String gpu = "";

    @Parameters(index = "1", paramLabel = "WATTS", description = "The limit in watts.")
    private double watts;

    @Option(
        names = "--for",
        paramLabel = "TIME",
        required = true,
        description = "How long, such as 90s, 30m, 1h30m or 2d; at most 30d.")
    private String lasting = "";

    @Option(names = "--json", description = "Print the daemon's answer as JSON.")
    private boolean json;

    SetOverride(Desk desk) {
      this.desk = desk;
    }

    @Override
    public Integer call() {
      return desk.print(json, this::request, ControlCommands::held);
    }

    private JsonNode request(DaemonClient client) {
      return client.send(
          HttpMethod.PUT,
          DaemonClient.ApiPath.gpu(gpu) + "/override",
          new GpuBody.OverrideRequest(watts, lasting));
    }
  }

  @Command(name = "release", description = "End an override: the policy decides again.")
  static final class ReleaseOverride implements Callable<Integer> {
    private final Desk desk;

    @Parameters(paramLabel = "GPU", description = DaemonClient.ApiPath.DESCRIPTION)
    private String gpu = "";

    @Option(names = "--json", description = "Print the daemon's answer as JSON.")
    private boolean json;

    ReleaseOverride(Desk desk) {
      this.desk = desk;
    }

    @Override
    public Integer call() {
      return desk.print(
          json,
          client -> client.send(HttpMethod.DELETE, DaemonClient.ApiPath.gpu(gpu) + "/override"),
          ControlCommands::released);
    }
  }

  @Command(
      name = "pause",
      description = "Put back the limits found and leave all GPUs there until 'chase resume'.")
  static final class Pause implements Callable<Integer> {
    private final Desk desk;

    @Option(names = "--json", description = "Print the daemon's answer as JSON.")
    private boolean json;

    Pause(Desk desk) {
      this.desk = desk;
    }

    @Override
    public Integer call() {
      return desk.print(
          json, client -> client.send(HttpMethod.POST, "/pause"), (client, tree) -> "paused");
    }
  }

  @Command(
      name = "resume",
      description = "Decide again, also about GPUs left alone after a refusal or foreign write.")
  static final class Resume implements Callable<Integer> {
    private final Desk desk;

    @Option(names = "--json", description = "Print the daemon's answer as JSON.")
    private boolean json;

    Resume(Desk desk) {
      this.desk = desk;
    }

    @Override
    public Integer call() {
      return desk.print(
          json, client -> client.send(HttpMethod.POST, "/resume"), (client, tree) -> "resumed");
    }
  }

  private static String held(DaemonClient client, JsonNode tree) {
    GpuBody gpu = client.body(tree, GpuBody.class);
    return String.format(
        Locale.ROOT,
        "GPU %d is held at %s W%s",
        gpu.index(),
        Table.cell(gpu.powerLimit().targetWatts()),
        gpu.until().map(until -> " until " + StatusText.time(until)).orElse(""));
  }

  private static String released(DaemonClient client, JsonNode tree) {
    GpuBody gpu = client.body(tree, GpuBody.class);
    return String.format(
        Locale.ROOT,
        "GPU %d is released; its limit is %s W",
        gpu.index(),
        Table.cell(gpu.powerLimit().requestedWatts()));
  }
}
