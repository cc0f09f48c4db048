package chase.daemon.grid;

import static org.assertj.core.api.Assertions.assertThat;

import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FeedTimingTest {
  private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

  private final FeedTiming live =
      FeedTiming.live(Duration.ofMinutes(5), Duration.ofHours(2), Duration.ofDays(7));

  private static CarbonUnavailable failure(Reason reason) {
    return new CarbonUnavailable(reason, "no");
  }

  @Test
  void aNumberThatRunsOutSoonIsAskedForAnewThen() {
    Instant soon = NOW.plusSeconds(90);
    assertThat(live.after(FakeSource.number(300, NOW, soon), NOW)).hasSeconds(90);
  }

  @Test
  void otherwiseThePollPeriodHolds() {
    Instant later = NOW.plusSeconds(3600);
    assertThat(live.after(FakeSource.number(300, NOW, later), NOW)).hasMinutes(5);
    Instant over = NOW.minusSeconds(60);
    assertThat(live.after(FakeSource.number(300, over.minusSeconds(1), over), NOW)).hasMinutes(5);
  }

  @Test
  void aThrottlingProviderIsLeftAloneAsLongAsItAsks() {
    CarbonUnavailable throttled =
        new CarbonUnavailable(Reason.THROTTLED, "no", Optional.of(Duration.ofMinutes(17)));
    assertThat(live.after(throttled, 1)).hasMinutes(17);
    assertThat(live.after(failure(Reason.THROTTLED), 1)).hasMinutes(5);
  }

  @Test
  void aProviderThatIsDownIsAskedSoonAndThenLessOften() {
    assertThat(live.after(failure(Reason.PROVIDER_DOWN), 1)).hasSeconds(10);
    assertThat(live.after(failure(Reason.PROVIDER_DOWN), 3)).hasSeconds(40);
    assertThat(live.after(failure(Reason.PROVIDER_DOWN), 1000)).hasMinutes(5);
    assertThat(live.after(failure(Reason.BAD_KEY), 1)).hasMinutes(5);
  }

  @Test
  void allTimesOfARecordingShrinkWithItsSpeed() {
    FeedTiming fast =
        FeedTiming.replayed(Duration.ofHours(1), Duration.ofHours(10), Duration.ofDays(7), 3600);
    assertThat(fast.pollPeriod()).hasSeconds(1);
    assertThat(fast.maxAge()).hasSeconds(10);
    assertThat(fast.referenceWindow()).hasSeconds(168);
    Instant soon = NOW.plusMillis(1);
    assertThat(fast.after(FakeSource.number(300, NOW, soon), NOW)).hasMillis(20);
  }
}
