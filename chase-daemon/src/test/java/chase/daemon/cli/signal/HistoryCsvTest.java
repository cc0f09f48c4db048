package chase.daemon.cli.signal;

import static org.assertj.core.api.Assertions.assertThat;

import chase.carbon.trace.Trace;
import chase.daemon.api.SignalBody.HistoryBody.ValueBody;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryCsvTest {
  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  @TempDir private Path directory;

  private static ValueBody value(int minute, int minutes, double grams) {
    Instant from = NOON.plus(Duration.ofMinutes(minute));
    return new ValueBody(from, from.plus(Duration.ofMinutes(minutes)), grams, "measured");
  }

  private static List<String> rows(ValueBody... values) {
    return new HistoryCsv(List.of(values)).rows();
  }

  @Test
  void everyPeriodIsARowOfItsStart() {
    assertThat(rows(value(0, 30, 212.5), value(30, 30, 0.00001), value(60, 30, 1e7)))
        .containsExactly(
            "2026-11-23T12:00:00Z,212.5",
            "2026-11-23T12:30:00Z,0.000010",
            "2026-11-23T13:00:00Z,10000000");
  }

  @Test
  void hoursWithoutAValueHaveNoRow() {
    HistoryCsv csv =
        new HistoryCsv(
            List.of(value(0, 30, 1), value(30, 30, 2), value(240, 30, 3), value(270, 30, 4)));
    assertThat(csv.rows()).hasSize(4);
    assertThat(csv.holes()).containsExactly(Duration.ofHours(3));
  }

  /** A reader would take it for a hole: its step is many usual ones. */
  @Test
  void aPeriodThatIsLongerThanUsualBecomesSeveralRows() {
    assertThat(rows(value(0, 60, 9), value(60, 5, 1), value(65, 5, 2), value(70, 5, 3)))
        .hasSize(12 + 3)
        .startsWith("2026-11-23T12:00:00Z,9.0", "2026-11-23T12:05:00Z,9.0")
        .contains("2026-11-23T12:55:00Z,9.0", "2026-11-23T13:00:00Z,1.0");
  }

  /** A reader takes the last row to last as long as the one before it. */
  @Test
  void aLastPeriodThatIsLongerThanTheOneBeforeBecomesSeveralRows() {
    assertThat(rows(value(0, 15, 1), value(15, 15, 2), value(30, 5, 3), value(35, 15, 4)))
        .endsWith(
            "2026-11-23T12:35:00Z,4.0", "2026-11-23T12:40:00Z,4.0", "2026-11-23T12:45:00Z,4.0");
  }

  @Test
  void oneValueAloneIsOneRow() {
    assertThat(rows(value(0, 60, 9))).containsExactly("2026-11-23T12:00:00Z,9.0");
    assertThat(rows()).isEmpty();
  }

  /** What simulate reads holds at every minute what was recorded of it, and is a hole in holes. */
  @Test
  void whatIsReadIsWhatWasRecorded() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 20; round++) {
      List<ValueBody> values = values(random);
      Trace trace = read(values);
      for (int minute = 0; minute < 3000; minute += 5) {
        Instant at = NOON.plus(Duration.ofMinutes(minute));
        recorded(values, at)
            .ifPresent(
                value -> assertThat(read(trace, at)).as("seed %s at %s", seed, at).contains(value));
      }
      for (int i = 1; i < values.size(); i++) {
        Instant end = values.get(i - 1).to();
        Instant next = values.get(i).from();
        if (Duration.between(end, next).compareTo(trace.step().multipliedBy(3)) > 0) {
          assertThat(read(trace, next.minusSeconds(1)))
              .as("seed %s before %s", seed, next)
              .isEmpty();
        }
      }
    }
  }

  private static List<ValueBody> values(Random random) {
    List<ValueBody> values = new ArrayList<>();
    int minute = 0;
    for (int i = 0; i < 60; i++) {
      int length = List.of(5, 15, 15, 15, 30, 60).get(random.nextInt(6));
      values.add(value(minute, length, random.nextInt(500)));
      minute += length + (random.nextInt(8) == 0 ? 5 * random.nextInt(60) : 0);
    }
    return values;
  }

  private Trace read(List<ValueBody> values) throws Exception {
    List<String> lines = new ArrayList<>(List.of(HistoryCsv.HEADER));
    lines.addAll(new HistoryCsv(values).rows());
    return Trace.read(Files.write(directory.resolve("grid.csv"), lines));
  }

  private static Optional<Double> recorded(List<ValueBody> values, Instant at) {
    return values.stream()
        .filter(value -> !value.from().isAfter(at) && value.to().isAfter(at))
        .findFirst()
        .map(ValueBody::gramsPerKwh);
  }

  private static Optional<Double> read(Trace trace, Instant at) {
    for (int row = trace.rows() - 1; row >= 0; row--) {
      if (!trace.from(row).isAfter(at)) {
        return trace.to(row).isAfter(at) ? Optional.of(trace.value(row).value()) : Optional.empty();
      }
    }
    return Optional.empty();
  }
}
