package chase.daemon.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.Region;
import chase.carbon.fallback.FallbackRules;
import chase.carbon.fallback.PollPolicy;
import chase.daemon.events.Notification;
import chase.daemon.events.Topic;
import chase.zeus.policy.EnergyOutlook;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Other providers while the feed runs. */
class GridReplacementTest {
  private static final Duration DAY = Duration.ofDays(1);
  private static final SignalSettings.SignalTiming TIMING =
      new SignalSettings.SignalTiming(
          Duration.ofMillis(50), Duration.ofMillis(5), Duration.ofHours(1), DAY, DAY, DAY);
  private static final PollPolicy PACE =
      new PollPolicy(TIMING.pollPeriod(), TIMING.minimumPause(), 0);
  private static final FallbackRules RULES =
      new FallbackRules(Duration.ofHours(1), DAY, DAY, false);

  private final Vertx vertx = Vertx.vertx();
  private final Topic<EnergyOutlook> topic = new Topic<>(vertx, EnergyOutlook.class);
  private final FakeCarbonProvider first = new FakeCarbonProvider(300, InstantSource.system());
  private final FakeCarbonProvider second = new FakeCarbonProvider(500, InstantSource.system());
  private final FakePriceProvider market =
      new FakePriceProvider(InstantSource.system(), Duration.ofHours(1));
  private final List<EnergyOutlook> outlooks = new CopyOnWriteArrayList<>();
  private final List<String> closed = new CopyOnWriteArrayList<>();
  private final GridFeed feed =
      new GridFeed(
          carbon(first, SignalMemory.none()),
          InstantSource.system(),
          topic,
          new Topic<>(vertx, Notification.class));

  @BeforeEach
  void theFirstProviderAnswers() throws Exception {
    topic.subscribe(outlooks::add);
    vertx.deployVerticle(feed).toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    await().until(() -> grams() == 300);
  }

  @AfterEach
  void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private static SignalSettings carbon(FakeCarbonProvider provider, SignalMemory memory) {
    return settings(
        Optional.of(
            new SignalSettings.CarbonSettings(
                List.of(provider),
                Optional.empty(),
                memory,
                RULES,
                PACE,
                DAY,
                TIMING,
                Optional.empty())),
        Optional.empty(),
        SignalWeights.CARBON);
  }

  private static SignalSettings settings(
      Optional<SignalSettings.CarbonSettings> carbon,
      Optional<SignalSettings.PriceSettings> price,
      SignalWeights weights) {
    return new SignalSettings(carbon, price, weights, new Region("TEST"), TIMING.maxAge(), () -> 0);
  }

  private void replace(SignalSettings others) {
    feed.replace(others, () -> closed.add("closed"));
  }

  private double grams() {
    return feed.state().current().map(now -> now.value().value()).orElse(-1.0);
  }

  @Test
  void theLastNumberCountsUntilTheNewProviderHasOne() throws Exception {
    second.fail(Optional.of(new CarbonUnavailable(FailureReason.NO_DATA, "fake: no number yet")));
    replace(carbon(second, SignalMemory.none()));
    await().until(() -> second.asked() > 0);
    int asked = first.asked();
    assertThat(grams()).isEqualTo(300);
    assertThat(outlooks.getLast().trustedAt(Instant.now())).isTrue();
    second.fail(Optional.empty());
    await().until(() -> grams() == 500);
    assertThat(first.asked()).as("the old provider is polled no more").isEqualTo(asked);
    assertThat(outlooks.getLast().slots().getFirst().weight()).isEqualTo(500);
  }

  @Test
  void whyTheNewProviderHasNoNumberIsShownBesideTheLastOne() throws Exception {
    second.fail(
        Optional.of(new CarbonUnavailable(FailureReason.BAD_KEY, "fake: the key is wrong")));
    replace(carbon(second, SignalMemory.none()));
    await().until(() -> feed.state().failure().isPresent());
    assertThat(feed.state().failure().orElseThrow().message()).isEqualTo("fake: the key is wrong");
    assertThat(grams()).isEqualTo(300);
    assertThat(outlooks.getLast().trustedAt(Instant.now())).isTrue();
  }

  /** Both keep their past in the same files. */
  @Test
  void thePresentSourcesAreClosedBeforeTheOthersLoadTheirPast() throws Exception {
    CompletableFuture<List<String>> closedAtLoad = new CompletableFuture<>();
    SignalMemory past =
        new SignalMemory() {
          @Override
          public List<CarbonIntensity> load() {
            closedAtLoad.complete(List.copyOf(closed));
            return List.of();
          }

          @Override
          public void add(CarbonIntensity sample) {}
        };
    replace(carbon(second, past));
    assertThat(closedAtLoad.get(10, TimeUnit.SECONDS)).containsExactly("closed");
  }

  @Test
  void withoutAnyProviderNobodyActsOnTheLastNumber() throws Exception {
    replace(settings(Optional.empty(), Optional.empty(), SignalWeights.CARBON));
    await().until(() -> !outlooks.getLast().trustedAt(Instant.now()));
    assertThat(feed.state().provider()).isEqualTo(GridState.NO_PROVIDER);
    assertThat(feed.state().current()).isEmpty();
  }

  @Test
  void aProviderAfterNoneIsPolledAtOnce() throws Exception {
    replace(settings(Optional.empty(), Optional.empty(), SignalWeights.CARBON));
    replace(carbon(second, SignalMemory.none()));
    await().until(() -> grams() == 500);
    await().until(() -> outlooks.getLast().trustedAt(Instant.now()));
  }

  @Test
  void manyReplacementsEndWithTheLastOne() throws Exception {
    for (int i = 0; i < 50; i++) {
      replace(carbon(i % 2 == 0 ? first : second, SignalMemory.none()));
    }
    await().until(() -> grams() == 500);
    await().until(() -> closed.size() == 50);
    int asked = first.asked();
    await().until(() -> second.asked() > 10);
    assertThat(first.asked()).isEqualTo(asked);
  }

  @Test
  void otherWeightsCountWithoutAnotherPoll() throws Exception {
    market.settle(80.0);
    SignalSettings both =
        settings(
            carbon(second, SignalMemory.none()).carbon(),
            Optional.of(new SignalSettings.PriceSettings(market, PACE, TIMING, Optional.of(100.0))),
            SignalWeights.CARBON);
    replace(both);
    await().until(() -> grams() == 500 && feed.state().price().isPresent());
    await().until(() -> feed.state().price().orElseThrow().pollsOk() > 0);
    feed.reweigh(new SignalWeights(0, 1));
    await().until(() -> outlooks.getLast().unit().equals("EUR/MWh"));
    assertThat(feed.state().weights()).isEqualTo(new SignalWeights(0, 1));
  }
}
