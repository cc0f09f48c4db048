package chase.daemon.cli;

import chase.daemon.api.ExplainBody;
import chase.daemon.api.JobBody;
import chase.daemon.api.NotificationBody;
import chase.daemon.api.ReportBody.EndedJobBody;
import chase.daemon.api.StatusBody;
import chase.daemon.cli.ChaseCommand.ExitCode;
import chase.daemon.cli.DaemonClient.ApiPath;
import chase.daemon.cli.view.ColumnChoice;
import chase.daemon.cli.view.GpuText;
import chase.daemon.cli.view.JobText;
import chase.daemon.cli.view.StatusText;
import chase.daemon.cli.view.TextLayout;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The commands that show something and change nothing. */
final class StatusCommands {
  private StatusCommands() {}

  static void addTo(ChaseCommand.Subcommands commands) {
    commands.add("status", ShowStatus::new);
    commands.add("top", TopCommand::new);
    commands.add("gpus", ShowGpus::new);
    commands.add("signal", SignalCommand::commandLine);
    commands.add(
        "jobs", () -> new CommandLine(new ShowJobs()).addSubcommand(new ControlCommands.EndJob()));
    commands.add("batch-size", BatchSizeCommand::commandLine);
    commands.add("report", () -> new ReportCommand(InstantSource.system()));
    commands.add("explain", ExplainGpu::new);
    commands.add("events", FollowEvents::new);
    commands.add("whoami", ShowCaller::new);
    commands.add("audit", ShowAudit::new);
  }

  @Command(
      name = "whoami",
      description = {
        "Show who the daemon takes this user for, and which role they have there.",
        "Roles are read, job (own jobs) and operator (everything)."
      })
  private static final class ShowCaller extends DaemonCommand {
    @Override
    public Integer call() {
      return print(client -> client.get("/whoami"), StatusBody.CallerBody.class, ShowCaller::text);
    }

    private static String text(StatusBody.CallerBody caller) {
      return "%s%s, %s"
          .formatted(
              caller.user(),
              caller.uid().map(uid -> " (uid " + uid + ")").orElse(""),
              caller.role().map(role -> "role " + role).orElse("without a role"));
    }
  }

  @Command(
      name = "audit",
      description = "Show who changed what through the socket, the newest last (operators only).")
  private static final class ShowAudit extends DaemonCommand {
    @Option(
        names = {"-n", "--lines"},
        paramLabel = "N",
        description = "How many lines, 20 by default and at most 10000.")
    private int lines = 20;

    @Override
    public Integer call() {
      return print(
          client -> client.get("/audit?lines=" + lines),
          (client, answer, layout) ->
              answer.isEmpty()
                  ? "nothing was changed through the socket yet"
                  : answer
                      .valueStream()
                      .map(line -> text(line, layout))
                      .collect(Collectors.joining("\n")));
    }

    private static String text(JsonNode line, TextLayout layout) {
      String who =
          line.path("user").asText()
              + word(line, "uid", " (uid %s)")
              + word(line, "login_uid", " (logged in as uid %s)")
              + word(line, "role", ", %s");
      String what =
          switch (line.path("kind").asText()) {
            case "limit" ->
                "limit of %s: %s W -> %s W, read back %s W: %s"
                    .formatted(
                        word(line, "gpu", "%s"),
                        word(line, "old_watts", "%s"),
                        word(line, "new_watts", "%s"),
                        word(line, "read_back_watts", "%s"),
                        word(line, "why", "%s"));
            case "more" -> word(line, "count", "%s more requests in a minute");
            default ->
                word(line, "request", "%s")
                    + word(line, "body", " %s")
                    + word(line, "outcome", ": %s")
                    + word(line, "status", " (%s)")
                    + word(line, "detail", ", %s");
          };
      String at = layout.times().second(Instant.parse(line.path("at").asText()));
      // What a client wrote must not reach a terminal as anything but text.
      return "%s  %s  %s".formatted(at, who, what).replaceAll("\\p{Cntrl}", "?");
    }

    private static String word(JsonNode line, String key, String form) {
      return line.has(key) ? form.formatted(line.path(key).asText()) : "";
    }
  }

  @Command(
      name = "status",
      description = "Show the mode, the policy, the grid's signal and every GPU's limit and power.")
  private static final class ShowStatus extends ShowCommand.TableCommand {
    ShowStatus() {
      super(GpuText.STATUS.keys());
    }

