package chase.zeus.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ActivityTest {
  @Test
  void aShareOfTheClockIsCyclesASecond() {
    assertThat(GpuReading.Activity.of(0.5, 1980, GpuReading.Activity.Source.GPM))
        .isEqualTo(new GpuReading.Activity(9.9e8, GpuReading.Activity.Source.GPM));
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
  void aRateThatIsNoneIsRefused(double rate) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new GpuReading.Activity(rate, GpuReading.Activity.Source.CLOCK))
        .withMessageContaining("activity must be >= 0");
  }
}
