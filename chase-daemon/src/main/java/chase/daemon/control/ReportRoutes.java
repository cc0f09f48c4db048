package chase.daemon.control;

import chase.daemon.api.JobBody;
import chase.daemon.api.ReportBody;
import chase.daemon.ledger.Ledger;
import chase.daemon.ledger.Ledger.LedgerException;
import chase.daemon.ledger.ReportQuery;
import chase.daemon.text.InstantParser;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What the ledger knows: reports, and the receipts of single jobs. */
final class ReportRoutes {
  private static final List<String> KNOWN = List.of("by", "from", "to", "job", "gpu");

  /** A job's end must not wait for a database that cannot be reached. */
  private static final long TIMEOUT_SECONDS = 3;

  private final Ledger ledger;
  private final ApiState state;
  private final ResponseWriter responses;
  private final JsonMapper mapper;

  ReportRoutes(Ledger ledger, ApiState state, ResponseWriter responses, JsonMapper mapper) {
    this.ledger = ledger;
    this.state = state;
    this.responses = responses;
    this.mapper = mapper;
  }

  void report(RoutingContext context) {
    Future<ReportBody> report = ledger.report(query(context.queryParams()));
    responses.respond(
        context,
        200,
        ResponseWriter.onContext(context, report)
            .recover(why -> Future.failedFuture(failure(why))));
  }

  /** The error that answers a query which the ledger could not answer. */
  private static Throwable failure(Throwable cause) {
    return switch (cause) {
      case LedgerException failure -> failure(failure, String.valueOf(failure.getMessage()));
      default -> cause;
    };
  }

  private static ApiException failure(LedgerException failure, String detail) {
    return switch (failure.kind()) {
      case UNKNOWN_JOB -> new ApiException(404, "unknown_job", detail);
      case UNKNOWN_GPU -> new ApiException(404, "unknown_gpu", detail);
      case UNAVAILABLE -> new ApiException(503, "no_ledger", detail);
    };
  }

  private ReportQuery query(MultiMap parameters) {
    parameters.names().forEach(name -> requireKnown(parameters, name));
    try {
      return new ReportQuery(
          parameter(parameters, "by")
              .map(ReportQuery.GroupBy::parse)
              .orElse(ReportQuery.GroupBy.BY_JOB),
          parameter(parameters, "from").map(text -> InstantParser.parse("'from'", text)),
          parameter(parameters, "to").map(text -> InstantParser.parse("'to'", text)),
          parameter(parameters, "job"),
          parameter(parameters, "gpu").map(this::uuid));
    } catch (IllegalArgumentException e) {
      throw ApiException.badValue(String.valueOf(e.getMessage()));
    }
  }

  private static Optional<String> parameter(MultiMap parameters, String name) {
    return Optional.ofNullable(parameters.get(name)).filter(text -> !text.isEmpty());
  }

  private static void requireKnown(MultiMap parameters, String name) {
    RequestReader.requireKnown(name, KNOWN);
    if (parameters.getAll(name).size() > 1) {
      throw new ApiException(400, "bad_request", "'%s' is given twice".formatted(name));
    }
  }

  /** A GPU that was removed is known by its whole UUID. */
  private String uuid(String name) {
    try {
      return Lookup.gpu(state.snapshot(), name).traits().id().uuid();
    } catch (ApiException unknown) {
      if (unknown.status() == 404 && name.startsWith("GPU-")) {
        return name;
      }
      throw unknown;
    }
  }

  /** Brings the ledger up to date before a job ends; never fails. */
  Future<Boolean> refresh() {
    return ledger.refresh().timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).otherwise(false);
  }

  /** The body of a job that ends, with its {@code receipt} where the ledger can give one. */
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
   * @param otherwise the error where the ledger never knew it
   */
  Future<ReportBody.EndedJobBody> ended(String id, ApiException otherwise) {
    return ledger
        .report(ReportQuery.ofJob(id))
        .recover(why ->
            Future.failedFuture(
                isUnknown(why) || ledger.status().isEmpty() ? otherwise : failure(why)))
        .compose(report ->
            report.lines().stream()
                .findFirst()
                .flatMap(line -> ended(line, report.method()))
                .map(Future::succeededFuture)
                .orElseGet(() -> Future.failedFuture(otherwise)));
  }

  private static boolean isUnknown(Throwable why) {
    return why instanceof LedgerException failure
        && failure.kind() != LedgerException.LedgerFailure.UNAVAILABLE;
  }

  private static Optional<ReportBody.EndedJobBody> ended(ReportBody.LineBody line, String method) {
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
