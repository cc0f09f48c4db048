package chase.daemon.cli;

import chase.daemon.api.JobBody;
import chase.daemon.api.ReportBody.EndedJobBody;
import chase.daemon.cli.DaemonClient.ApiPath;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code chase jobs}: the jobs, registered and anonymous, or everything about one of them. */
@Command(
    name = "jobs",
    description =
        "Show the jobs, how far they are and what slack they have left; with JOB everything about"
            + " one of them.")
final class JobsCommand extends DaemonCommand {
  @Parameters(paramLabel = "JOB", arity = "0..1", defaultValue = "", description = "Only this one.")
  private String job = "";

  @Override
  public Integer call() {
    return job.isEmpty()
        ? print(
            client -> client.get("/jobs"), JobBody[].class, jobs -> JobText.table(List.of(jobs)))
        : print(client -> client.get("/jobs/" + ApiPath.encoded(job)), JobsCommand::text);
  }

  /** A job that has ended has a receipt, and nothing else. */
  private static String text(DaemonClient client, JsonNode answer) {
    return answer.has("receipt")
        ? JobText.ended(client.body(answer, EndedJobBody.class))
        : JobText.of(client.body(answer, JobBody.class));
  }
}
