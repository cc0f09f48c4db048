package chase.carbon;

import static chase.carbon.FallbackLevel.LAST_VALUE;
import static chase.carbon.FallbackLevel.LIVE;
import static chase.carbon.FallbackLevel.NO_SIGNAL;
import static chase.carbon.FallbackLevel.OWN_FORECAST;
import static chase.carbon.FallbackLevel.PROVIDER_FORECAST;
import static chase.carbon.FallbackLevel.STATIC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chase.carbon.CarbonUnavailable.Reason;
import chase.carbon.Signal.Margin;
import chase.carbon.Signal.Scope;
import chase.carbon.forecast.SeriesForecast;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SourceChainTest {
  private static final Signal AVERAGE = new Signal(Margin.AVERAGE, Scope.LIFECYCLE);
  private static final Signal MARGINAL = new Signal(Margin.MARGINAL, Scope.DIRECT);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);

  private final TestClock clock = new TestClock("2026-03-02T00:00:00Z");
  private final FakeProvider first = new FakeProvider("first", AVERAGE, clock);
  private final FakeProvider second = new FakeProvider("second", AVERAGE, clock);
  private final FakeProvider mean = new FakeProvider("mean", AVERAGE, clock);
  private final List<LevelChange> changes = new ArrayList<>();
  private final List<CarbonIntensity> heard = new ArrayList<>();
  private OwnForecast own = OwnForecast.none();
  private ChainRules rules = ChainRules.usual(Margin.AVERAGE, Duration.ofHours(2));

  @Test
  void aLiveNumberCountsAndTheForecastComesAfterIt() throws Exception {
    SourceChain chain = chain(first.link());
    ChainAnswer answer = answer(chain);
    assertThat(answer.level()).isEqualTo(LIVE);
    assertThat(answer.now().orElseThrow().value()).isEqualTo(new GramsPerKwh(100));
    assertThat(answer.ahead()).hasSize(47);
    assertThat(answer.ahead().getFirst().validFrom()).isEqualTo(clock.instant().plus(HOUR));
    assertThat(heard).containsExactly(answer.now().orElseThrow());
  }

  /** Every level, one after the other, as an outage goes on. */
  @Test
  void anOutageLeadsDownTheLadderStepByStepAndEachStepIsToldOnce() throws Exception {
    own = new SeriesForecast();
    rules = new ChainRules(Duration.ofHours(50), Duration.ofHours(24), Duration.ofHours(36), false);
    SourceChain chain = chain(mean.linkWithoutForecast(), first.link());
    chain.learn(past(100));
    answer(chain);
    first.fails(Reason.PROVIDER_DOWN);
    for (int minute = 0; minute < 60 * 60; minute++) {
      clock.pass(MINUTE);
      answer(chain);
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
    assertThat(changes.get(1).line())
        .isEqualTo(
            "the signal is at level 1, provider-forecast: first X, 101 gCO2/kWh;"
                + " first: PROVIDER_DOWN");
  }

  @Test
  void withoutAnythingThereIsNoSignalAndTheReturnIsToldToo() throws Exception {
    first.fails(Reason.PROVIDER_DOWN);
    SourceChain chain = chain(first.link());
    assertThat(answer(chain).now()).isEmpty();
    first.works();
    clock.pass(HOUR);
    assertThat(answer(chain).level()).isEqualTo(LIVE);
    assertThat(changes).extracting(LevelChange::to).containsExactly(NO_SIGNAL, LIVE);
    assertThat(changes.getFirst().line())
        .isEqualTo("the signal is at level 5, no-signal: limits go back; first: PROVIDER_DOWN");
    assertThat(changes.getLast().line())
        .isEqualTo("the signal is at level 0, live: first X, 101 gCO2/kWh");
  }

  @Test
  void whyAProviderHasNoNumberStaysKnownWhileChaseMayNotAskIt() throws Exception {
    SourceChain chain = chain(first.linkWithoutForecast());
    first.fails(Reason.MALFORMED);
    answer(chain);
    first.fails(Reason.HELD_BACK);
    for (int hour = 0; hour < 3; hour++) {
      clock.pass(HOUR);
      answer(chain);
      assertThat(chain.reports().getFirst().trouble().map(CarbonUnavailable::reason))
          .contains(Reason.MALFORMED);
    }
    first.fails(Reason.NO_DATA);
    clock.pass(HOUR);
    answer(chain);
    assertThat(chain.reports().getFirst().trouble().map(CarbonUnavailable::reason))
        .contains(Reason.NO_DATA);
  }

  @Test
  void theLastValueIsNeverOlderThanItsMaximumAge() throws Exception {
    SourceChain chain = chain(first.linkWithoutForecast());
    answer(chain);
    first.fails(Reason.PROVIDER_DOWN);
    clock.pass(HOUR.plus(Duration.ofMinutes(119)));
    assertThat(answer(chain).level()).isEqualTo(LAST_VALUE);
    clock.pass(MINUTE);
    assertThat(answer(chain).level()).isEqualTo(NO_SIGNAL);
  }

  @Test
  void anAnswerSaysWhenTimeAloneMayChangeIt() throws Exception {
    SourceChain chain = chain(first.linkWithoutForecast());
    Instant start = clock.instant();
    assertThat(answer(chain).holdsUntil()).isEqualTo(start.plus(Duration.ofMinutes(90)));
    assertThat(chain.at(start.plus(Duration.ofMinutes(90)).minusNanos(1)).level()).isEqualTo(LIVE);
    ChainAnswer later = chain.at(start.plus(Duration.ofMinutes(90)));
    assertThat(later.level()).isEqualTo(LAST_VALUE);
    assertThat(later.holdsUntil()).isEqualTo(start.plus(Duration.ofHours(3)));
  }

  @Test
  void theSecondProviderStandsInAndIsOtherwiseLeftAlone() throws Exception {
    SourceChain chain = chain(first.linkWithoutForecast(), second.link());
    answer(chain);
    assertThat(second.asked).isZero();
    first.fails(Reason.PROVIDER_DOWN);
    clock.pass(Duration.ofHours(2));
    assertThat(answer(chain).provider()).contains("second");
    first.works();
    clock.pass(HOUR);
    assertThat(answer(chain).provider()).contains("first");
    assertThat(second.asked).isEqualTo(1);
    assertThat(changes).extracting(LevelChange::to).containsExactly(LIVE, LIVE, LIVE);
    assertThat(changes.get(1).line()).contains("second X").contains("first: PROVIDER_DOWN");
  }

  @Test
  void aMarginalSignalIsNotForetoldByUsForHours() throws Exception {
    own = new SeriesForecast();
    rules = ChainRules.usual(Margin.MARGINAL, HOUR);
    FakeProvider marginal = new FakeProvider("marginal", MARGINAL, clock);
    SourceChain chain = chain(marginal.linkWithoutForecast());
    answer(chain);
    marginal.fails(Reason.PROVIDER_DOWN);
    for (int minute = 0; minute < 5 * 60; minute++) {
      clock.pass(MINUTE);
      answer(chain);
    }
    assertThat(changes.getLast().to()).isEqualTo(NO_SIGNAL);
    assertThat(Duration.between(changes.getFirst().at(), changes.getLast().at()))
        .isLessThanOrEqualTo(Duration.ofHours(3));
  }

  @Test
  void kindsAreNotMixedUnlessAskedFor() {
    FakeProvider marginal = new FakeProvider("watttime", MARGINAL, clock);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> chain(first.link(), marginal.link()))
        .withMessage(
            "watttime (marginal, direct) cannot stand in for first (average, lifecycle): kinds of"
                + " intensity are not mixed unless it is asked for");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> chain(mean.linkWithoutForecast(), marginal.link()))
        .withMessageStartingWith("mean (average, lifecycle) cannot stand in for watttime");
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            new SourceChain(
                List.of(),
                Optional.empty(),
                own,
                rules,
                PollPace.live(MINUTE),
                clock,
                () -> 0,
                listener()));
    rules = rules.mixing();
    chain(first.link(), marginal.link());
  }

  @Test
  void aNumberOfAnotherKindThanAnnouncedIsNotTaken() throws Exception {
    FakeProvider liar = new FakeProvider("liar", MARGINAL, clock);
    SourceChain chain = chain(new ChainLink(AVERAGE, liar.link().source(), Optional.empty()));
    assertThat(answer(chain).level()).isEqualTo(NO_SIGNAL);
    assertThat(chain.reports().getFirst().quarantine().count(Doubt.OTHER_KIND)).isEqualTo(1);
  }

  @Test
  void whatIsHeldBackIsNeitherActedOnNorHeard() throws Exception {
    SourceChain chain = chain(first.link());
    answer(chain);
    first.grams = Optional.of(0.0);
    clock.pass(Duration.ofMinutes(90));
    assertThat(answer(chain).level()).isEqualTo(PROVIDER_FORECAST);
    assertThat(heard).hasSize(1);
    LinkReport report = chain.reports().getFirst();
    assertThat(report.quarantine().count(Doubt.ZERO)).isEqualTo(2);
    assertThat(report.trouble().orElseThrow().reason()).isEqualTo(Reason.IMPLAUSIBLE);
  }

  @Test
  void aProviderIsAskedOncePerPeriod() throws Exception {
    SourceChain chain = chain(first.link());
    for (int minute = 0; minute < 24 * 60; minute++) {
      answer(chain);
      clock.pass(MINUTE);
    }
    assertThat(first.asked).isEqualTo(24);
    assertThat(first.forecastAsked).isEqualTo(24);
  }

  @Test
  void aThrottledProviderIsLeftAloneAsLongAsItAsksFor() throws Exception {
    first.fails(Reason.THROTTLED, Optional.of(Duration.ofHours(3)));
    SourceChain chain = chain(first.link());
    for (int minute = 0; minute < 180; minute++) {
      answer(chain);
      clock.pass(MINUTE);
    }
    assertThat(first.asked).isEqualTo(1);
    answer(chain);
    assertThat(first.asked).isEqualTo(2);
  }

  @Test
  void aProviderThatRefusesTheKeyIsAskedEverMoreRarely() throws Exception {
    first.fails(Reason.NOT_ENTITLED);
    SourceChain chain = chain(first.linkWithoutForecast());
    for (int minute = 0; minute < 24 * 60; minute++) {
      answer(chain);
      clock.pass(MINUTE);
    }
    assertThat(first.asked).isBetween(24, 30);
  }

  @Test
  void aPlanWithoutAForecastIsAskedForItOnceADay() throws Exception {
    first.forecastFailure =
        Optional.of(new CarbonUnavailable(Reason.ENDPOINT_NOT_IN_PLAN, "not in plan"));
    SourceChain chain = chain(first.link());
    for (int minute = 0; minute < 24 * 60; minute++) {
      answer(chain);
      clock.pass(MINUTE);
    }
    assertThat(first.forecastAsked).isEqualTo(1);
  }

  @Test
  void aRestartAsksNobodyBeforeItsTime() throws Exception {
    SourceChain before = chain(first.link());
    ChainAnswer then = answer(before);
    clock.pass(Duration.ofMinutes(10));
    SourceChain after = chain(first.link());
    after.remember(before.memories().stream().map(Optional::of).toList());
    assertThat(answer(after).now()).isEqualTo(then.now());
    assertThat(first.asked).isEqualTo(1);
    assertThat(first.forecastAsked).isEqualTo(1);
    clock.pass(Duration.ofMinutes(50));
    answer(after);
    assertThat(first.asked).isEqualTo(2);
  }

  @Test
  void aClockThatGoesBackTakesNoNumberFromTheFuture() throws Exception {
    SourceChain chain = chain(first.link());
    answer(chain);
    first.fails(Reason.PROVIDER_DOWN);
    clock.pass(Duration.ofDays(-1));
    assertThat(answer(chain).level()).isEqualTo(NO_SIGNAL);
    assertThat(first.asked).isEqualTo(2);
    first.works();
    clock.pass(MINUTE);
    assertThat(answer(chain).level()).isEqualTo(LIVE);
  }

  @Test
  void anInterruptedQuestionIsNotAskedAgainAtOnce() throws Exception {
    SourceChain chain = chain(first.linkWithoutForecast());
    first.interrupted = true;
    assertThatThrownBy(chain::poll).isInstanceOf(InterruptedException.class);
    first.interrupted = false;
    chain.poll();
    assertThat(first.asked).isEqualTo(1);
    clock.pass(Duration.ofMinutes(5));
    chain.poll();
    assertThat(first.asked).isEqualTo(2);
  }

  private List<CarbonIntensity> past(int hours) {
    return IntStream.rangeClosed(1, hours)
        .mapToObj(i -> clock.instant().minus(HOUR.multipliedBy(hours - i + 1L)))
        .map(from -> first.sample(from, new Origin.Measured()))
        .toList();
  }

  private ChainAnswer answer(SourceChain chain) throws InterruptedException {
    if (!clock.instant().isBefore(chain.nextPoll(clock.instant()))) {
      chain.poll();
    }
    return chain.at(clock.instant());
  }

  private SourceChain chain(ChainLink... links) {
    List<ChainLink> all = List.of(links);
    boolean withMean = all.getFirst().source().provider().equals("mean");
    return new SourceChain(
        withMean ? all.subList(1, all.size()) : all,
        withMean ? Optional.of(mean.yearly(2025)) : Optional.empty(),
        own,
        rules,
        PollPace.live(Duration.ofMinutes(5)),
        clock,
        () -> 0,
        listener());
  }

  private ChainListener listener() {
    return new ChainListener() {
      @Override
      public void heard(CarbonIntensity sample) {
        heard.add(sample);
      }

      @Override
      public void changed(LevelChange change) {
        changes.add(change);
      }
    };
  }
}
