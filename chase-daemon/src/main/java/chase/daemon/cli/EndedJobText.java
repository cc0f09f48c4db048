package chase.daemon.cli;

import chase.daemon.api.EndedJobBody;
import chase.daemon.api.ReceiptBody;

/** A job that has ended as text for a terminal. */
final class EndedJobText {
  private EndedJobText() {}

  static String of(EndedJobBody job) {
    ReceiptBody receipt = job.receipt();
    String when = job.endedAt().map(at -> "ended at " + StatusText.time(at)).orElse("has ended");
    return "job %s %s; its receipt:\n\n%s"
        .formatted(job.id(), when, ReceiptText.of(receipt.line(), receipt.method()));
  }
}
