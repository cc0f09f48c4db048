package chase.daemon.grid;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.grid.EnergyWeight.Component.Period;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReferenceLevelTest {
  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);

  private final ReferenceLevel reference =
      new ReferenceLevel(Optional.empty(), Duration.ofDays(7), Duration.ofDays(1));

  private static Instant at(int hours) {
    return NOON.plus(HOUR.multipliedBy(hours));
  }

  private static Period period(int hours, double value) {
    return new Period(at(hours), at(hours + 1), value);
  }

  private double at(int hours, Period... periods) {
    return reference.at(at(hours), List.of(periods));
  }

  @Test
  void aFreshDaemonLooksAheadForWhatIsMuch() {
    reference.add(at(0), 50);
    assertThat(at(0, period(0, 50), period(1, 80), period(23, 400), period(24, 900)))
        .isEqualTo(400);
  }

  @Test
  void afterADayOnlyWhatWasCounts() {
    for (int hour = 0; hour <= 24; hour++) {
      reference.add(at(hour), hour == 3 ? 210 : 100);
    }
    assertThat(at(24, period(24, 100), period(25, 999))).isEqualTo(210);
    assertThat(at(24 * 7 + 4, period(24 * 7 + 4, 120))).isEqualTo(120);
  }

  @Test
  void whatComesAgainOrLateIsKnown() {
    reference.add(at(0), 100);
    reference.add(at(0), 999);
    reference.add(at(-1), 999);
    assertThat(at(0, period(0, 100))).isEqualTo(100);
  }

  @Test
  void anOperatorsConstantIsNotQuestioned() {
    ReferenceLevel constant = new ReferenceLevel(Optional.of(750.0), HOUR, HOUR);
    constant.add(at(0), 999);
    assertThat(constant.at(at(0), List.of(period(0, 999)))).isEqualTo(750);
  }

  @Test
  void aGridWithoutEmissionsOrAPriceBelowZeroHasOneToo() {
    reference.add(at(0), 0);
    assertThat(at(0, period(0, 0))).isEqualTo(1);
    assertThat(at(0, period(0, -5))).isEqualTo(1);
    assertThat(at(0, period(0, 0.02))).isEqualTo(0.02);
  }
}
