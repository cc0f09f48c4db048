package chase.zeus.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import chase.zeus.policy.EnergyOutlook.Slot;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnergyOutlookTest {
  private static final Slot TEN = slot("10:00", "11:00", 300);
  private static final Slot ELEVEN = slot("11:00", "12:00", 200);

  @ParameterizedTest
  @CsvSource({
    "09:00, 300",
    "10:00, 300",
    "10:59, 300",
    "11:00, 200",
    "11:59, 200",
    "12:00, 200",
    "23:00, 200"
  })
  void theWeightIsThatOfTheSlotAroundTheMoment(String at, double weight) {
    assertThat(outlook(List.of(TEN, ELEVEN)).weightAt(at(at))).isEqualTo(weight);
  }

  @ParameterizedTest
  @CsvSource({"11:00, 300", "11:20, 300", "11:40, 100", "12:00, 100"})
  void inAGapTheNearestSlotCounts(String at, double weight) {
    Slot noon = slot("12:00", "13:00", 100);
    assertThat(outlook(List.of(TEN, noon)).weightAt(at(at))).isEqualTo(weight);
  }

  @Test
  void trustEndsAtItsMoment() {
    EnergyOutlook outlook = new EnergyOutlook(List.of(TEN), 300, at("10:30"));
    assertThat(outlook.trustedAt(at("10:29"))).isTrue();
    assertThat(outlook.trustedAt(at("10:30"))).isFalse();
  }

  @Test
  void anOutlookWithoutSlotsIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> outlook(List.of()))
        .withMessage("an outlook needs at least one slot");
  }

  @Test
  void overlappingAndUnsortedSlotsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> outlook(List.of(TEN, slot("10:59", "11:30", 1))))
        .withMessage("slots overlap at 2026-01-01T10:59:00Z");
    assertThatIllegalArgumentException().isThrownBy(() -> outlook(List.of(ELEVEN, TEN)));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void aReferenceThatCannotDivideIsRefused(double reference) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new EnergyOutlook(List.of(TEN), reference, at("12:00")))
        .withMessage("reference must be finite and > 0: " + reference);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
  void aWeightThatIsNoneIsRefused(double weight) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> slot("10:00", "11:00", weight))
        .withMessage("weight must be finite and >= 0: " + weight);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10:00", "09:00"})
  void anEmptySlotIsRefused(String end) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> slot("10:00", end, 1))
        .withMessageStartingWith("empty slot: 2026-01-01T10:00:00Z");
  }

  private static EnergyOutlook outlook(List<Slot> slots) {
    return new EnergyOutlook(slots, 300, at("23:00"));
  }

  private static Slot slot(String from, String to, double weight) {
    return new Slot(at(from), at(to), weight);
  }

  private static Instant at(String time) {
    return Instant.parse("2026-01-01T" + time + ":00Z");
  }
}
