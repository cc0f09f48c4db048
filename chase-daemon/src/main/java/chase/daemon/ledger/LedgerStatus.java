package chase.daemon.ledger;

import java.sql.SQLException;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The state of the ledger, immutable.
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
    Map<WriteFailure, Long> failures,
    Optional<Instant> committedAt,
    long bytes) {
  /** Nothing done yet. */
  public static final LedgerStatus NEW = new LedgerStatus(0, 0, 0, Map.of(), Optional.empty(), 0);

  /** Copies the map. */
  public LedgerStatus {
    failures = Map.copyOf(failures);
  }

  /** Why a database was not written, as metrics report it. */
  public enum WriteFailure {
    /** Another process has locked it. */
    LOCKED,
    /** The disk is full. */
    FULL,
    /** The file is no database, or no longer a sound one. */
    DAMAGED,
    /** The file or its directory cannot be opened or written. */
    DENIED,
    /** The disk failed. */
    BROKEN,
    /** Anything else. */
    OTHER;

    /** The result codes of SQLite 3; the low byte of extended ones is the kind. */
    static WriteFailure of(SQLException failure) {
      return switch (failure.getErrorCode() & 0xff) {
        case 5, 6 -> LOCKED;
        case 13 -> FULL;
        case 11, 26 -> DAMAGED;
        case 3, 8, 14, 23 -> DENIED;
        case 10 -> BROKEN;
        default -> OTHER;
      };
    }

    /** Its name in metrics and messages. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
