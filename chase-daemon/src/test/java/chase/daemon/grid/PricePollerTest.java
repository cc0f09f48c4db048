package chase.daemon.grid;

import static org.assertj.core.api.Assertions.assertThat;

import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.fallback.PollPolicy;
import chase.daemon.grid.EnergyWeight.Component.Period;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PricePollerTest {
  private static final SignalSettings.SignalTiming TIMING =
      SignalSettings.SignalTiming.live(
          Duration.ofMinutes(15), Duration.ofHours(2), Duration.ofDays(7), Duration.ofDays(2));

  private Instant now = Instant.parse("2026-11-23T12:00:00Z");
  private final FakePriceProvider market = new FakePriceProvider(() -> now, Duration.ofHours(1));
  private final List<String> published = new ArrayList<>();
  private final PricePoller asker =
      new PricePoller(
          new SignalSettings.PriceSettings(
              market, PollPolicy.live(Duration.ofMinutes(15)), TIMING, Optional.empty()),
          () -> now,
          () -> 0,
          news -> news.ifPresent(published::add));

  private Duration ask() throws Exception {
    try {
      return asker.onAnswer(asker.poll());
    } catch (CarbonUnavailable failure) {
      return asker.onFailure(failure);
    }
  }

  @Test
  void settledPricesBecomeAStrandThatBeginsNow() throws Exception {
    market.settle(80.0, 20.0, -5.0);
    ask();
    now = now.plus(Duration.ofMinutes(70));
    EnergyWeight.Component strand = asker.component(now).orElseThrow();
    assertThat(strand.periods()).extracting(Period::value).containsExactly(20.0, -5.0);
    assertThat(strand.reference()).as("the hour before was dearer").isEqualTo(80);
    assertThat(published).containsExactly("energy in ZONE costs 80.00 EUR/MWh (measured)");
  }

  @Test
  void thePriceIsPolledAgainWhenThePeriodEnds() throws Exception {
    market.settle(80.0, 20.0);
    now = now.plus(Duration.ofMinutes(50));
    assertThat(ask()).isEqualTo(Duration.ofMinutes(10));
    market.fail(Optional.of(new CarbonUnavailable(FailureReason.NO_DATA, "market: nothing")));
    assertThat(ask()).isEqualTo(Duration.ofMinutes(15));
  }

  @Test
  void aMarketThatIsDownIsTrustedAsLongAsItsPricesWereSettled() throws Exception {
    market.settle(80.0, 20.0);
    ask();
    market.fail(
        Optional.of(new CarbonUnavailable(FailureReason.PROVIDER_DOWN, "market: no answer")));
    now = now.plus(Duration.ofMinutes(119));
    ask();
    ask();
    assertThat(asker.component(now)).isPresent();
    now = now.plus(Duration.ofMinutes(121));
    assertThat(asker.component(now)).as("two hours after the last settled one").isEmpty();
    assertThat(asker.state().failure().orElseThrow().reason())
        .isEqualTo(FailureReason.PROVIDER_DOWN);
    assertThat(asker.state().pollsFailed()).isEqualTo(2);
    assertThat(published).filteredOn("no new price: market: no answer"::equals).hasSize(1);
  }

  @Test
  void whatIsNoFailureOfTheMarketIsStillOne() {
    asker.onFailure(new IllegalStateException("a bug"));
    assertThat(asker.state().failure().orElseThrow().message()).isEqualTo("market: a bug");
  }
}
