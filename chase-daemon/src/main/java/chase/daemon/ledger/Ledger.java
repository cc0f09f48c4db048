package chase.daemon.ledger;

import chase.daemon.api.ReportBody;
import io.vertx.core.Future;
import java.util.Optional;

/** What was used, emitted and paid, and by whom. Any thread may call. */
public interface Ledger {
  /** The ledger of a daemon that keeps none. */
  Ledger NONE = new Disabled();

  /**
   * A report on everything up to now. What could not be written is not in it.
   *
   * @return fails with {@link LedgerException} when it is about a job or GPU that was never known,
   *     and when the ledger cannot be read
   */
  Future<ReportBody> report(ReportQuery query);

  /** Its state; empty where nothing is kept. */
  Optional<LedgerStatus> status();

  /** Adds everything used up to now; completes when it is added. */
  Future<Boolean> refresh();

  /** Keeps nothing. */
  final class Disabled implements Ledger {
    @Override
    public Future<ReportBody> report(ReportQuery query) {
      return Future.failedFuture(
          LedgerException.unavailable(
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
}
