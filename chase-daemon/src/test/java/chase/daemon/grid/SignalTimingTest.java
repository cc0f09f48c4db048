package chase.daemon.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SignalTimingTest {
  private static final SignalSettings.SignalTiming LIVE =
      SignalSettings.SignalTiming.live(
          Duration.ofHours(1), Duration.ofHours(10), Duration.ofDays(7), Duration.ofDays(2));

  @Test
  void allTimesOfARecordingShrinkWithItsSpeed() {
    SignalSettings.SignalTiming fast = LIVE.replayed(3600);
    assertThat(fast.pollPeriod()).hasSeconds(1);
    assertThat(fast.maxAge()).hasSeconds(10);
    assertThat(fast.referenceWindow()).hasSeconds(168);
    assertThat(fast.planAhead()).hasSeconds(48);
    assertThat(fast.day()).hasSeconds(24);
    assertThat(fast.minimumPause()).hasMillis(20);
  }

  @Test
  void aVeryFastRecordingDoesNotLapseByAHiccup() {
    SignalSettings.SignalTiming fast = LIVE.replayed(1e6);
    assertThat(fast.pollPeriod()).hasMillis(250);
    assertThat(fast.maxAge()).hasSeconds(5);
  }

  @Test
  void timesOfNothingAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            SignalSettings.SignalTiming.live(
                Duration.ZERO, Duration.ofHours(2), Duration.ofDays(7), Duration.ofDays(2)));
  }
}
