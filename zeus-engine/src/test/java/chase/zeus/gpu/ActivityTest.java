package chase.zeus.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import chase.zeus.gpu.GpuReading.Activity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ActivityTest {
  @Test
  void aShareOfTheClockIsCyclesASecond() {
    assertThat(Activity.of(0.5, 1980, Activity.Source.GPM))
        .isEqualTo(new Activity(9.9e8, Activity.Source.GPM));
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
  void aRateThatIsNoneIsRefused(double rate) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Activity(rate, Activity.Source.CLOCK))
        .withMessageContaining("activity must be >= 0");
  }
}
