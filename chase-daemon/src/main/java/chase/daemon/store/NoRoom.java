package chase.daemon.store;

import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;

/**
 * A database that is sound and can be read, and takes nothing more for now. Its code is that of a
 * full disk.
 */
public final class NoRoom extends SQLException {
  private static final long serialVersionUID = 1;

  public NoRoom(String message, SQLException cause) {
    super(message, cause.getSQLState(), SQLiteErrorCode.SQLITE_FULL.code, cause);
  }
}
