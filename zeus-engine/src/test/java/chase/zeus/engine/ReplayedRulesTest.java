package chase.zeus.engine;

import static org.assertj.core.api.Assertions.assertThat;

import chase.zeus.profile.MeasurementRules;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of a host whose grid is a recording that is played faster. */
class ReplayedRulesTest {
  private static final SafetyRules RULES = rules(Duration.ofMinutes(10));

  private static SafetyRules rules(Duration handsOff) {
    return new SafetyRules(
        SafetyRules.Mode.CONTROL,
        0.6,
        Duration.ofMinutes(1),
        handsOff,
        Duration.ofSeconds(5),
        Duration.ofMinutes(10),
        Optional.of(ProfilingRules.DEFAULT));
  }

  @Test
  void howLongALimitStaysFollowsTheSpeed() {
    assertThat(RULES.replayed(720).minimumDwell()).isEqualTo(Duration.ofNanos(83_333_333));
    assertThat(RULES.replayed(0.5).minimumDwell()).isEqualTo(Duration.ofMinutes(2));
  }

  @Test
  void anExternalLimitIsLeftAloneForFiveSecondsAtAnySpeed() {
    assertThat(RULES.replayed(60).handsOff()).isEqualTo(Duration.ofSeconds(10));
    assertThat(RULES.replayed(720).handsOff()).isEqualTo(Duration.ofSeconds(5));
    assertThat(rules(Duration.ZERO).replayed(720).handsOff()).isEqualTo(Duration.ZERO);
  }

  @Test
  void whatADriverOrAProcessNeedsDoesNotFollowIt() {
    SafetyRules fast = RULES.replayed(720);
    assertThat(fast.retryAfter()).isEqualTo(RULES.retryAfter());
    assertThat(fast.silence()).isEqualTo(RULES.silence());
    assertThat(fast.freshness()).isEqualTo(RULES.freshness());
  }

  @Test
  void aJobIsMeasuredFasterButNeverTooBrieflyToBeMeasured() {
    MeasurementRules windows = RULES.replayed(720).profiling().orElseThrow().windows();
    assertThat(windows.warmUp()).isEqualTo(Duration.ofSeconds(2));
    assertThat(windows.longest()).isEqualTo(windows.sample().multipliedBy(windows.samples()));
    assertThat(RULES.replayed(10).profiling().orElseThrow().windows().longest())
        .isEqualTo(Duration.ofSeconds(6));
    assertThat(RULES.replayed(720).profiling().orElseThrow().betweenSessions())
        .isEqualTo(Duration.ofMillis(2500));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.001, 0.5, 1, 60, 720, 100_000})
  void noSpeedMakesAWindowShorterThanItWasConfigured(double speed) {
    MeasurementRules short1 =
        new MeasurementRules(
            Duration.ofMillis(10),
            Duration.ofMillis(10),
            4,
            0.015,
            Duration.ofMillis(40),
            Duration.ofMillis(100),
            Duration.ofMillis(100));
    MeasurementRules replayed = short1.replayed(Math.max(1, speed));
    assertThat(replayed).isEqualTo(short1);
    assertThat(RULES.replayed(1)).isEqualTo(RULES);
  }
}
