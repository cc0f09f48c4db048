package chase.daemon.ledger;

import chase.daemon.api.ReportBody;
import io.vertx.core.Future;
import java.util.Optional;

/** Knows nothing, and says so. */
final class NoLedger implements Ledger {
  @Override
  public Future<ReportBody> report(ReportQuery question) {
    return Future.failedFuture(
        new LedgerAway(
            "this daemon keeps no ledger: ledger.enabled is false, or it only observes and has no"
                + " state directory of its own to write to"));
  }

  @Override
  public Optional<LedgerStatus> status() {
    return Optional.empty();
  }

  @Override
  public Future<Boolean> refresh() {
    return Future.succeededFuture(false);
  }
}
