package chase.daemon.cli;

import chase.daemon.api.JobBody;
import chase.daemon.api.ReportBody;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows the jobs, registered and anonymous. */
@Command(
    name = "jobs",
    description =
        "Show the jobs, how far they are and what slack they have left; with JOB one job's whole"
            + " story.")
final class JobsCommand implements Callable<Integer> {
  private final Desk desk;

  @Parameters(paramLabel = "JOB", arity = "0..1", defaultValue = "", description = "Only this one.")
  private String job = "";

  @Option(names = "--json", description = "Print the daemon's answer as JSON.")
  private boolean json;

  JobsCommand(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    return desk.print(json, this::request, this::text);
  }

  private JsonNode request(DaemonClient client) {
    return client.get(job.isEmpty() ? "/jobs" : "/jobs/" + DaemonClient.ApiPath.encoded(job));
  }

  private String text(DaemonClient client, JsonNode tree) {
    if (job.isEmpty()) {
      return JobText.JobsTable.table(List.of(client.body(tree, JobBody[].class)));
    }
    return tree.has("receipt")
        ? JobText.EndedJob.of(client.body(tree, ReportBody.EndedJobBody.class))
        : JobText.of(client.body(tree, JobBody.class));
  }
}
