package chase.carbon.trace;

import chase.carbon.TimeBounds;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
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
 * Reads a CSV of two columns, time and value; two years of hours take a second. A byte order mark,
 * blank lines, blanks and commas at the end of a line, and the order of the rows do not matter; of
 * two rows for one time the later counts.
 */
final class TraceReader {
  private static final int MAX_QUOTE = 60;

  private final Path file;
  private final TraceFormat format;
  private final TraceLines lines;
  private final NavigableMap<Long, Double> rows = new TreeMap<>();

  private TraceReader(Path file, TraceFormat format, Optional<Consumer<String>> warnings) {
    this.file = file;
    this.format = format;
    this.lines = new TraceLines(file, warnings);
  }

  /** The header of a file, and the values under it. */
  interface TraceFormat {
    /** What is expected, for messages. */
    String expected();

    /** Whether {@code header} is it; the unit that it names is kept. */
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

  static Trace read(Path file, TraceFormat format, Optional<Consumer<String>> warnings) {
    return new TraceReader(file, format, warnings).read();
  }

  private Trace read() {
    lines.forEach(StandardCharsets.UTF_8.newDecoder(), this::line);
    if (lines.number() == 0) {
      throw new IllegalArgumentException(file + ":1: the file is empty");
    }
    lines.refuseManySkipped();
    if (rows.size() < 2) {
      throw wrong("a trace needs two rows at least, this one has " + rows.size(), null);
    }
    lines.warnOfSkipped();
    return new Trace(
        file,
        rows.keySet().stream().mapToLong(Long::longValue).toArray(),
        rows.values().stream().mapToDouble(Double::doubleValue).toArray());
  }

  private void line(String text) {
    if (lines.number() == 1) {
      requireHeader(text);
      return;
    }
    String cells = trimmed(text);
    if (!cells.isEmpty()) {
      lines.row(() -> row(cells));
    }
  }

  private void requireHeader(String text) {
    String header = trimmed(TraceLines.withoutByteOrderMark(text)).toLowerCase(Locale.ROOT);
    if (!format.accepts(header)) {
      throw wrong("the header must be " + format.expected() + ", is " + quoted(text), null);
    }
  }

  /** Without blanks around cells, and without empty cells at the end. */
  private static String trimmed(String text) {
    String cells =
        Stream.of(text.split(",", -1)).map(String::strip).collect(Collectors.joining(","));
    int end = cells.length();
    while (end > 0 && cells.charAt(end - 1) == ',') {
      end--;
    }
    return cells.substring(0, end);
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
      return format.number(new BigDecimal(text).doubleValue());
    } catch (IllegalArgumentException notANumber) {
      throw wrong(quoted(text) + " is not " + format.unit(), notANumber);
    }
  }

  private IllegalArgumentException wrong(String problem, @Nullable Throwable cause) {
    return lines.refusal(problem, cause);
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
}
