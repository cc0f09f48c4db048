package chase.daemon.store;

import java.sql.SQLException;

/** A database that is sound and can be read, and takes nothing more for now. */
public final class NoRoom extends SQLException {
  private static final long serialVersionUID = 1;

  NoRoom(String message, SQLException cause) {
    super(message, cause);
  }
}
