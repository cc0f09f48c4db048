package chase.carbon.fallback;

import static org.assertj.core.api.Assertions.assertThat;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.SignalKind;
import chase.carbon.SignalKind.EmissionScope;
import chase.carbon.SignalKind.Margin;
import chase.carbon.fixtures.NoForecast;
import chase.carbon.fixtures.TestClock;
import chase.carbon.fixtures.TestProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is known of a provider that gives no value, and from when on. */
class FailureStatusTest {
  private static final SignalKind AVERAGE = new SignalKind(Margin.AVERAGE, EmissionScope.LIFECYCLE);

  private final TestClock clock = new TestClock("2026-03-02T00:00:00Z");
  private final TestProvider provider = new TestProvider("first", AVERAGE, clock);
  private final List<Integer> forecastsBeforeFailure = new ArrayList<>();
  private final FallbackChain chain =
      new FallbackChain(
          List.of(provider),
          Optional.empty(),
          new NoForecast(),
          FallbackRules.defaults(Margin.AVERAGE, Duration.ofHours(2)),
          PollPolicy.live(Duration.ofMinutes(5)),
          clock,
          () -> 0,
          new Listener());

  private final class Listener implements FallbackChain.ChainListener {
    @Override
    public void onValue(CarbonIntensity value) {}

    @Override
    public void onFailure() {
      forecastsBeforeFailure.add(provider.forecastCalls());
    }

    @Override
    public void onLevelChange(FallbackChain.LevelChange change) {}
  }

  /** A provider that hangs may take a minute for its forecast too. */
  @Test
  void whyThereIsNoValueIsNotifiedBeforeTheForecastIsPolled() throws Exception {
    chain.poll();
    assertThat(forecastsBeforeFailure).isEmpty();
    provider.fails(FailureReason.PROVIDER_DOWN);
    clock.pass(Duration.ofHours(1));
    chain.poll();
    assertThat(forecastsBeforeFailure).containsExactly(1);
    assertThat(provider.forecastCalls()).isEqualTo(2);
  }

  @Test
  void aFailingProviderThatMayBeCalledAgainSoonIsStillPolledEverMoreRarely() throws Exception {
    provider.fails(FailureReason.PROVIDER_DOWN, Optional.of(Duration.ofSeconds(10)));
    List<Long> pauses = new ArrayList<>();
    for (int failure = 1; failure <= 7; failure++) {
      chain.poll();
      Duration pause = Duration.between(clock.instant(), chain.statuses().getFirst().nextPoll());
      pauses.add(pause.toSeconds());
      clock.pass(pause);
    }
    assertThat(pauses).containsExactly(10L, 20L, 40L, 80L, 160L, 300L, 300L);
  }

  @Test
  void theStatusSaysWhenTheValueIsPolledAgain() throws Exception {
    assertThat(chain.statuses().getFirst().nextPoll()).isEqualTo(clock.instant());
    provider.fails(FailureReason.THROTTLED, Optional.of(Duration.ofHours(3)));
    chain.poll();
    assertThat(chain.statuses().getFirst().nextPoll())
        .isEqualTo(clock.instant().plus(Duration.ofHours(3)));
  }
}
