package chase.zeus.unit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JoulesTest {
  @ParameterizedTest
  @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
  void whatIsNoEnergyIsRefused(double value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Joules(value))
        .withMessage("joules must be finite and >= 0: " + value);
  }

  @Test
  void aKilowattHourIsThreePointSixMegajoules() {
    assertThat(new Joules(3.6e6).kilowattHours()).isEqualTo(1);
  }

  @Test
  void energiesAddUp() {
    assertThat(Joules.ofMillijoules(1500).plus(new Joules(2))).isEqualTo(new Joules(3.5));
    assertThat(new Joules(2)).isGreaterThan(Joules.ofMillijoules(1999));
  }

  @Test
  void minusZeroIsZero() {
    assertThat(new Joules(-0.0)).isEqualTo(Joules.ZERO);
  }

  @Test
  void textHasOneDecimal() {
    assertThat(new Joules(12.46)).hasToString("12.5 J");
  }
}
