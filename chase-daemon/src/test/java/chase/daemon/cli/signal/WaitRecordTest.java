package chase.daemon.cli.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import chase.daemon.api.SignalBody.HistoryBody.ValueBody;
import chase.daemon.cli.signal.WaitRecord.WaitReceipt;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WaitRecordTest {
  private static final Instant NOON = TestReadings.NOON;
  private static final WaitRecord WAIT =
      new WaitRecord(
          "the cleanest 2h",
          NOON,
          NOON.plus(Duration.ofHours(3)),
          "met",
          Optional.of("neso"),
          Optional.of("GB"),
          Optional.of(400.0),
          Optional.of(120.5));

  private static List<ValueBody> hourly(double... grams) {
    return java.util.stream.IntStream.range(0, grams.length)
        .mapToObj(i ->
            new ValueBody(
                NOON.plus(Duration.ofHours(i)),
                NOON.plus(Duration.ofHours(i + 1)),
                grams[i],
                "measured"))
        .toList();
  }

  @Test
  void itIsReadAsItWasWritten() {
    assertThat(WaitRecord.parse(WAIT.line())).isEqualTo(WAIT);
    WaitRecord blind =
        new WaitRecord(
            "a | b",
            NOON,
            NOON,
            "deadline",
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    assertThat(WaitRecord.parse(blind.line())).isEqualTo(blind);
    assertThatIllegalArgumentException().isThrownBy(() -> WaitRecord.parse("yes"));
  }

  @Test
  void theReceiptComparesWithTheSameTimeFromTheBeginningOn() {
    WaitReceipt receipt =
        WAIT.receipt(
            NOON.plus(Duration.ofHours(5)),
            hourly(400, 300, 200, 100, 110),
            Optional.empty(),
            Optional.of(7.2e6));
    assertThat(receipt.mean()).contains(105.0);
    assertThat(receipt.meanAtOnce()).contains(350.0);
    assertThat(receipt.fields())
        .containsEntry("saved_ratio", 0.7)
        .containsEntry("saved_grams", 490.0)
        .containsEntry("basis", "estimated");
    assertThat(receipt.sentences())
        .containsExactly(
            "waited from 2026-11-23T12:00:00Z to 2026-11-23T15:00:00Z for the cleanest 2h; the"
                + " command ran until 2026-11-23T17:00:00Z, at 105 gCO2/kWh on average",
            "Started at once it would have run at 350 gCO2/kWh: 70.0 % less CO2 for the same energy"
                + " (490 g), estimated by neso GB.");
  }

  @Test
  void aWaitThatMadeItWorseSaysSo() {
    WaitReceipt receipt =
        WAIT.receipt(
            NOON.plus(Duration.ofHours(4)),
            hourly(100, 1, 1, 150),
            Optional.empty(),
            Optional.empty());
    assertThat(receipt.sentences().getLast()).contains("50.0 % more CO2 for the same energy, ");
  }

  @Test
  void withoutAHistoryTheNumbersOfBothMomentsCount() {
    Instant ended = NOON.plus(Duration.ofHours(4));
    WaitReceipt receipt = WAIT.receipt(ended, List.of(), Optional.of("gone"), Optional.empty());
    assertThat(receipt.mean()).contains(120.5);
    assertThat(receipt.meanAtOnce()).contains(400.0);
    assertThat(receipt.fields()).containsEntry("no_history", "gone");
    assertThat(receipt.sentences().getLast())
        .isEqualTo(
            "These are numbers of one moment and no means: the signal's history is missing"
                + " (gone).");
    assertThat(
            WAIT.receipt(ended, hourly(400), Optional.empty(), Optional.empty())
                .sentences()
                .getLast())
        .endsWith("(it does not reach that far).");
  }

  @Test
  void whatIsNotKnownIsNotCompared() {
    WaitRecord blind =
        new WaitRecord(
            "a grid below 200 gCO2/kWh",
            NOON,
            NOON.plusSeconds(60),
            "deadline",
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    assertThat(
            blind
                .receipt(NOON.plusSeconds(90), List.of(), Optional.empty(), Optional.empty())
                .sentences())
        .containsExactly(
            "waited from 2026-11-23T12:00:00Z to 2026-11-23T12:01:00Z for a grid below 200"
                + " gCO2/kWh, which had not come (deadline); the command ran until"
                + " 2026-11-23T12:01:30Z",
            "The grid is not known for both times, so that nothing is compared.");
  }
}
