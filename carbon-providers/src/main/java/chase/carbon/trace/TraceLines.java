package chase.carbon.trace;

import chase.carbon.PlainLine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a file with recorded values. Every refusal names the file and the line. Rows that
 * cannot be read are skipped where a warning can be given and nine in ten can be read; else the
 * first of them refuses the file.
 */
final class TraceLines {
  private static final int ROWS_PER_SKIPPED = 10;
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final Path file;
  private final Optional<Consumer<String>> warnings;
  private Optional<IllegalArgumentException> firstSkipped = Optional.empty();
  private int line;
  private int rows;
  private int skipped;

  /**
   * The lines of {@code file}.
   *
   * @param warnings is given one line where rows were skipped; empty to skip none
   */
  TraceLines(Path file, Optional<Consumer<String>> warnings) {
    this.file = file;
    this.warnings = warnings;
  }

  /**
   * Hands each line to {@code handler}.
   *
   * @param decoder makes text of the bytes, or refuses them
   * @throws IllegalArgumentException when the file cannot be read
   */
  void forEach(CharsetDecoder decoder, Consumer<String> handler) {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(Files.newInputStream(file), decoder))) {
      for (String text = reader.readLine(); text != null; text = reader.readLine()) {
        line++;
        handler.accept(text);
      }
    } catch (AccessDeniedException denied) {
      throw new IllegalArgumentException(file + ": no permission to read it", denied);
    } catch (NoSuchFileException missing) {
      throw new IllegalArgumentException(file + ": no such file", missing);
    } catch (CharacterCodingException notText) {
      throw refusal("not UTF-8 text near this line", notText);
    } catch (IOException unreadable) {
      throw new IllegalArgumentException(file + ": cannot be read: " + unreadable, unreadable);
    }
  }

  /** The number of the current line, counted from 1; 0 before the first. */
  int number() {
    return line;
  }

  /** A text without the mark that some editors put before the first line. */
  static String withoutByteOrderMark(String text) {
    return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
  }

  /** Reads one row; an {@link IllegalArgumentException} skips it. */
  void row(Runnable row) {
    rows++;
    try {
      row.run();
    } catch (IllegalArgumentException wrong) {
      firstSkipped = firstSkipped.or(() -> Optional.of(wrong));
      skipped++;
    }
  }

  /** Throws the refusal of the first skipped row, where too many were skipped. */
  void refuseManySkipped() {
    if (firstSkipped.isPresent() && (warnings.isEmpty() || skipped * ROWS_PER_SKIPPED > rows)) {
      throw firstSkipped.get();
    }
  }

  /** Warns of skipped rows, where there are any. */
  void warnOfSkipped() {
    if (firstSkipped.isPresent() && warnings.isPresent()) {
      warnings
          .get()
          .accept(
              firstSkipped.get().getMessage()
                  + "; "
                  + skipped
                  + " of the "
                  + rows
                  + " rows of "
                  + file.getFileName()
                  + " cannot be read and are left out");
    }
  }

  /** A refusal of the current line, such as {@code grid.csv:12: expected 2 columns, found 3}. */
  IllegalArgumentException refusal(String problem, @Nullable Throwable cause) {
    return new IllegalArgumentException(file + ":" + line + ": " + PlainLine.of(problem), cause);
  }
}
