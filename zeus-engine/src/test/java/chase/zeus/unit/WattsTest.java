package chase.zeus.unit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WattsTest {
  @ParameterizedTest
  @ValueSource(doubles = {-0.001, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void whatIsNoPowerIsRefused(double value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Watts(value))
        .withMessage("watts must be finite and >= 0: " + value);
  }

  @ParameterizedTest
  @CsvSource({
    "250, 250 W",
    "212.5, 212.5 W",
    "212.04, 212 W",
    "212.06, 212.1 W",
    "0, 0 W",
    "0.04, 0 W",
    "1234567.8, 1234567.8 W"
  })
  void textHasAtMostOneDecimal(double value, String text) {
    assertThat(new Watts(value)).hasToString(text);
  }

  @Test
  void textDoesNotDependOnTheLocale() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.GERMANY);
    try {
      assertThat(new Watts(212.5)).hasToString("212.5 W");
    } finally {
      Locale.setDefault(before);
    }
  }

  @ParameterizedTest
  @CsvSource({"250, 250000", "69.9, 69900", "0.0004, 0", "0.0005, 1", "212.3456, 212346"})
  void milliwattsAreRoundedToTheNearest(double value, long milliwatts) {
    assertThat(new Watts(value).toMilliwatts()).isEqualTo(milliwatts);
  }

  @Test
  void milliwattsSurviveTheWayThereAndBack() {
    for (long milliwatts = 0; milliwatts <= 1_400_000; milliwatts += 7) {
      assertThat(Watts.ofMilliwatts(milliwatts).toMilliwatts()).isEqualTo(milliwatts);
    }
  }

  @Test
  void aDifferenceBelowAMilliwattIsTheSameLimit() {
    assertThat(new Watts(250).sameLimitAs(new Watts(250.0004))).isTrue();
    assertThat(new Watts(250).sameLimitAs(new Watts(250.001))).isFalse();
  }

  @Test
  void minusZeroIsZero() {
    assertThat(new Watts(-0.0)).isEqualTo(Watts.ZERO).isEqualByComparingTo(Watts.ZERO);
  }

  @Test
  void powerTimesTimeIsEnergy() {
    assertThat(new Watts(250).times(Duration.ofMillis(1500))).isEqualTo(new Joules(375));
  }

  @Test
  void theSmallerAndTheLargerOfTwo() {
    Watts low = new Watts(100);
    Watts high = new Watts(250);
    assertThat(low.min(high)).isEqualTo(high.min(low)).isEqualTo(low);
    assertThat(low.max(high)).isEqualTo(high.max(low)).isEqualTo(high);
    assertThat(low.plus(high)).isEqualTo(new Watts(350));
    assertThat(low.times(0.6)).isEqualTo(new Watts(60));
  }
}
