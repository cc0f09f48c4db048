package chase.carbon.fallback;

import static chase.carbon.fallback.FallbackLevel.LAST_VALUE;
import static chase.carbon.fallback.FallbackLevel.LIVE;
import static chase.carbon.fallback.FallbackLevel.NO_SIGNAL;
import static chase.carbon.fallback.FallbackLevel.OWN_FORECAST;
import static chase.carbon.fallback.FallbackLevel.PROVIDER_FORECAST;
import static chase.carbon.fallback.FallbackLevel.STATIC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonProvider;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.GramsPerKwh;
import chase.carbon.Provenance;
import chase.carbon.RejectReason;
import chase.carbon.SeriesForecaster;
import chase.carbon.SignalKind;
import chase.carbon.SignalKind.EmissionScope;
import chase.carbon.SignalKind.Margin;
import chase.carbon.fallback.FallbackChain.ChainListener;
import chase.carbon.fallback.FallbackChain.LevelChange;
import chase.carbon.fixtures.NoForecast;
import chase.carbon.fixtures.TestClock;
import chase.carbon.fixtures.TestProvider;
import chase.carbon.forecast.SeriesForecast;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FallbackChainTest {
  private static final SignalKind AVERAGE = new SignalKind(Margin.AVERAGE, EmissionScope.LIFECYCLE);
  private static final SignalKind MARGINAL = new SignalKind(Margin.MARGINAL, EmissionScope.DIRECT);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);

  private final TestClock clock = new TestClock("2026-03-02T00:00:00Z");
  private final TestProvider first = new TestProvider("first", AVERAGE, clock);
  private final TestProvider second = new TestProvider("second", AVERAGE, clock);
  private final TestProvider mean = new TestProvider("mean", AVERAGE, clock);
  private final List<LevelChange> changes = new ArrayList<>();
  private final List<CarbonIntensity> values = new ArrayList<>();
  private SeriesForecaster own = new NoForecast();
  private FallbackRules rules = FallbackRules.defaults(Margin.AVERAGE, Duration.ofHours(2));

  @Test
  void aLiveNumberCountsAndTheForecastComesAfterIt() throws Exception {
    FallbackChain chain = chain(first);
    GridSignal signal = poll(chain);
    assertThat(signal.level()).isEqualTo(LIVE);
    assertThat(signal.current().orElseThrow().value()).isEqualTo(new GramsPerKwh(100));
    assertThat(signal.forecast()).hasSize(47);
    assertThat(signal.forecast().getFirst().validFrom()).isEqualTo(clock.instant().plus(HOUR));
    assertThat(values).containsExactly(signal.current().orElseThrow());
  }

  /** Every level, one after the other, as an outage goes on. */
  @Test
  void anOutageLeadsDownLevelByLevelAndEachChangeIsNotifiedOnce() throws Exception {
    own = new SeriesForecast();
    rules =
        new FallbackRules(Duration.ofHours(50), Duration.ofHours(24), Duration.ofHours(36), false);
    FallbackChain chain = chainWithMean(first);
    chain.learn(past(100));
    poll(chain);
    first.fails(FailureReason.PROVIDER_DOWN);
    for (int minute = 0; minute < 60 * 60; minute++) {
      clock.pass(MINUTE);
      poll(chain);
    }
    assertThat(changes)
        .extracting(LevelChange::to)
        .containsExactly(LIVE, PROVIDER_FORECAST, OWN_FORECAST, LAST_VALUE, STATIC);
    assertThat(changes)
        .extracting(change -> Duration.between(changes.getFirst().at(), change.at()))
        .containsExactly(
            Duration.ZERO,
            Duration.ofMinutes(90),
            Duration.ofHours(24),
            Duration.ofHours(38),
            Duration.ofHours(51));
    assertThat(changes.get(1).message())
        .isEqualTo(
            "the signal is at level 1, provider-forecast: first X, 101 gCO2/kWh;"
                + " first: PROVIDER_DOWN");
  }

  @Test
  void withoutAnythingThereIsNoSignalAndTheReturnIsNotifiedToo() throws Exception {
    first.fails(FailureReason.PROVIDER_DOWN);
    FallbackChain chain = chain(first);
    assertThat(poll(chain).current()).isEmpty();
    first.works();
    clock.pass(HOUR);
    assertThat(poll(chain).level()).isEqualTo(LIVE);
    assertThat(changes).extracting(LevelChange::to).containsExactly(NO_SIGNAL, LIVE);
    assertThat(changes.getFirst().message())
        .isEqualTo("the signal is at level 5, no-signal: limits go back; first: PROVIDER_DOWN");
    assertThat(changes.getLast().message())
        .isEqualTo("the signal is at level 0, live: first X, 101 gCO2/kWh");
  }

  @Test
  void whyAProviderHasNoValueStaysKnownWhileChaseMayNotCallIt() throws Exception {
    FallbackChain chain = chain(first.withoutForecast());
    first.fails(FailureReason.MALFORMED);
    poll(chain);
    first.fails(FailureReason.HELD_BACK);
    for (int hour = 0; hour < 3; hour++) {
      clock.pass(HOUR);
      poll(chain);
      assertThat(chain.statuses().getFirst().failure().map(CarbonUnavailable::reason))
          .contains(FailureReason.MALFORMED);
    }
    first.fails(FailureReason.NO_DATA);
    clock.pass(HOUR);
    poll(chain);
    assertThat(chain.statuses().getFirst().failure().map(CarbonUnavailable::reason))
        .contains(FailureReason.NO_DATA);
  }

  @Test
  void theLastValueIsNeverOlderThanItsMaximumAge() throws Exception {
    FallbackChain chain = chain(first.withoutForecast());
    poll(chain);
    first.fails(FailureReason.PROVIDER_DOWN);
    clock.pass(HOUR.plus(Duration.ofMinutes(119)));
    assertThat(poll(chain).level()).isEqualTo(LAST_VALUE);
    clock.pass(MINUTE);
    assertThat(poll(chain).level()).isEqualTo(NO_SIGNAL);
  }

  @Test
  void anAnswerSaysWhenTimeAloneMayChangeIt() throws Exception {
    FallbackChain chain = chain(first.withoutForecast());
    Instant start = clock.instant();
    assertThat(poll(chain).validUntil()).isEqualTo(start.plus(Duration.ofMinutes(90)));
    assertThat(chain.at(start.plus(Duration.ofMinutes(90)).minusNanos(1)).level()).isEqualTo(LIVE);
    GridSignal later = chain.at(start.plus(Duration.ofMinutes(90)));
    assertThat(later.level()).isEqualTo(LAST_VALUE);
    assertThat(later.validUntil()).isEqualTo(start.plus(Duration.ofHours(3)));
  }

  @Test
  void theSecondProviderStandsInAndIsOtherwiseNotPolled() throws Exception {
    FallbackChain chain = chain(first.withoutForecast(), second);
    poll(chain);
    assertThat(second.calls()).isZero();
    first.fails(FailureReason.PROVIDER_DOWN);
    clock.pass(Duration.ofHours(2));
    assertThat(poll(chain).provider()).contains("second");
    first.works();
    clock.pass(HOUR);
    assertThat(poll(chain).provider()).contains("first");
    assertThat(second.calls()).isEqualTo(1);
    assertThat(changes).extracting(LevelChange::to).containsExactly(LIVE, LIVE, LIVE);
    assertThat(changes.get(1).message()).contains("second X").contains("first: PROVIDER_DOWN");
  }

  @Test
  void aMarginalSignalIsNotForecastByChaseForHours() throws Exception {
    own = new SeriesForecast();
    rules = FallbackRules.defaults(Margin.MARGINAL, HOUR);
    TestProvider marginal = new TestProvider("marginal", MARGINAL, clock);
    FallbackChain chain = chain(marginal.withoutForecast());
    poll(chain);
    marginal.fails(FailureReason.PROVIDER_DOWN);
    for (int minute = 0; minute < 5 * 60; minute++) {
      clock.pass(MINUTE);
      poll(chain);
    }
    assertThat(changes.getLast().to()).isEqualTo(NO_SIGNAL);
    assertThat(Duration.between(changes.getFirst().at(), changes.getLast().at()))
        .isLessThanOrEqualTo(Duration.ofHours(3));
  }

  @Test
  void kindsAreMixedOnlyWhereTheRulesAllowIt() {
    TestProvider marginal = new TestProvider("watttime", MARGINAL, clock);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> chain(first, marginal))
        .withMessage(
            "watttime (marginal, direct) cannot stand in for first (average, lifecycle): kinds of"
                + " intensity are not mixed unless it is asked for");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> chainWithMean(marginal))
        .withMessageStartingWith("mean (average, lifecycle) cannot stand in for watttime");
    assertThatIllegalArgumentException().isThrownBy(() -> chain(List.of(), Optional.empty()));
    rules = rules.allowingMixedKinds();
    chain(first, marginal);
  }

  @Test
  void aNumberOfAnotherKindThanAnnouncedIsNotTaken() throws Exception {
    TestProvider liar = new TestProvider("liar", AVERAGE, clock).givingValuesOf(MARGINAL);
    FallbackChain chain = chain(liar.withoutForecast());
    assertThat(poll(chain).level()).isEqualTo(NO_SIGNAL);
    assertThat(chain.statuses().getFirst().rejected().count(RejectReason.OTHER_KIND)).isEqualTo(1);
  }

  @Test
  void whatIsRejectedIsNeitherActedOnNorNotified() throws Exception {
    FallbackChain chain = chain(first);
    poll(chain);
    first.isAt(0);
    clock.pass(Duration.ofMinutes(90));
    assertThat(poll(chain).level()).isEqualTo(PROVIDER_FORECAST);
    assertThat(values).hasSize(1);
    SourceStatus status = chain.statuses().getFirst();
    assertThat(status.rejected().count(RejectReason.ZERO)).isEqualTo(2);
    assertThat(status.failure().orElseThrow().reason()).isEqualTo(FailureReason.IMPLAUSIBLE);
  }

  @Test
  void aProviderIsPolledOncePerPeriod() throws Exception {
    FallbackChain chain = chain(first);
    runMinutes(chain, 24 * 60);
    assertThat(first.calls()).isEqualTo(24);
    assertThat(first.forecastCalls()).isEqualTo(24);
  }

  @Test
  void aThrottledProviderIsNotPolledAsLongAsItWants() throws Exception {
    first.fails(FailureReason.THROTTLED, Optional.of(Duration.ofHours(3)));
    FallbackChain chain = chain(first);
    runMinutes(chain, 180);
    assertThat(first.calls()).isEqualTo(1);
    poll(chain);
    assertThat(first.calls()).isEqualTo(2);
  }

  @Test
  void aProviderThatRefusesTheKeyIsPolledEverMoreRarely() throws Exception {
    first.fails(FailureReason.NOT_ENTITLED);
    FallbackChain chain = chain(first.withoutForecast());
    runMinutes(chain, 24 * 60);
    assertThat(first.calls()).isBetween(24, 30);
  }

  @Test
  void aPlanWithoutAForecastIsTriedOnceADay() throws Exception {
    first.failsToForecast(FailureReason.ENDPOINT_NOT_IN_PLAN);
    FallbackChain chain = chain(first);
    runMinutes(chain, 24 * 60);
    assertThat(first.forecastCalls()).isEqualTo(1);
  }

  @Test
  void aRestartPollsNoProviderBeforeItsTime() throws Exception {
    FallbackChain before = chain(first);
    GridSignal then = poll(before);
    clock.pass(Duration.ofMinutes(10));
    FallbackChain after = chain(first);
    after.restore(before.saved().stream().map(Optional::of).toList());
    assertThat(poll(after).current()).isEqualTo(then.current());
    assertThat(first.calls()).isEqualTo(1);
    assertThat(first.forecastCalls()).isEqualTo(1);
    clock.pass(Duration.ofMinutes(50));
    poll(after);
    assertThat(first.calls()).isEqualTo(2);
  }

  @Test
  void aClockThatGoesBackTakesNoNumberFromTheFuture() throws Exception {
    FallbackChain chain = chain(first);
    poll(chain);
    first.fails(FailureReason.PROVIDER_DOWN);
    clock.pass(Duration.ofDays(-1));
    assertThat(poll(chain).level()).isEqualTo(NO_SIGNAL);
    assertThat(first.calls()).isEqualTo(2);
    first.works();
    clock.pass(MINUTE);
    assertThat(poll(chain).level()).isEqualTo(LIVE);
  }

  @Test
  void anInterruptedPollIsNotRepeatedAtOnce() throws Exception {
    FallbackChain chain = chain(first.withoutForecast());
    first.interrupts(true);
    assertThatThrownBy(chain::poll).isInstanceOf(InterruptedException.class);
    first.interrupts(false);
    chain.poll();
    assertThat(first.calls()).isEqualTo(1);
    clock.pass(Duration.ofMinutes(5));
    chain.poll();
    assertThat(first.calls()).isEqualTo(2);
  }

  private List<CarbonIntensity> past(int hours) {
    return IntStream.rangeClosed(1, hours)
        .mapToObj(i -> clock.instant().minus(HOUR.multipliedBy(hours - i + 1L)))
        .map(from -> first.intensity(from, new Provenance.Measured()))
        .toList();
  }

  private GridSignal poll(FallbackChain chain) throws InterruptedException {
    if (!clock.instant().isBefore(chain.nextPoll(clock.instant()))) {
      chain.poll();
    }
    return chain.at(clock.instant());
  }

  private void runMinutes(FallbackChain chain, int minutes) throws InterruptedException {
    for (int minute = 0; minute < minutes; minute++) {
      poll(chain);
      clock.pass(MINUTE);
    }
  }

  private FallbackChain chain(TestProvider... providers) {
    return chain(List.of(providers), Optional.empty());
  }

  private FallbackChain chainWithMean(TestProvider provider) {
    return chain(List.of(provider), Optional.of(mean.asMeanOf(2025)));
  }

  private FallbackChain chain(List<CarbonProvider> providers, Optional<CarbonProvider> last) {
    return new FallbackChain(
        providers,
        last,
        own,
        rules,
        PollPolicy.live(Duration.ofMinutes(5)),
        clock,
        () -> 0,
        listener());
  }

  private ChainListener listener() {
    return new ChainListener() {
      @Override
      public void onValue(CarbonIntensity value) {
        values.add(value);
      }

      @Override
      public void onLevelChange(LevelChange change) {
        changes.add(change);
      }
    };
  }
}
