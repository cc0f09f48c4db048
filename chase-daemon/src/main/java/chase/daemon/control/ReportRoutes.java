package chase.daemon.control;

import chase.daemon.ledger.Ledger;
import chase.daemon.ledger.LedgerException;
import chase.daemon.ledger.ReportQuery;
import chase.daemon.text.InstantParser;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;

/** What can be asked of the ledger. */
final class ReportRoutes {
  private static final List<String> KNOWN = List.of("by", "from", "to", "job", "gpu");

  private final Ledger ledger;
  private final CommandDispatcher orders;

  ReportRoutes(Ledger ledger, CommandDispatcher orders) {
    this.ledger = ledger;
    this.orders = orders;
  }

  void report(RoutingContext context) {
    orders
        .onContext(context, ledger.report(query(context.queryParams())))
        .onSuccess(report -> orders.respond(context, 200, report))
        .onFailure(why -> context.fail(failure(why)));
  }

  /** What a client is told of a question that the ledger did not answer. */
  static Throwable failure(Throwable cause) {
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

  private ReportQuery query(MultiMap asked) {
    asked.names().forEach(name -> requireKnown(asked, name));
    try {
      return new ReportQuery(
          parameter(asked, "by").map(ReportQuery.GroupBy::parse).orElse(ReportQuery.GroupBy.BY_JOB),
          parameter(asked, "from").map(text -> InstantParser.parse("'from'", text)),
          parameter(asked, "to").map(text -> InstantParser.parse("'to'", text)),
          parameter(asked, "job"),
          parameter(asked, "gpu").map(this::uuid));
    } catch (IllegalArgumentException e) {
      throw new ApiException(422, "bad_value", String.valueOf(e.getMessage()));
    }
  }

  private static Optional<String> parameter(MultiMap asked, String name) {
    return Optional.ofNullable(asked.get(name)).filter(text -> !text.isEmpty());
  }

  private static void requireKnown(MultiMap asked, String name) {
    RequestReader.requireKnown(name, KNOWN);
    if (asked.getAll(name).size() > 1) {
      throw new ApiException(400, "bad_request", "'%s' stands there twice".formatted(name));
    }
  }

  /** A card that is no longer there is known by its whole UUID. */
  private String uuid(String name) {
    try {
      return Lookup.gpu(orders.snapshot(), name).traits().id().uuid();
    } catch (ApiException unknown) {
      if (unknown.status() == 404 && name.startsWith("GPU-")) {
        return name;
      }
      throw unknown;
    }
  }
}
