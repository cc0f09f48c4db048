package chase.carbon.fallback;

import static org.assertj.core.api.Assertions.assertThat;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.GramsPerKwh;
import chase.carbon.SignalKind;
import chase.carbon.SignalKind.EmissionScope;
import chase.carbon.SignalKind.Margin;
import chase.carbon.fallback.FallbackChain.ChainListener;
import chase.carbon.fallback.FallbackChain.LevelChange;
import chase.carbon.fixtures.NoForecast;
import chase.carbon.fixtures.TestClock;
import chase.carbon.fixtures.TestProvider;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Nobody sees a better level than the host that they ask. */
class RelayedForecastTest {
  private static final SignalKind KIND = new SignalKind(Margin.AVERAGE, EmissionScope.LIFECYCLE);
  private static final Duration HOUR = Duration.ofHours(1);

  private final TestClock clock = new TestClock("2026-03-02T00:00:00Z");
  private final TestProvider first = new TestProvider("first", KIND, clock);
  private final TestProvider second = new TestProvider("second", KIND, clock);

  @Test
  void whatAnotherChaseForecastCountsAsOneOfOursAndNoLonger() throws Exception {
    first.relaysOwnForecast();
    FallbackChain chain = chain(first);
    GridSignal signal = poll(chain);
    assertThat(signal.level()).isEqualTo(FallbackLevel.OWN_FORECAST);
    assertThat(signal.current().orElseThrow().value()).isEqualTo(new GramsPerKwh(100));
    assertThat(signal.forecast()).hasSize(47);
    first.fails(FailureReason.PROVIDER_DOWN);
    clock.pass(HOUR.multipliedBy(24));
    assertThat(poll(chain).level()).isEqualTo(FallbackLevel.OWN_FORECAST);
    clock.pass(HOUR);
    assertThat(poll(chain).level()).isEqualTo(FallbackLevel.NO_SIGNAL);
  }

  @Test
  void aProviderWithAValueGoesBeforeWhatAnotherChaseForecast() throws Exception {
    first.relaysOwnForecast();
    GridSignal signal = poll(chain(first, second));
    assertThat(signal.level()).isEqualTo(FallbackLevel.LIVE);
    assertThat(signal.provider()).contains("second");
  }

  private GridSignal poll(FallbackChain chain) throws InterruptedException {
    chain.poll();
    return chain.at(clock.instant());
  }

  private FallbackChain chain(TestProvider... providers) {
    return new FallbackChain(
        List.of(providers),
        Optional.empty(),
        new NoForecast(),
        FallbackRules.defaults(Margin.AVERAGE, Duration.ofHours(2)),
        PollPolicy.live(Duration.ofMinutes(5)),
        clock,
        () -> 0,
        new ChainListener() {
          @Override
          public void onValue(CarbonIntensity value) {}

          @Override
          public void onLevelChange(LevelChange change) {}
        });
  }
}
