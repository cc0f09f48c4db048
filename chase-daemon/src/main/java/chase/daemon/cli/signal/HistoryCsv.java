package chase.daemon.cli.signal;

import chase.daemon.api.SignalBody.HistoryBody.ValueBody;
import chase.daemon.text.Durations;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The signal's past as the CSV that {@code chase simulate} reads: each row holds until the next,
 * and a step of more than three usual ones is a hole. A period that is longer than that becomes
 * several rows of its value, so that it is not taken for a hole.
 *
 * @param values ascending, each period once
 */
public record HistoryCsv(List<ValueBody> values) {
  /** The first line. */
  public static final String HEADER = "time,grams_per_kwh";

  /** The longest step between two rows that is no hole, in usual steps. */
  private static final int HOLE_STEPS = 3;

  /** Copies the list. */
  public HistoryCsv {
    values = List.copyOf(values);
  }

  /** The rows under the header. */
  public List<String> rows() {
    return steppedRows().stream().map(CsvRow::text).toList();
  }

  private List<CsvRow> steppedRows() {
    Duration step = usual(values.stream().map(ValueBody::from).toList());
    List<CsvRow> rows = rows(step);
    // What is added is usual too: until the reader's own step is the one that was added by.
    Duration read = usual(rows.stream().map(CsvRow::at).toList());
    while (read.compareTo(step) < 0) {
      step = read;
      rows = rows(step);
      read = usual(rows.stream().map(CsvRow::at).toList());
    }
    return rows;
  }

  /** The longest part that the reader takes as it is, for it has no hole for the reader. */
  public HistoryCsv longestWhole() {
    return wholeParts().max(Comparator.comparing(HistoryCsv::span)).orElseThrow();
  }

  /** A part may have a shorter usual step than the whole, and then more holes. */
  private Stream<HistoryCsv> wholeParts() {
    List<HistoryCsv> parts = parts();
    return parts.size() == 1 ? parts.stream() : parts.stream().flatMap(HistoryCsv::wholeParts);
  }

  private List<HistoryCsv> parts() {
    List<Instant> read = steppedRows().stream().map(CsvRow::at).toList();
    Duration longest = usual(read).multipliedBy(HOLE_STEPS);
    Set<Instant> afterHoles = new HashSet<>();
    for (int i = 1; i < read.size(); i++) {
      if (Duration.between(read.get(i - 1), read.get(i)).compareTo(longest) > 0) {
        afterHoles.add(read.get(i));
      }
    }
    List<HistoryCsv> parts = new ArrayList<>();
    int first = 0;
    for (int i = 1; i <= values.size(); i++) {
      if (i == values.size() || afterHoles.contains(values.get(i).from())) {
        parts.add(new HistoryCsv(values.subList(first, i)));
        first = i;
      }
    }
    return parts;
  }

  private Duration span() {
    return Duration.between(values.getFirst().from(), values.getLast().to());
  }

  /** A line of it. */
  private record CsvRow(Instant at, double grams) {
    /** A number is written so that every program reads it. */
    String text() {
      return at + "," + BigDecimal.valueOf(grams).toPlainString();
    }
  }

  private List<CsvRow> rows(Duration step) {
    List<CsvRow> rows = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      ValueBody value = values.get(i);
      Optional<Instant> next =
          i + 1 < values.size() ? Optional.of(values.get(i + 1).from()) : Optional.empty();
      rows.add(new CsvRow(value.from(), value.gramsPerKwh()));
      boolean near =
          next.filter(at -> !at.isAfter(value.from().plus(step.multipliedBy(HOLE_STEPS))))
              .isPresent();
      if (!near && step.isPositive()) {
        Instant end = next.filter(at -> at.isBefore(value.to())).orElse(value.to());
        Duration each = next.isPresent() ? step : Durations.shorter(step, lastStep(rows));
        for (Instant at = value.from().plus(each); at.isBefore(end); at = at.plus(each)) {
          rows.add(new CsvRow(at, value.gramsPerKwh()));
        }
      }
    }
    return rows;
  }

  /** The last row lasts as long as the one before it. */
  private static Duration lastStep(List<CsvRow> rows) {
    int count = rows.size();
    return Duration.between(rows.get(count - 2).at(), rows.get(count - 1).at());
  }

  /** The median step between times, as the reader takes it; zero where there are no two. */
  private static Duration usual(List<Instant> times) {
    List<Duration> steps = new ArrayList<>();
    for (int i = 1; i < times.size(); i++) {
      steps.add(Duration.between(times.get(i - 1), times.get(i)));
    }
    steps.sort(null);
    return steps.isEmpty() ? Duration.ZERO : steps.get(steps.size() / 2);
  }

  /** The times between the values that no value describes, ascending. */
  public List<Duration> holes() {
    List<Duration> holes = new ArrayList<>();
    for (int i = 1; i < values.size(); i++) {
      Instant end = values.get(i - 1).to();
      if (end.isBefore(values.get(i).from())) {
        holes.add(Duration.between(end, values.get(i).from()));
      }
    }
    return holes;
  }
}
