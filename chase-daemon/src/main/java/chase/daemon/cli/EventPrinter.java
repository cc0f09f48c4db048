package chase.daemon.cli;

import chase.daemon.api.NotificationBody;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** Prints the daemon's server-sent events, one line each. */
final class EventPrinter {
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

  /** Prints until nobody reads any more, which is done, or the daemon ends it, which is failed. */
  int follow() {
    try (DaemonClient client = new DaemonClient(desk.socket().get())) {
      client.follow("/events", line -> onLine(client, line));
    }
    if (desk.out().checkError()) {
      return ExitCode.DONE;
    }
    throw new CommandException(ExitCode.FAILED, endReason);
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
