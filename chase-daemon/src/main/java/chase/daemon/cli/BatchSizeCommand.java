package chase.daemon.cli;

import chase.daemon.api.BatchSizeBody;
import chase.daemon.api.BatchSizeDetails;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.vertx.core.http.HttpMethod;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code chase batch-size}: the recurring jobs whose batch size the daemon chooses. */
@Command(
    name = "batch-size",
    description = {
      "Show the recurring jobs whose batch size Chase chooses; of one, its runs, what is believed"
          + " of each batch size, and why."
    })
final class BatchSizeCommand implements Callable<Integer> {
  private static final String ALL = "/batch-sizes";
  private static final int PAGE = 100;

  private final Desk desk;

  @Parameters(
      paramLabel = "NAME",
      arity = "0..1",
      defaultValue = "",
      description = "Only this job.")
  private String name = "";

  @Option(names = "--json", description = "Print the daemon's answer as JSON.")
  private boolean json;

  private BatchSizeCommand(Desk desk) {
    this.desk = desk;
  }

  static CommandLine with(Desk desk) {
    CommandLine command = new CommandLine(new BatchSizeCommand(desk));
    command.addSubcommand(new Remove(desk));
    return command;
  }

  @Override
  public Integer call() {
    return name.isEmpty()
        ? desk.print(
            json,
            BatchSizeCommand::all,
            (client, tree) ->
                BatchSizeText.table(List.of(client.body(tree, BatchSizeBody[].class))))
        : desk.print(
            json,
            client -> client.get(path(name)),
            (client, tree) -> BatchSizeText.story(client.body(tree, BatchSizeDetails.class)));
  }

  /** Every page, which together are one list. */
  private static JsonNode all(DaemonClient client) {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    String after = "";
    JsonNode page;
    do {
      page = client.get(ALL + "?limit=" + PAGE + after);
      page.forEach(all::add);
      after =
          page.isEmpty()
              ? ""
              : "&after="
                  + URLEncoder.encode(
                      page.get(page.size() - 1).path("name").asText(), StandardCharsets.UTF_8);
    } while (page.size() == PAGE);
    return all;
  }

  private static String path(String name) {
    return ALL + "/" + DaemonClient.ApiPath.encoded(name);
  }

  @Command(name = "rm", description = "Forget a recurring job, its runs and what they taught.")
  static final class Remove implements Callable<Integer> {
    private final Desk desk;

    @Parameters(paramLabel = "NAME", description = "The job.")
    private String name = "";

    @Option(names = "--json", description = "Print the daemon's answer as JSON.")
    private boolean json;

    Remove(Desk desk) {
      this.desk = desk;
    }

    @Override
    public Integer call() {
      return desk.print(json, this::request, Remove::removed);
    }

    private JsonNode request(DaemonClient client) {
      return client.send(HttpMethod.DELETE, path(name));
    }

    private static String removed(DaemonClient client, JsonNode tree) {
      BatchSizeBody job = client.body(tree, BatchSizeBody.class);
      return String.format(
          Locale.ROOT,
          "%s is forgotten, with %d %s",
          job.name(),
          job.trials(),
          job.trials() == 1 ? "run" : "runs");
    }
  }
}
