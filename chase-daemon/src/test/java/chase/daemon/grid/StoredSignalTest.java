package chase.daemon.grid;

import static org.assertj.core.api.Assertions.assertThat;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonProvider;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.GramsPerKwh;
import chase.carbon.Provenance;
import chase.carbon.ProviderCheck.Ability;
import chase.carbon.Region;
import chase.carbon.SignalKind;
import chase.carbon.SignalKind.EmissionScope;
import chase.carbon.SignalKind.Margin;
import chase.carbon.fallback.FallbackChain;
import chase.carbon.fallback.FallbackRules;
import chase.carbon.fallback.PollPolicy;
import chase.carbon.fallback.SourceStatus;
import chase.carbon.forecast.SeriesForecast;
import chase.carbon.history.SeriesKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredSignalTest {
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
  private static final SignalKind KIND = new SignalKind(Margin.AVERAGE, EmissionScope.LIFECYCLE);
  private static final SeriesKey KEY = new SeriesKey("grid", new Region("X"), KIND);
  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir private Path state;
  private final List<Instant> backFilledFrom = new ArrayList<>();
  private Instant now = START;
  private int asked;
  private double grams = 300;
  private Optional<FailureReason> failing = Optional.empty();
  private Duration demanded = Duration.ZERO;

  @Test
  void theHoleOfAStandstillIsFilledOnceAndARestartCallsNoProvider() throws Exception {
    try (StoredSignal past = past()) {
      assertThat(past.load()).isEmpty();
      assertThat(past.fetchMissing()).hasSize(28 * 24);
      assertThat(past.fetchMissing()).isEmpty();
      past.add(hour(START));
    }
    now = START.plus(HOUR);
    try (StoredSignal past = past()) {
      assertThat(past.load()).hasSize(28 * 24 + 1).last().isEqualTo(hour(START));
      assertThat(past.fetchMissing()).isEmpty();
    }
    now = START.plus(Duration.ofHours(10));
    try (StoredSignal past = past()) {
      assertThat(past.load()).hasSize(28 * 24 + 1);
      assertThat(past.fetchMissing()).hasSize(9);
    }
    assertThat(backFilledFrom).containsExactly(START.minus(Duration.ofDays(28)), START.plus(HOUR));
  }

  /** A past in kilograms would be a mean that seems clean. */
  @Test
  void aPastThatCannotBeTrueIsNeitherKeptNorAveraged() throws Exception {
    grams = 0.3;
    try (StoredSignal past = past()) {
      past.load();
      assertThat(past.fetchMissing()).isEmpty();
      assertThat(past.mean()).isEmpty();
      past.add(hour(START.minus(HOUR))); // as an earlier version kept it
    }
    now = START.plus(Duration.ofDays(8));
    grams = 300;
    try (StoredSignal past = past()) {
      assertThat(past.load()).hasSize(1);
      past.fetchMissing();
      assertThat(past.mean().orElseThrow().value().value()).isBetween(300.0, 323.0);
    }
  }

  @Test
  void aRestartKnowsTheLastAnswerWithoutACall() throws Exception {
    try (StoredSignal past = past()) {
      past.load();
      FallbackChain chain = chain();
      past.restore(chain);
      assertThat(past.resting()).isEmpty();
      chain.poll();
      past.save(chain);
    }
    assertThat(asked).isEqualTo(1);
    now = START.plusSeconds(600);
    try (StoredSignal past = past()) {
      FallbackChain chain = chain();
      chain.learn(past.load());
      past.restore(chain);
      assertThat(past.resting()).extracting(SourceStatus::provider).containsExactly("grid");
      chain.poll();
      assertThat(chain.at(now).current().orElseThrow()).isEqualTo(hour(START));
    }
    assertThat(asked).isEqualTo(1);
  }

  @Test
  void whatAProvidersRulesDemandBetweenTwoCallsHoldsOverARestartWhateverFailed() throws Exception {
    failing = Optional.of(FailureReason.PROVIDER_DOWN);
    demanded = Duration.ofMinutes(1);
    try (StoredSignal past = past()) {
      past.load();
      FallbackChain chain = chain();
      past.restore(chain);
      chain.poll();
      past.save(chain);
    }
    demanded = Duration.ZERO;
    for (int seconds = 10; seconds < 60; seconds += 10) {
      now = START.plusSeconds(seconds);
      try (StoredSignal past = past()) {
        FallbackChain chain = chain();
        chain.learn(past.load());
        past.restore(chain);
        assertThat(past.resting())
            .extracting(SourceStatus::nextPoll)
            .containsExactly(START.plusSeconds(60));
        chain.poll();
        past.save(chain);
      }
    }
    assertThat(asked).isEqualTo(1);
    now = START.plusSeconds(60);
    try (StoredSignal past = past()) {
      past.load();
      FallbackChain chain = chain();
      past.restore(chain);
      chain.poll();
    }
    assertThat(asked).isEqualTo(2);
  }

  @Test
  void aDirectoryThatCannotBeUsedCostsThePastAndNothingElse() throws Exception {
    Files.writeString(state.resolve("signal"), "a file where the directory should be");
    try (StoredSignal past = past()) {
      assertThat(past.load()).isEmpty();
      assertThat(past.fetchMissing()).hasSize(28 * 24);
      past.add(hour(START));
      FallbackChain chain = chain();
      past.restore(chain);
      past.save(chain);
    }
    assertThat(state.resolve("signal")).hasContent("a file where the directory should be");
  }

  private StoredSignal past() {
    return new StoredSignal(state, List.of(KEY), new CountedProvider(), () -> now);
  }

  private FallbackChain chain() {
    return new FallbackChain(
        List.of(new CountedProvider()),
        Optional.empty(),
        new SeriesForecast(),
        FallbackRules.defaults(Margin.AVERAGE, Duration.ofHours(2)),
        PollPolicy.live(Duration.ofMinutes(5)),
        () -> now,
        () -> 0,
        new FallbackChain.ChainListener() {
          @Override
          public void onValue(CarbonIntensity sample) {}

          @Override
          public void onLevelChange(FallbackChain.LevelChange change) {}
        });
  }

  private CarbonIntensity hour(Instant from) {
    return new CarbonIntensity(
        new GramsPerKwh(grams + (grams < 1 ? 0 : from.getEpochSecond() / 3600 % 24)),
        KIND,
        new Provenance.Measured(),
        "grid",
        new Region("X"),
        from,
        from.plus(HOUR),
        from,
        from,
        Optional.empty());
  }

  private final class CountedProvider implements CarbonProvider {
    @Override
    public String provider() {
      return "grid";
    }

    @Override
    public Region region() {
      return new Region("X");
    }

    @Override
    public SignalKind kind() {
      return KIND;
    }

    @Override
    public Set<Ability> abilities() {
      return EnumSet.of(Ability.LATEST, Ability.HISTORY);
    }

    @Override
    public Duration untilNextCall() {
      return demanded;
    }

    @Override
    public CarbonIntensity current() throws CarbonUnavailable {
      asked++;
      if (failing.isPresent()) {
        throw new CarbonUnavailable(failing.get(), "grid X: " + failing.get());
      }
      return hour(START);
    }

    @Override
    public List<CarbonIntensity> history(Instant from, Instant to) {
      backFilledFrom.add(from);
      List<CarbonIntensity> hours = new ArrayList<>();
      for (Instant at = from; !at.plus(HOUR).isAfter(to); at = at.plus(HOUR)) {
        hours.add(hour(at));
      }
      return hours;
    }
  }
}
