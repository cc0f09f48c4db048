package chase.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonSource;
import chase.carbon.ChainLink;
import chase.carbon.ChainListener;
import chase.carbon.ChainRules;
import chase.carbon.GramsPerKwh;
import chase.carbon.LevelChange;
import chase.carbon.Origin;
import chase.carbon.OwnForecast;
import chase.carbon.PollPace;
import chase.carbon.Region;
import chase.carbon.Signal;
import chase.carbon.Signal.Margin;
import chase.carbon.Signal.Scope;
import chase.carbon.SourceChain;
import chase.carbon.history.SeriesKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredPastTest {
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
  private static final Signal KIND = new Signal(Margin.AVERAGE, Scope.LIFECYCLE);
  private static final SeriesKey KEY = new SeriesKey("grid", new Region("X"), KIND);
  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir private Path state;
  private final List<Instant> backFilledFrom = new ArrayList<>();
  private Instant now = START;
  private int asked;

  @Test
  void theHoleOfAStandstillIsFilledOnceAndARestartAsksNobody() throws Exception {
    try (StoredPast past = past()) {
      assertThat(past.load()).hasSize(28 * 24);
      past.keep(hour(START));
    }
    now = START.plus(HOUR);
    try (StoredPast past = past()) {
      assertThat(past.load()).hasSize(28 * 24 + 1).last().isEqualTo(hour(START));
    }
    now = START.plus(Duration.ofHours(10));
    try (StoredPast past = past()) {
      assertThat(past.load()).hasSize(28 * 24 + 10);
    }
    assertThat(backFilledFrom).containsExactly(START.minus(Duration.ofDays(28)), START.plus(HOUR));
  }

  @Test
  void aRestartKnowsTheLastAnswerWithoutACall() throws Exception {
    try (StoredPast past = past()) {
      past.load();
      SourceChain chain = chain();
      past.recall(chain);
      chain.poll();
      past.save(chain);
    }
    assertThat(asked).isEqualTo(1);
    now = START.plusSeconds(600);
    try (StoredPast past = past()) {
      SourceChain chain = chain();
      chain.learn(past.load());
      past.recall(chain);
      chain.poll();
      assertThat(chain.at(now).now().orElseThrow()).isEqualTo(hour(START));
    }
    assertThat(asked).isEqualTo(1);
  }

  @Test
  void aDirectoryThatCannotBeUsedCostsThePastAndNothingElse() throws Exception {
    Files.writeString(state.resolve("signal"), "a file where the directory should be");
    try (StoredPast past = past()) {
      assertThat(past.load()).hasSize(28 * 24);
      past.keep(hour(START));
      SourceChain chain = chain();
      past.recall(chain);
      past.save(chain);
    }
    assertThat(state.resolve("signal")).hasContent("a file where the directory should be");
  }

  private StoredPast past() {
    return new StoredPast(state, List.of(KEY), Optional.of(this::between), () -> now);
  }

  private List<CarbonIntensity> between(Instant from, Instant to) {
    backFilledFrom.add(from);
    List<CarbonIntensity> hours = new ArrayList<>();
    for (Instant at = from; !at.plus(HOUR).isAfter(to); at = at.plus(HOUR)) {
      hours.add(hour(at));
    }
    return hours;
  }

  private SourceChain chain() {
    return new SourceChain(
        List.of(new ChainLink(KIND, new Counted(), Optional.empty())),
        Optional.empty(),
        OwnForecast.none(),
        ChainRules.usual(Margin.AVERAGE, Duration.ofHours(2)),
        PollPace.live(Duration.ofMinutes(5)),
        () -> now,
        () -> 0,
        new ChainListener() {
          @Override
          public void heard(CarbonIntensity sample) {}

          @Override
          public void changed(LevelChange change) {}
        });
  }

  private static CarbonIntensity hour(Instant from) {
    return new CarbonIntensity(
        new GramsPerKwh(300 + from.getEpochSecond() / 3600 % 24),
        KIND,
        new Origin.Measured(),
        "grid",
        new Region("X"),
        from,
        from.plus(HOUR),
        from,
        from,
        Optional.empty());
  }

  private final class Counted implements CarbonSource {
    @Override
    public String provider() {
      return "grid";
    }

    @Override
    public Region region() {
      return new Region("X");
    }

    @Override
    public CarbonIntensity current() {
      asked++;
      return hour(START);
    }
  }
}
