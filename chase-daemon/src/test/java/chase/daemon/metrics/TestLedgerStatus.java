package chase.daemon.metrics;

import chase.daemon.ledger.Ledger.LedgerStatus;
import java.util.Map;
import java.util.Optional;

/** A ledger that has seen trouble. */
final class TestLedgerStatus {
  private TestLedgerStatus() {}

  static Optional<LedgerStatus> standing() {
    return Optional.of(
        new LedgerStatus(
            5_120,
            9,
            2,
            Map.of(LedgerStatus.WriteFailure.LOCKED, 3L),
            Optional.of(TestScrapes.NOW.minusSeconds(20)),
            1_048_576));
  }
}