    @Override
    public Integer call() {
      return print(client -> client.get("/status"), StatusBody.class, StatusText::status);
    }
  }

  @Command(
      name = "gpus",
      description = "Show every GPU's UUID, allowed limits, energy and counts of writes.")
  private static final class ShowGpus extends ShowCommand.ListCommand {
    ShowGpus() {
      super(GpuText.GPUS.keys(), "uuid");
    }

    @Override
    public Integer call() {
      // The status alone says which GPUs are missing.
      String path = isJson() ? "/gpus" : "/status";
      return print(client -> client.get(path), StatusBody.class, StatusText::gpus);
    }
  }

  @Command(name = "explain", description = "Explain why a GPU is at its limit.")
  private static final class ExplainGpu extends ShowCommand {
    @Parameters(paramLabel = "GPU", description = ApiPath.DESCRIPTION)
    private String gpu = "";

    @Override
    public Integer call() {
      return print(
          client -> client.get(ApiPath.gpu(gpu) + "/explain"),
          ExplainBody.class,
          ExplainBody::text);
    }
  }

  @Command(name = "events", description = "Print a line for everything that happens, until Ctrl-C.")
  private static final class FollowEvents implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(names = "--json", description = "Print each as a line of JSON.")
    private boolean json;

    /** Prints until the reader of the output is gone (done) or the daemon ends it (failed). */
    @Override
    public Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      EventLines events;
      try (DaemonClient client = DaemonClient.of(spec)) {
        events =
            new EventLines(
                payload -> out.println(json ? payload : text(client, client.json(payload))));
        client.follow(
            "/events",
            line -> {
              events.onLine(client, line);
              return !out.checkError();
            });
      }
      if (out.checkError()) {
        return ExitCode.DONE;
      }
      throw new ChaseCommand.CommandException(ExitCode.FAILED, events.endReason);
    }

    private String text(DaemonClient client, JsonNode tree) {
      NotificationBody notification = client.body(tree, NotificationBody.class);
      TextLayout layout = TextLayout.of(ChaseCommand.terminal(spec), ColumnChoice.usual(), true);
      String head =
          String.format(
              Locale.ROOT,
              "%s  %-7s  ",
              layout.times().second(notification.at()),
              notification.kind());
      return layout.fact(head, notification.text(), head.length());
    }
  }

  /** What a stream of the daemon's events says, line by line. */
  static final class EventLines {
    private static final String EVENT = "event: ";
    private static final String PAYLOAD = "data: ";

    private final Consumer<String> each;
    private String event = "";
    private String endReason = "the daemon closed the stream";

    /** One that passes each notification on, as JSON. */
    EventLines(Consumer<String> each) {
      this.each = each;
    }

    /** A line of a stream of server-sent events: the name of an event comes before its payload. */
    void onLine(DaemonClient client, String line) {
      if (line.startsWith(EVENT)) {
        event = line.substring(EVENT.length());
      } else if (line.startsWith(PAYLOAD)) {
        String payload = line.substring(PAYLOAD.length());
        switch (event) {
          case "hello" -> {}
          case "end" -> endReason = client.json(payload).path("reason").asText();
          default -> each.accept(payload);
        }
      }
    }
  }

  /** {@code chase jobs}: the jobs, registered and anonymous, or everything about one of them. */
  @Command(
      name = "jobs",
      description =
          "Show the jobs, how far they are and what slack they have left; with JOB everything about"
              + " one of them.")
  static final class ShowJobs extends ShowCommand.ListCommand {
    @Parameters(
        paramLabel = "JOB",
        arity = "0..1",
        defaultValue = "",
        description = "Only this one.")
    private String job = "";

    ShowJobs() {
      super(JobText.JOBS.keys(), "job");
    }

    @Override
    public Integer call() {
      return job.isEmpty()
          ? print(
              client -> client.get("/jobs"),
              JobBody[].class,
              (jobs, layout) -> JobText.table(List.of(jobs), layout))
          : print(client -> client.get("/jobs/" + ApiPath.encoded(job)), ShowJobs::text);
    }

    /** A job that has ended has a receipt, and nothing else. */
    private static String text(DaemonClient client, JsonNode answer, TextLayout layout) {
      return answer.has("receipt")
          ? JobText.ended(client.body(answer, EndedJobBody.class), layout)
          : JobText.of(client.body(answer, JobBody.class), layout);
    }
  }
}
