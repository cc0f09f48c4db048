package chase.daemon.ledger;

import java.sql.SQLException;
import java.util.Locale;

/** Why a database was not written, as metrics tell it. */
public enum Trouble {
  /** Somebody else holds it. */
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
  static Trouble of(SQLException failure) {
    return switch (failure.getErrorCode() & 0xff) {
      case 5, 6 -> LOCKED;
      case 13 -> FULL;
      case 11, 26 -> DAMAGED;
      case 3, 8, 14, 23 -> DENIED;
      case 10 -> BROKEN;
      default -> OTHER;
    };
  }

  /** What it is called wherever it shows. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
