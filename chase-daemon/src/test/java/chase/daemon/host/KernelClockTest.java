package chase.daemon.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class KernelClockTest {
  @Test
  void theKernelsAnswerIsReadByItsFields() {
    ByteBuffer timex = ByteBuffer.allocate(208).order(ByteOrder.nativeOrder());
    timex.putLong(24, 31_500).putInt(40, 0x2001);
    assertThat(KernelClock.of(timex.array()))
        .isEqualTo(new KernelClock(true, Duration.ofNanos(31_500_000)));
    timex.putInt(40, 0x41);
    assertThat(KernelClock.of(timex.array()).synchronised()).isFalse();
  }

  @Test
  void theKernelOfThisHostAnswersOrRefusesAndNothingBreaks() {
    assertThat(KernelClock.read())
        .satisfiesAnyOf(
            clock -> assertThat(clock).isEmpty(),
            clock -> assertThat(clock.orElseThrow().maximumError()).isPositive());
  }
}
