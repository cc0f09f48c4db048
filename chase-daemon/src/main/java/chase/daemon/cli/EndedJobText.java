package chase.daemon.cli;

import chase.daemon.api.ReportBody;

/** A job that has ended as text for a terminal. */
final class EndedJobText {
  private EndedJobText() {}

  static String of(ReportBody.EndedJobBody job) {
    ReportBody.Receipt receipt = job.receipt();
    String when = job.endedAt().map(at -> "ended at " + StatusText.time(at)).orElse("has ended");
    return "job %s %s; its receipt:\n\n%s"
        .formatted(job.id(), when, ReceiptText.of(receipt.line(), receipt.method()));
  }
}
