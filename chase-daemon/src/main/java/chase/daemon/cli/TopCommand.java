package chase.daemon.cli;

import chase.daemon.api.ExplainBody;
import chase.daemon.api.JobBody;
import chase.daemon.api.NotificationBody;
import chase.daemon.api.SignalBody;
import chase.daemon.api.StatusBody;
import chase.daemon.cli.ChaseCommand.CommandException;
import chase.daemon.cli.ChaseCommand.ExitCode;
import chase.daemon.cli.DaemonClient.ApiPath;
import chase.daemon.cli.live.TopChoice;
import chase.daemon.cli.live.TopScreen;
import chase.daemon.cli.live.TopState;
import chase.daemon.cli.view.Terminal;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code chase top}: grid, GPUs, jobs and events on the whole terminal, live. It changes nothing.
 */
@Command(
    name = "top",
    description =
        "Show the grid, every GPU's draw and limit, the jobs and what happens, live on the whole"
            + " terminal. Changes nothing.",
    footer = {
      "",
      "Keys: q ends it, p sorts GPUs by index, draw or limit, arrows (or j, k) choose one,",
      "e explains it. Elsewhere than on a terminal: chase status --watch.",
    })
final class TopCommand implements Callable<Integer> {
  private static final int MAX_EVENTS = 50;
  private static final long PERIOD_MILLISECONDS = 1000;

  @Spec private CommandSpec spec = CommandSpec.create();

  private final ConcurrentLinkedDeque<NotificationBody> events = new ConcurrentLinkedDeque<>();
  private volatile TopState state = TopState.NONE;
  private volatile TopChoice choice = TopChoice.FIRST;

  @Override
  public Integer call() {
    Terminal terminal = ChaseCommand.terminal(spec);
    if (!terminal.interactive()) {
      throw noTerminal();
    }
    DaemonClient client = DaemonClient.of(spec);
    poll(client); // without a daemon the command ends as every other does
    background("top-poll", () -> pollForEver(client));
    background("top-events", () -> followForEver(client));
    try (TopScreen screen = TopScreen.open()) {
      screen.run(
          terminal,
          chosen -> {
            choice = chosen;
            return state;
          });
      return ExitCode.DONE;
    } catch (IOException e) {
      throw noTerminal();
    }
  }

  private ParameterException noTerminal() {
    return new ParameterException(
        spec.commandLine(),
        "top needs a terminal that can move its cursor; elsewhere try 'chase status --watch'");
  }

  private static void background(String name, Runnable work) {
    Thread.ofVirtual().name(name).start(work);
  }

  private void pollForEver(DaemonClient client) {
    while (pause()) {
      try {
        poll(client);
      } catch (CommandException failure) {
        TopState last = state;
        state =
            new TopState(
                last.known(),
                last.explanation(),
                List.copyOf(events),
                Optional.of(String.valueOf(failure.getMessage())));
      }
    }
  }

  private void poll(DaemonClient client) {
    TopState.Answer answer =
        new TopState.Answer(
            client.body(client.get("/status"), StatusBody.class),
            client.body(client.get("/signal"), SignalBody.class),
            List.of(client.body(client.get("/jobs"), JobBody[].class)));
    state =
        new TopState(
            Optional.of(answer), explanation(client), List.copyOf(events), Optional.empty());
  }

  private Optional<TopState.ExplainedGpu> explanation(DaemonClient client) {
    TopChoice now = choice;
    return now.gpu()
        .filter(gpu -> now.explaining())
        .map(gpu -> new TopState.ExplainedGpu(gpu, explanation(client, gpu)));
  }

  /** A GPU that is gone must not keep the others from being shown. */
  private static String explanation(DaemonClient client, String gpu) {
    try {
      return client.body(client.get(ApiPath.gpu(gpu) + "/explain"), ExplainBody.class).text();
    } catch (CommandException failure) {
      return String.valueOf(failure.getMessage());
    }
  }

  private void followForEver(DaemonClient client) {
    do {
      follow(client);
    } while (pause());
  }

  private void follow(DaemonClient client) {
    try {
      var lines = new StatusCommands.EventLines(payload -> add(client, payload));
      client.follow(
          "/events",
          line -> {
            lines.onLine(client, line);
            return true;
          });
    } catch (CommandException away) {
      return; // the poll puts it on the screen
    }
  }

  private void add(DaemonClient client, String payload) {
    events.addLast(client.body(client.json(payload), NotificationBody.class));
    if (events.size() > MAX_EVENTS) {
      events.removeFirst();
    }
  }

  private static boolean pause() {
    try {
      return !new CountDownLatch(1).await(PERIOD_MILLISECONDS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
