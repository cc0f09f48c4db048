package chase.carbon.trace;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The rows of one recording that cannot be read: they are left out, as long as they are few and
 * somebody hears of it; else the first of them refuses the file.
 */
final class LeftOut {
  /** One row in so many may be unreadable. */
  private static final int RARE = 10;

  private final Path file;
  private final Optional<Consumer<String>> warnings;
  private Optional<IllegalArgumentException> first = Optional.empty();
  private int rows;
  private int unreadable;

  /**
   * Nothing left out yet.
   *
   * @param warnings is given one line where anything was; empty to leave nothing out
   */
  LeftOut(Path file, Optional<Consumer<String>> warnings) {
    this.file = file;
    this.warnings = warnings;
  }

  /** Reads one row; an {@link IllegalArgumentException} leaves it out. */
  void read(Runnable row) {
    rows++;
    try {
      row.run();
    } catch (IllegalArgumentException wrong) {
      first = first.or(() -> Optional.of(wrong));
      unreadable++;
    }
  }

  /** Throws what was wrong with the first unreadable row, where there are too many of them. */
  void failIfTooMany() {
    if (first.isPresent() && (warnings.isEmpty() || unreadable * RARE > rows)) {
      throw first.get();
    }
  }

  /** Says what was left out, where anything was. */
  void warn() {
    if (first.isPresent() && warnings.isPresent()) {
      warnings
          .get()
          .accept(
              first.get().getMessage()
                  + "; "
                  + unreadable
                  + " of the "
                  + rows
                  + " rows of "
                  + file.getFileName()
                  + " cannot be read and are left out");
    }
  }
}
