package chase.daemon.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** A SQLite file that is not a database, or is damaged. */
public final class DamagedDatabase {
  /** What was written ahead belongs to the file. */
  private static final List<String> PARTS = List.of("", "-wal", "-shm");

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private DamagedDatabase() {}

  /** Whether {@code failure} says that the file is damaged. */
  public static boolean isCauseOf(SQLException failure) {
    return failure instanceof SQLiteException sqlite
        && (sqlite.getResultCode() == SQLiteErrorCode.SQLITE_NOTADB
            || (sqlite.getResultCode().code & 0xFF) == SQLiteErrorCode.SQLITE_CORRUPT.code);
  }

  /**
   * Renames a file that is not open, so that it can still be examined and a new one takes its
   * place.
   *
   * @return its new name, {@code NAME.damaged-TIME}, which nothing had
   */
  public static Path setAside(Path file, Instant now) throws IOException {
    Path aside = unused(beside(file, ".damaged-" + STAMP.format(now)));
    for (String part : PARTS) {
      Path old = beside(file, part);
      if (Files.exists(old)) {
        Files.move(old, beside(aside, part));
      }
    }
    return aside;
  }

  private static Path unused(Path name) {
    Path free = name;
    for (int i = 2; Files.exists(free); i++) {
      free = beside(name, "-" + i);
    }
    return free;
  }

  private static Path beside(Path file, String ending) {
    return file.resolveSibling(file.getFileName() + ending);
  }
}
