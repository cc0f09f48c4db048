package chase.daemon.cli;

import chase.daemon.api.ExplainBody;
import chase.daemon.api.GpuBody;
import chase.daemon.api.NotificationBody;
import chase.daemon.api.SignalBody;
import chase.daemon.api.StatusBody;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that only look. */
final class StatusCommands {
  private StatusCommands() {}

  static void addTo(CommandLine chase, Desk desk) {
    chase.addSubcommand(new ShowStatus(desk));
    chase.addSubcommand(new ShowGpus(desk));
    CommandLine signal = new CommandLine(new ShowSignal(desk));
    signal.addSubcommand(new SignalCommand(desk));
    chase.addSubcommand(signal);
    chase.addSubcommand(new JobsCommand(desk));
    chase.addSubcommand(BatchSizeCommand.with(desk));
    chase.addSubcommand(new ReportCommand(desk, InstantSource.system()));
    chase.addSubcommand(new ExplainGpu(desk));
    chase.addSubcommand(new FollowEvents(desk));
  }

  @Command(
      name = "status",
      description = "Show the mode, the policy, the grid's signal and every GPU's limit and power.")
  static final class ShowStatus implements Callable<Integer> {
    private final Desk desk;

    @Option(names = "--json", description = "Print the daemon's answer as JSON.")
    private boolean json;

    ShowStatus(Desk desk) {
      this.desk = desk;
    }

    @Override
    public Integer call() {
      return desk.print(
          json,
          client -> client.get("/status"),
          (client, tree) -> StatusText.status(client.body(tree, StatusBody.class)));
    }
  }

  @Command(
      name = "gpus",
      description = "Show every GPU's UUID, allowed limits, energy and counts of writes.")
  static final class ShowGpus implements Callable<Integer> {
    private final Desk desk;

    @Option(names = "--json", description = "Print the daemon's answer as JSON.")
    private boolean json;

    ShowGpus(Desk desk) {
      this.desk = desk;
    }

    @Override
    public Integer call() {
      return desk.print(
          json,
          client -> client.get("/gpus"),
          (client, tree) -> StatusText.gpus(List.of(client.body(tree, GpuBody[].class))));
    }
  }

  @Command(
      name = "signal",
      description =
          "Show the grid's carbon intensity and price, where they come from, how old they are and"
              + " what is foreseen.")
  static final class ShowSignal implements Callable<Integer> {
    private final Desk desk;

    @Option(names = "--json", description = "Print the daemon's answer as JSON.")
    private boolean json;

    ShowSignal(Desk desk) {
      this.desk = desk;
    }

    @Override
    public Integer call() {
      return desk.print(
          json,
          client -> client.get("/signal"),
          (client, tree) -> SignalText.of(client.body(tree, SignalBody.class)));
    }
  }

  @Command(name = "explain", description = "Say why a GPU is at its limit.")
  static final class ExplainGpu implements Callable<Integer> {
    private final Desk desk;

    @Parameters(paramLabel = "GPU", description = DaemonClient.ApiPath.DESCRIPTION)
    private String gpu = "";

    @Option(names = "--json", description = "Print the daemon's answer as JSON.")
    private boolean json;

    ExplainGpu(Desk desk) {
      this.desk = desk;
    }

    @Override
    public Integer call() {
      return desk.print(
          json,
          client -> client.get(DaemonClient.ApiPath.gpu(gpu) + "/explain"),
          (client, tree) -> client.body(tree, ExplainBody.class).text());
    }
  }

  @Command(name = "events", description = "Print a line for everything that happens, until Ctrl-C.")
  static final class FollowEvents implements Callable<Integer> {
    private final Desk desk;

    @Option(names = "--json", description = "Print each as a line of JSON.")
    private boolean json;

    FollowEvents(Desk desk) {
      this.desk = desk;
    }

    @Override
    public Integer call() {
      return new EventPrinter(desk, json).follow();
    }
  }

  /** Prints the daemon's server-sent events, one line each. */
  static final class EventPrinter {
    private static final String EVENT = "event: ";
    private static final String PAYLOAD = "data: ";

    private final Desk desk;
    private final boolean json;
    private String event = "";
    private String endReason = "the daemon closed the stream";

    EventPrinter(Desk desk, boolean json) {
      this.desk = desk;
      this.json = json;
    }

    /**
     * Prints until nobody reads any more, which is done, or the daemon ends it, which is failed.
     */
    int follow() {
      try (DaemonClient client = new DaemonClient(desk.socket().get())) {
        client.follow("/events", line -> onLine(client, line));
      }
      if (desk.out().checkError()) {
        return ChaseCommand.ExitCode.DONE;
      }
      throw new CommandException(ChaseCommand.ExitCode.FAILED, endReason);
    }

    /** Whether to go on. */
    private boolean onLine(DaemonClient client, String line) {
      if (line.startsWith(EVENT)) {
        event = line.substring(EVENT.length());
      } else if (line.startsWith(PAYLOAD)) {
        print(client, line.substring(PAYLOAD.length()));
      }
      return !desk.out().checkError();
    }

    private void print(DaemonClient client, String payload) {
      switch (event) {
        case "hello" -> {}
        case "end" -> endReason = client.json(payload).path("reason").asText();
        default -> desk.out().println(json ? payload : text(client, client.json(payload)));
      }
    }

    private static String text(DaemonClient client, JsonNode tree) {
      NotificationBody notice = client.body(tree, NotificationBody.class);
      return String.format(
          Locale.ROOT, "%s  %-7s  %s", StatusText.time(notice.at()), notice.kind(), notice.text());
    }
  }
}
