package chase.daemon.cli;

import chase.daemon.api.BatchSizeBody;
import chase.daemon.api.BatchSizeDetails;
import chase.daemon.cli.DaemonClient.ApiPath;
import chase.daemon.cli.view.BatchSizeText;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.apache.hc.core5.http.Method;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code chase batch-size}: the recurring jobs whose batch size the daemon chooses. */
@Command(
    name = "batch-size",
    description = {
      "Show the recurring jobs whose batch size Chase chooses; of one, its runs, the expected cost"
          + " of each batch size, and why."
    })
final class BatchSizeCommand extends ShowCommand.ListCommand {
  private static final String ALL = "/batch-sizes";
  private static final int PAGE = 100;

  @Parameters(
      paramLabel = "NAME",
      arity = "0..1",
      defaultValue = "",
      description = "Only this job.")
  private String name = "";

  private BatchSizeCommand() {
    super(BatchSizeText.JOBS.keys(), "name");
  }

  static CommandLine commandLine() {
    return new CommandLine(new BatchSizeCommand()).addSubcommand(new RemoveJob());
  }

  @Override
  public Integer call() {
    return name.isEmpty()
        ? print(
            BatchSizeCommand::all,
            BatchSizeBody[].class,
            (jobs, layout) -> BatchSizeText.table(List.of(jobs), layout))
        : print(
            client -> client.get(path(name)),
            BatchSizeDetails.class,
            (job, layout) -> BatchSizeText.details(job, layout));
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
    return ALL + "/" + ApiPath.encoded(name);
  }

  @Command(name = "rm", description = "Remove a recurring job with its runs and what they taught.")
  private static final class RemoveJob extends DaemonCommand {
    @Parameters(paramLabel = "NAME", description = "The job.")
    private String name = "";

    @Override
    public Integer call() {
      return print(
          client -> client.send(Method.DELETE, path(name)),
          BatchSizeBody.class,
          job ->
              String.format(
                  Locale.ROOT,
                  "%s is removed, with %d %s",
                  job.name(),
                  job.results().trials(),
                  job.results().trials() == 1 ? "run" : "runs"));
    }
  }
}
