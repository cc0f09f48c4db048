package chase.carbon.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HorizonsTest {
  private static Horizons ofDays(int days, int minutes) {
    return Horizons.upTo(Duration.ofDays(days), TimeGrid.of(Duration.ofMinutes(minutes)));
  }

  private static int[] steps(Horizons horizons) {
    return IntStream.range(0, horizons.count()).map(horizons::steps).toArray();
  }

  @Test
  void hoursComeOneByOneForADayAndThenByThree() {
    assertThat(steps(ofDays(2, 60)))
        .startsWith(1, 2, 3, 4)
        .contains(23, 24, 27, 30, 45, 48)
        .doesNotContain(25, 26, 28);
  }

  @Test
  void finerStepsAddAFewWithinTheHour() {
    assertThat(steps(ofDays(1, 5))).startsWith(1, 2, 3, 6, 9, 12, 24).endsWith(288);
    assertThat(steps(ofDays(1, 30))).startsWith(1, 2, 4, 6).endsWith(48);
  }

  @Test
  void aStepOfHalfADayHasFewHorizons() {
    assertThat(steps(ofDays(2, 720))).containsExactly(1, 2, 3, 4);
  }

  @Test
  void betweenTwoHorizonsLiesAStraightLine() {
    Horizons horizons = ofDays(2, 60);
    double[] numbers = IntStream.of(steps(horizons)).mapToDouble(step -> 10.0 * step).toArray();
    for (int ahead = 1; ahead <= 48; ahead++) {
      assertThat(horizons.between(numbers, ahead)).isCloseTo(10.0 * ahead, within(1e-9));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1H", "PT30S", "PT7M", "PT25H", "PT1H0.5S"})
  void aStepThatDoesNotDivideADayIsRefused(String step) {
    Duration duration = Duration.parse(step);
    assertThatThrownBy(() -> TimeGrid.of(duration)).hasMessageContaining("divide a day");
  }

  @Test
  void weekendsAreThoseOfTheRegion() {
    Instant lateOnFriday = Instant.parse("2026-03-06T20:00:00Z");
    TimeGrid here = TimeGrid.of(Duration.ofHours(1));
    TimeGrid auckland = new TimeGrid(Duration.ofHours(1), ZoneOffset.ofHours(12));
    assertThat(here.isWeekend(here.slot(lateOnFriday))).isFalse();
    assertThat(auckland.isWeekend(auckland.slot(lateOnFriday))).isTrue();
    assertThat(here.weekday(here.slot(Instant.parse("2026-03-02T00:00:00Z")))).isZero();
  }
}
