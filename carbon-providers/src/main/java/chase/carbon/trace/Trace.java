package chase.carbon.trace;

import chase.carbon.GramsPerKwh;
import chase.carbon.Region;
import chase.carbon.SignalKind;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A recorded signal: rows in ascending order, each true until the next. The last one lasts as long
 * as the one before it. A step of more than three median steps is a gap; the row before it lasts
 * one median step.
 */
public final class Trace {
  private static final int GAP_STEPS = 3;

  private final Path file;
  private final long[] millis;
  private final double[] values;
  private final long medianStep;
  private final Optional<RecordedSeries> series;

  /**
   * What a recording is of.
   *
   * @param region where it was recorded
   * @param kind which kind of number it holds
   */
  public record RecordedSeries(Region region, SignalKind kind) {}

  /** Takes over the arrays, which their reader has checked and does not keep. */
  Trace(Path file, long[] millis, double[] values) {
    this(file, millis, values, Optional.empty());
  }

  Trace(Path file, long[] millis, double[] values, Optional<RecordedSeries> series) {
    this.file = file;
    this.millis = millis;
    this.values = values;
    this.medianStep = medianStep(millis);
    this.series = series;
  }

  /**
   * Reads a CSV file with the header {@code time,grams_per_kwh}, or a recording, whose name ends in
   * {@code .jsonl}.
   *
   * @throws IllegalArgumentException with {@code FILE:LINE: what} when it is not such a file, or
   *     {@code FILE: what} when it cannot be read
   */
  public static Trace read(Path file) {
    return read(file, Optional.empty());
  }

  /**
   * The same, without the rows that cannot be read where those are at most one in ten.
   *
   * @param warnings is given one line that names the first of them
   */
  public static Trace read(Path file, Consumer<String> warnings) {
    return read(file, Optional.of(warnings));
  }

  private static Trace read(Path file, Optional<Consumer<String>> warnings) {
    return RecordedSignal.isRecording(file)
        ? RecordedSignal.read(file, warnings)
        : TraceReader.read(file, new CarbonFormat(), warnings);
  }

  /** Where it was read from. */
  public Path file() {
    return file;
  }

  /** What it is of, where the file holds that: a recording does, a CSV file does not. */
  public Optional<RecordedSeries> series() {
    return series;
  }

  /** How many rows it has, two at least. */
  public int rows() {
    return millis.length;
  }

  /** When its first row begins. */
  public Instant first() {
    return Instant.ofEpochMilli(millis[0]);
  }

  /** When its last row ends. */
  public Instant end() {
    return Instant.ofEpochMilli(endMillis(rows() - 1));
  }

  /** How long it is from the first row to the end of the last. */
  public Duration span() {
    return Duration.between(first(), end());
  }

  /** The usual time from one row to the next: the median. */
  public Duration step() {
    return Duration.ofMillis(medianStep);
  }

  /** When the period of a row begins; rows count from 0. */
  public Instant from(int row) {
    return Instant.ofEpochMilli(millis[row]);
  }

  /** When the period of a row ends: at the next row, or earlier where a gap follows. */
  public Instant to(int row) {
    return Instant.ofEpochMilli(endMillis(row));
  }

  long startMillis(int row) {
    return millis[row];
  }

  /** When the period of a row ends: at the next row, or earlier where a gap follows. */
  long endMillis(int row) {
    return millis[row] + lengthMillis(row);
  }

  /** The intensity in a row. */
  public GramsPerKwh value(int row) {
    return new GramsPerKwh(values[row]);
  }

  /** The number in a row, in the unit of the recording. */
  double number(int row) {
    return values[row];
  }

  long shortestMillis() {
    long shortest = Long.MAX_VALUE;
    for (int row = 1; row < rows(); row++) {
      shortest = Math.min(shortest, millis[row] - millis[row - 1]);
    }
    return shortest;
  }

  private long lengthMillis(int row) {
    int known = Math.min(row, rows() - 2);
    long step = millis[known + 1] - millis[known];
    return step > GAP_STEPS * medianStep ? medianStep : step;
  }

  private record CarbonFormat() implements TraceReader.TraceFormat {
    @Override
    public String expected() {
      return "time,grams_per_kwh";
    }

    @Override
    public boolean accepts(String header) {
      return header.equals(expected());
    }

    @Override
    public double number(double value) {
      return new GramsPerKwh(value).value();
    }

    @Override
    public String unit() {
      return "a number of gCO2/kWh, zero or more";
    }
  }

  private static long medianStep(long[] millis) {
    long[] steps = new long[millis.length - 1];
    Arrays.setAll(steps, row -> millis[row + 1] - millis[row]);
    Arrays.sort(steps);
    return steps[steps.length / 2];
  }
}
