package chase.daemon.ledger;

import chase.daemon.api.ReportBody;
import io.vertx.core.Future;
import java.util.Optional;

/** Knows nothing, and says so. */
final class NoLedger implements Ledger {
  @Override
  public Future<ReportBody> report(ReportQuestion question) {
    return Future.failedFuture(
        new LedgerAway(
            "this daemon keeps no ledger: ledger.enabled is false, or it only observes and has no"
                + " state directory of its own to write to"));
  }

  @Override
  public Optional<LedgerStanding> standing() {
    return Optional.empty();
  }

  @Override
  public Future<Boolean> settle() {
    return Future.succeededFuture(false);
  }
}
