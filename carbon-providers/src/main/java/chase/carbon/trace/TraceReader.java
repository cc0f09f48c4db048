package chase.carbon.trace;

import chase.carbon.TimeBounds;
import java.io.BufferedReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a recording line by line; two years of hours take a second. Marks of an encoding, blank
 * lines, blanks and commas at the end of a line, and the order of the rows do not matter; of two
 * rows for one time the later counts. Where somebody hears of it, a row that cannot be read is left
 * out, as long as nine in ten can be read: with more of them the file is not what it should be.
 */
final class TraceReader {
  private static final int MAX_QUOTE = 60;

  private final Path file;
  private final TraceFormat heading;
  private final SkippedRows leftOut;
  private final NavigableMap<Long, Double> rows = new TreeMap<>();
  private int line;

  private TraceReader(Path file, TraceFormat heading, Optional<Consumer<String>> warnings) {
    this.file = file;
    this.heading = heading;
    this.leftOut = new SkippedRows(file, warnings);
  }

  /** What the first line must say, and what may stand under it. */
  interface TraceFormat {
    /** What is expected, for messages. */
    String expected();

    /** Whether {@code header} is it; what it says of the unit is kept. */
    boolean accepts(String header);

    /**
     * The number, where it makes sense in the unit.
     *
     * @throws IllegalArgumentException where it does not
     */
    double number(double value);

    /** What a number is, such as {@code a number of gCO2/kWh, zero or more}. */
    String unit();
  }

  static Trace read(Path file, TraceFormat heading, Optional<Consumer<String>> warnings) {
    TraceReader reading = new TraceReader(file, heading, warnings);
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      return reading.all(reader);
    } catch (AccessDeniedException denied) {
      throw new IllegalArgumentException(file + ": no permission to read it", denied);
    } catch (NoSuchFileException missing) {
      throw new IllegalArgumentException(file + ": no such file", missing);
    } catch (CharacterCodingException notText) {
      throw reading.wrong("not UTF-8 text near this line", notText);
    } catch (IOException unreadable) {
      throw new IllegalArgumentException(file + ": cannot be read: " + unreadable, unreadable);
    }
  }

  private Trace all(BufferedReader reader) throws IOException {
    header(reader.readLine());
    for (String text = reader.readLine(); text != null; text = reader.readLine()) {
      line++;
      String cells = trimmed(text);
      if (!cells.isEmpty()) {
        leftOut.read(() -> row(cells));
      }
    }
    leftOut.failIfTooMany();
    if (rows.size() < 2) {
      throw wrong("a trace needs two rows at least, this one has " + rows.size(), null);
    }
    leftOut.warn();
    return new Trace(
        file,
        rows.keySet().stream().mapToLong(Long::longValue).toArray(),
        rows.values().stream().mapToDouble(Double::doubleValue).toArray());
  }

  private void header(@Nullable String text) {
    line = 1;
    if (text == null) {
      throw wrong("the file is empty", null);
    }
    String plain = text.startsWith("\uFEFF") ? text.substring(1) : text;
    if (!heading.accepts(trimmed(plain).toLowerCase(Locale.ROOT))) {
      throw wrong("the header must be " + heading.expected() + ", is " + quoted(text), null);
    }
  }

  /** Without blanks around cells, and without empty cells at the end. */
  private static String trimmed(String text) {
    return Stream.of(text.split(",", -1))
        .map(String::strip)
        .collect(Collectors.joining(","))
        .replaceFirst(",+$", "");
  }

  private void row(String text) {
    String[] columns = text.split(",", -1);
    if (columns.length != 2) {
      throw wrong("expected 2 columns, found " + columns.length, null);
    }
    rows.put(time(columns[0]), number(columns[1]));
  }

  private long time(String text) {
    try {
      return TimeBounds.checked(Instant.parse(text)).toEpochMilli();
    } catch (DateTimeException | ArithmeticException notATime) {
      throw wrong(quoted(text) + " is not an instant such as 2021-01-31T23:00:00Z", notATime);
    }
  }

  /**
   * BigDecimal takes plain decimal numbers only, where Double would take 1d, NaN and hexadecimal.
   */
  private double number(String text) {
    try {
      return heading.number(new BigDecimal(text).doubleValue());
    } catch (IllegalArgumentException notANumber) {
      throw wrong(quoted(text) + " is not " + heading.unit(), notANumber);
    }
  }

  private IllegalArgumentException wrong(String what, @Nullable Throwable cause) {
    return new IllegalArgumentException(file + ":" + line + ": " + what, cause);
  }

  private static String quoted(String text) {
    String shown = text.length() > MAX_QUOTE ? text.substring(0, MAX_QUOTE) + "..." : text;
    return shown
        .chars()
        .mapToObj(c -> c >= ' ' && c <= '~' ? Character.toString(c) : "\\u" + hex(c))
        .collect(Collectors.joining("", "\"", "\""));
  }

  private static String hex(int c) {
    return HexFormat.of().toHexDigits((char) c);
  }

  /**
   * The rows of one recording that cannot be read: they are left out, as long as they are few and
   * somebody hears of it; else the first of them refuses the file.
   */
  static final class SkippedRows {
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
    SkippedRows(Path file, Optional<Consumer<String>> warnings) {
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
}
