package chase.daemon.control;

import chase.daemon.api.JobBody;
import chase.daemon.api.ReportBody;
import chase.daemon.ledger.Ledger;
import chase.daemon.ledger.LedgerException;
import chase.daemon.ledger.ReportQuery;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What the ledger knows of single jobs. */
final class JobReceipts {
  /** A job's end must not wait for a database that is away. */
  private static final long TIMEOUT_SECONDS = 3;

  private final Ledger ledger;
  private final JsonMapper mapper;

  JobReceipts(Ledger ledger, JsonMapper mapper) {
    this.ledger = ledger;
    this.mapper = mapper;
  }

  /** Lets the ledger see what there is before a job ends; completes whatever comes of it. */
  Future<Boolean> settle() {
    return ledger.refresh().timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).otherwise(false);
  }

  /** The last word on a job with its {@code receipt}, where the ledger can give one. */
  Future<ObjectNode> withReceipt(JobBody last) {
    ObjectNode body = mapper.valueToTree(last);
    return receipt(last.identity().id())
        .timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .map(known -> {
          known.ifPresent(receipt -> body.set("receipt", mapper.valueToTree(receipt)));
          return body;
        })
        .otherwise(body);
  }

  private Future<Optional<ReportBody.Receipt>> receipt(String job) {
    return ledger
        .report(ReportQuery.ofJob(job))
        .map(report ->
            report.lines().stream()
                .findFirst()
                .map(line -> new ReportBody.Receipt(line, report.method())));
  }

  /**
   * A job that has ended.
   *
   * @param otherwise what is said where the ledger never knew it
   */
  Future<ReportBody.EndedJobBody> ended(String id, ApiException otherwise) {
    return ledger
        .report(ReportQuery.ofJob(id))
        .recover(why ->
            Future.failedFuture(
                isUnknown(why) || ledger.status().isEmpty()
                    ? otherwise
                    : ReportRoutes.failure(why)))
        .compose(report ->
            report.lines().stream()
                .findFirst()
                .flatMap(line -> ended(line, report.method()))
                .map(Future::succeededFuture)
                .orElseGet(() -> Future.failedFuture(otherwise)));
  }

  private static boolean isUnknown(Throwable why) {
    return why instanceof LedgerException failure
        && failure.kind() != LedgerException.Kind.UNAVAILABLE;
  }

  private static Optional<ReportBody.EndedJobBody> ended(ReportBody.Line line, String method) {
    return line.job()
        .map(job ->
            new ReportBody.EndedJobBody(
                line.group().orElseThrow(),
                line.name().orElse(""),
                job.origin(),
                job.user(),
                job.labels(),
                job.gpus(),
                job.policy(),
                job.startedAt(),
                job.endedAt(),
                line.steps(),
                line.slowdownRatio(),
                new ReportBody.Receipt(line, method)));
  }
}
