package chase.daemon.cli;

import static chase.daemon.cli.view.Table.cell;

import chase.daemon.api.GpuBody;
import chase.daemon.api.StatusBody;
import chase.daemon.api.StatusBody.DriverBody;
import chase.daemon.api.StatusBody.PauseRequest;
import chase.daemon.cli.DaemonClient.ApiPath;
import chase.daemon.cli.view.TextLayout;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.apache.hc.core5.http.Method;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Pauses and resumes control, of all GPUs or of one; releases the driver and reopens it. */
final class PauseCommands {
  private static final String ALL =
      "Its index, its UUID, or an unambiguous start of that; all by default.";

  private PauseCommands() {}

  static void addTo(ChaseCommand.Subcommands commands) {
    commands.add("pause", PauseChase::new);
    commands.add("resume", Resume::new);
    commands.add("release-driver", ReleaseDriver::new);
    commands.add("reopen-driver", ReopenDriver::new);
  }

  @Command(
      name = "pause",
      description =
          "Restore the original limits, or that of one GPU, and leave them until 'chase resume'.")
  private static final class PauseChase extends DaemonCommand {
    @Parameters(paramLabel = "GPU", arity = "0..1", defaultValue = "", description = ALL)
    private String gpu = "";

    @Option(
        names = "--for",
        paramLabel = "TIME",
        description = "How long, such as 30m, 1h30m or 2d; at most 30d.")
    private Optional<String> lasting = Optional.empty();

    @Override
    public Integer call() {
      var request = new PauseRequest(lasting);
      return gpu.isEmpty()
          ? print(
              client -> client.send(Method.POST, "/pause", request),
              StatusBody.class,
              (status, layout) -> layout.sentences("paused" + until(status.pausedUntil(), layout)))
          : print(
              client -> client.send(Method.POST, ApiPath.gpu(gpu) + "/pause", request),
              GpuBody.class,
              (body, layout) -> layout.sentences(paused(body, lasting, layout)));
    }
  }

  /** What is true after a pause: the driver, or an external process, may hold another limit. */
  private static String paused(GpuBody body, Optional<String> lasting, TextLayout layout) {
    boolean paused = body.decision().reason().equals("paused");
    if (paused && lasting.isPresent() && body.decision().until().isEmpty()) {
      return String.format(
          Locale.ROOT,
          "GPU %d is paused for %s, and all GPUs until 'chase resume'; its limit is %s W",
          body.device().index(),
          lasting.get(),
          cell(body.powerLimit().requestedWatts()));
    }
    return paused
        ? String.format(
            Locale.ROOT,
            "GPU %d is paused%s; its limit is %s W",
            body.device().index(),
            until(body.decision().until(), layout),
            cell(body.powerLimit().requestedWatts()))
        : String.format(
            Locale.ROOT,
            "GPU %d is paused, and not the only reason for its limit: see 'chase explain %d'",
            body.device().index(),
            body.device().index());
  }

  private static String until(Optional<Instant> end, TextLayout layout) {
    return end.map(at -> " " + layout.times().until(at)).orElse(" until 'chase resume'");
  }

  @Command(
      name = "resume",
      description =
          "Control all GPUs again, or one, also those left alone after a refusal or an external"
              + " write.")
  private static final class Resume extends DaemonCommand {
    @Parameters(paramLabel = "GPU", arity = "0..1", defaultValue = "", description = ALL)
    private String gpu = "";

    @Override
    public Integer call() {
      return gpu.isEmpty()
          ? print(
              client -> client.send(Method.POST, "/resume"), StatusBody.class, status -> "resumed")
          : print(
              client -> client.send(Method.POST, ApiPath.gpu(gpu) + "/resume"),
              GpuBody.class,
              body ->
                  String.format(
                      Locale.ROOT,
                      "GPU %d is resumed; its limit is %s W",
                      body.device().index(),
                      cell(body.powerLimit().requestedWatts())));
    }
  }

  @Command(
      name = "release-driver",
      description = {
        "Restore all limits and close the GPU driver, so that it can be unloaded, upgraded, or its"
            + " GPUs reset or divided (MIG).",
        "The daemon runs on, and opens the driver again when the time is over, when its kernel"
            + " module was loaded anew, or at 'chase reopen-driver'."
      })
  private static final class ReleaseDriver extends DaemonCommand {
    @Option(
        names = "--for",
        paramLabel = "TIME",
        defaultValue = StatusBody.DEFAULT_RELEASE,
        description =
            "How long at most, such as 30m or 2h; at most 30d. Default: ${DEFAULT-VALUE}.")
    private String lasting = "";

    @Override
    public Integer call() {
      var request = new StatusBody.ReleaseRequest(lasting);
      return print(
          client -> client.send(Method.POST, "/driver/release", request),
          DriverBody.class,
          (driver, layout) -> layout.sentences(released(driver, layout)));
    }

    private static String released(DriverBody driver, TextLayout layout) {
      return driver
          .releasedUntil()
          .map(end ->
              "all limits are back and the driver is closed %s, or until 'chase reopen-driver'"
                  .formatted(layout.times().until(end)))
          .orElseGet(() -> "the driver is " + driver.state());
    }
  }

  @Command(
      name = "reopen-driver",
      description = "End 'chase release-driver': open the GPU driver and control the GPUs again.")
  private static final class ReopenDriver extends DaemonCommand {
    @Override
    public Integer call() {
      return print(
          client -> client.send(Method.POST, "/driver/reopen"),
          DriverBody.class,
          ReopenDriver::text);
    }

    private static String text(DriverBody driver) {
      return driver
          .why()
          .map(why -> "the driver is not there, and is tried again: " + why)
          .orElse("the driver is open");
    }
  }
}
