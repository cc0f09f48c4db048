package chase.daemon.cli;

import chase.daemon.api.JobBody;
import chase.daemon.api.ReportBody.Receipt;
import chase.daemon.cli.DaemonClient.ApiPath;
import chase.daemon.cli.view.ReceiptText;
import chase.daemon.cli.view.TextLayout;
import com.fasterxml.jackson.databind.JsonNode;
import org.apache.hc.core5.http.Method;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code chase jobs end}: ends a registered job; its processes run on. */
@Command(
    name = "end",
    description = "End a registered job and print its receipt. Its processes run on.")
final class EndJobCommand extends DaemonCommand {
  @Parameters(paramLabel = "JOB", description = "Its id, or its name where no other job has that.")
  private String job = "";

  @Override
  public Integer call() {
    return print(
        client -> client.send(Method.DELETE, "/jobs/" + ApiPath.encoded(job)), EndJobCommand::text);
  }

  /** The receipt; the ledger may not be able to give one. */
  private static String text(DaemonClient client, JsonNode answer, TextLayout layout) {
    JobBody.Identity ended = client.body(answer, JobBody.class).identity();
    JsonNode known = answer.path("receipt");
    if (known.isMissingNode()) {
      return "job %s (%s) is ended; the ledger has no receipt of it"
          .formatted(ended.id(), ended.name());
    }
    Receipt receipt = client.body(known, Receipt.class);
    return "job %s (%s) is ended; its receipt:\n\n%s"
        .formatted(
            ended.id(), ended.name(), ReceiptText.of(receipt.line(), receipt.method(), layout));
  }
}
