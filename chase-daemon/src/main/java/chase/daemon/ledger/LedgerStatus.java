package chase.daemon.ledger;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * How the ledger stands, immutable.
 *
 * @param written rows that were written
 * @param waiting rows that are to be written
 * @param dropped rows that were lost, because too many waited
 * @param failures times that nothing could be written, by why
 * @param committedAt when rows were last written
 * @param bytes the size of the database; 0 before it was first written
 */
public record LedgerStatus(
    long written,
    long waiting,
    long dropped,
    Map<Trouble, Long> failures,
    Optional<Instant> committedAt,
    long bytes) {
  /** Nothing done yet. */
  public static final LedgerStatus NEW = new LedgerStatus(0, 0, 0, Map.of(), Optional.empty(), 0);

  /** Copies the map. */
  public LedgerStatus {
    failures = Map.copyOf(failures);
  }
}
