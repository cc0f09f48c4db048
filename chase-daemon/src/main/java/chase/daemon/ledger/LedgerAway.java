package chase.daemon.ledger;

/** The ledger cannot be read; the message says why, in one line. */
public final class LedgerAway extends RuntimeException {
  LedgerAway(String message) {
    super(message);
  }
}
