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
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads a recording line by line into plain arrays; two years of hours take 280 kB. */
final class TraceFile {
  private static final int MAX_QUOTE = 60;

  private final Path file;
  private final Heading heading;
  private int line;
  private int rows;
  private long[] millis = new long[1024];
  private double[] values = new double[1024];

  private TraceFile(Path file, Heading heading) {
    this.file = file;
    this.heading = heading;
  }

  /** What the first line must say, and what may stand under it. */
  interface Heading {
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

  static Trace read(Path file, Heading heading) {
    TraceFile reading = new TraceFile(file, heading);
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
      row(text);
    }
    if (rows < 2) {
      throw wrong("a trace needs two rows at least, this one has " + rows, null);
    }
    return new Trace(file, Arrays.copyOf(millis, rows), Arrays.copyOf(values, rows));
  }

  private void header(@Nullable String text) {
    line = 1;
    if (text == null) {
      throw wrong("the file is empty", null);
    }
    if (!heading.accepts(text)) {
      throw wrong("the header must be " + heading.expected() + ", is " + quoted(text), null);
    }
  }

  private void row(String text) {
    String[] columns = text.split(",", -1);
    if (columns.length != 2) {
      String found = text.isEmpty() ? "an empty line" : Integer.toString(columns.length);
      throw wrong("expected 2 columns, found " + found, null);
    }
    long time = time(columns[0]);
    if (rows > 0 && time <= millis[rows - 1]) {
      throw wrong(quoted(columns[0]) + " is not after the row before it", null);
    }
    append(time, number(columns[1]));
  }

  private void append(long time, double number) {
    if (rows == millis.length) {
      millis = Arrays.copyOf(millis, rows * 2);
      values = Arrays.copyOf(values, rows * 2);
    }
    millis[rows] = time;
    values[rows] = number;
    rows++;
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
}
