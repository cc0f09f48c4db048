package chase.daemon.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.Region;
import chase.carbon.fallback.FallbackLevel;
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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GridFeedTest {
  private static final Duration DAY = Duration.ofDays(1);
  private static final SignalSettings.SignalTiming TIMING =
      new SignalSettings.SignalTiming(
          Duration.ofMillis(100), Duration.ofMillis(5), Duration.ofHours(1), DAY, DAY, DAY);
  private static final PollPolicy PACE =
      new PollPolicy(TIMING.pollPeriod(), TIMING.minimumPause(), 0);

  private final Vertx vertx = Vertx.vertx();
  private final Topic<EnergyOutlook> topic = new Topic<>(vertx, EnergyOutlook.class);
  private final Topic<Notification> notifications = new Topic<>(vertx, Notification.class);
  private final FakeCarbonProvider source = new FakeCarbonProvider(300, InstantSource.system());
  private final FakePriceProvider market =
      new FakePriceProvider(InstantSource.system(), Duration.ofHours(1));
  private final Remembered past = new Remembered();
  private final List<EnergyOutlook> outlooks = new CopyOnWriteArrayList<>();
  private final List<String> published = new CopyOnWriteArrayList<>();

  /** A past that a test made up, and what was kept of it. */
  private static final class Remembered implements SignalMemory {
    private volatile List<CarbonIntensity> stored = List.of();
    private volatile Optional<RuntimeException> bug = Optional.empty();
    private volatile Optional<List<CarbonIntensity>> missing = Optional.empty();
    private final CountDownLatch fetched = new CountDownLatch(1);
    private final CountDownLatch told = new CountDownLatch(1);
    private final List<CarbonIntensity> kept = new CopyOnWriteArrayList<>();

    @Override
    public List<CarbonIntensity> load() {
      if (bug.isPresent()) {
        throw bug.get();
      }
      return stored;
    }

    /** A provider that takes its time. */
    @Override
    public List<CarbonIntensity> fetchMissing() throws InterruptedException {
      if (missing.isEmpty()) {
        return List.of();
      }
      fetched.countDown();
      told.await();
      return missing.get();
    }

    @Override
    public void add(CarbonIntensity sample) {
      kept.add(sample);
    }
  }

  @BeforeEach
  void listen() {
    topic.subscribe(outlooks::add);
    notifications.subscribe(notice -> published.add(notice.text()));
  }

  @AfterEach
  void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private GridFeed start(SignalWeights weights) throws Exception {
    return start(weights, new FallbackRules(Duration.ofHours(1), DAY, DAY, false));
  }

  private GridFeed start(SignalWeights weights, FallbackRules rules) throws Exception {
    SignalSettings.CarbonSettings carbon =
        new SignalSettings.CarbonSettings(
            List.of(source), Optional.empty(), past, rules, PACE, DAY, TIMING, Optional.empty());
    SignalSettings sources =
        new SignalSettings(
            Optional.of(carbon).filter(signal -> weights.carbon() > 0),
            Optional.of(new SignalSettings.PriceSettings(market, PACE, TIMING, Optional.of(100.0)))
                .filter(signal -> weights.price() > 0),
            weights,
            new Region("TEST"),
            TIMING.maxAge(),
            () -> 0);
    GridFeed feed = new GridFeed(sources, InstantSource.system(), topic, notifications);
    vertx.deployVerticle(feed).toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    return feed;
  }

  private static double current(GridFeed feed) {
    return feed.state().current().map(now -> now.value().value()).orElse(-1.0);
  }

  @Test
  void aProviderThatHasNotAnsweredYetIsNamed() throws Exception {
    source.fallSilent();
    GridFeed feed = start(SignalWeights.CARBON);
    assertThat(feed.state().provider()).isEqualTo("fake");
    assertThat(feed.state().region()).isEqualTo(new Region("TEST"));
    assertThat(feed.state().isWaiting()).isTrue();
    assertThat(feed.state().waitingSince().orElseThrow()).isBeforeOrEqualTo(Instant.now());
  }

  @Test
  void whyThereIsNoNumberIsKnownWhileTheForecastHangs() throws Exception {
    source.fail(Optional.of(new CarbonUnavailable(FailureReason.PROVIDER_DOWN, "fake: down")));
    source.fallSilentAboutTheFuture();
    GridFeed feed = start(SignalWeights.CARBON);
    await().until(() -> feed.state().failure().isPresent());
    assertThat(feed.state().failure().orElseThrow().message()).isEqualTo("fake: down");
    assertThat(feed.state().pollsFailed()).isZero();
    await().untilAsserted(() -> assertThat(published).contains("no new number: fake: down"));
  }

  @Test
  void aProviderThatBreaksIsPolledAgainAndItsTroubleIsLogged() throws Exception {
    source.breakDown(Optional.of(new ArithmeticException("long overflow")));
    GridFeed feed = start(SignalWeights.CARBON);
    await().until(() -> feed.state().failure().isPresent());
    assertThat(feed.state().failure().orElseThrow().message())
        .isEqualTo(
            "fake TEST: its answer could not be handled, which is a bug in Chase:"
                + " java.lang.ArithmeticException: long overflow");
    source.breakDown(Optional.empty());
    await().until(() -> current(feed) == 300);
    assertThat(feed.state().failure()).isEmpty();
  }

  @Test
  void noDateOfAnAnswerEndsTheFeed() throws Exception {
    GridFeed feed = start(SignalWeights.CARBON);
    List<Instant> dates =
        List.of(
            Instant.MIN.plusSeconds(1),
            Instant.parse("0001-01-01T00:00:00Z"),
            Instant.EPOCH.minusSeconds(1),
            Instant.parse("2200-01-01T00:00:00Z"),
            Instant.parse("+292278994-08-17T07:12:55Z"),
            Instant.MAX);
    double grams = 300;
    for (Instant date : dates) {
      source.date(Optional.of(date));
      int asked = source.asked();
      await().until(() -> source.asked() > asked + 2);
      source.date(Optional.empty());
      grams++;
      source.grams(grams);
      double good = grams;
      await().until(() -> current(feed) == good);
    }
  }

  @Test
  void aPastThatBreaksCostsThePastAndNothingElse() throws Exception {
    past.bug = Optional.of(new IllegalStateException("no such year"));
    GridFeed feed = start(SignalWeights.CARBON);
    await().until(() -> current(feed) == 300);
  }

  @Test
  void aNumberBecomesAnOutlookWithTheDirtiestAsReference() throws Exception {
    GridFeed feed = start(SignalWeights.CARBON);
    await().until(() -> !outlooks.isEmpty());
    source.grams(250);
    await().until(() -> current(feed) == 250);
    await().until(() -> outlooks.getLast().weightAt(Instant.now()) == 250);
    assertThat(outlooks.getLast().reference()).isEqualTo(300);
    assertThat(feed.state().level()).isEqualTo(FallbackLevel.LIVE);
    await()
        .untilAsserted(() ->
            assertThat(published)
                .containsExactly(
                    "TEST is at 300 gCO2/kWh (measured), 100 % of the reference 300",
                    "TEST is at 250 gCO2/kWh (measured), 83 % of the reference 300"));
    assertThat(past.kept).isNotEmpty();
  }

  @Test
  void theProviderIsPolledOffTheEventLoopAndNeverTwiceAtOnce() throws Exception {
    start(SignalWeights.CARBON);
    await().until(() -> source.asked() > 5);
    assertThat(source.lastThread()).contains("carbon-feed").startsWith("VirtualThread");
    assertThat(source.mostAtOnce()).isEqualTo(1);
  }

  @Test
  void aRememberedPastIsTheReferenceOfTheFirstNumber() throws Exception {
    Instant now = Instant.now();
    past.stored =
        IntStream.range(0, 30)
            .mapToObj(i -> now.minus(Duration.ofHours(30 - i)))
            .map(from -> FakeCarbonProvider.number(700, from, from.plus(Duration.ofHours(1))))
            .toList();
    source.grams(600);
    GridFeed feed = start(SignalWeights.CARBON);
    await().until(() -> current(feed) == 600);
    assertThat(feed.state().reference()).hasValue(700.0);
  }

  @Test
  void theFirstNumberWaitsForNoPastAndIsReferredToItAfterwards() throws Exception {
    Instant now = Instant.now();
    past.missing =
        Optional.of(
            IntStream.range(0, 30)
                .mapToObj(i -> now.minus(Duration.ofHours(30 - i)))
                .map(from -> FakeCarbonProvider.number(700, from, from.plus(Duration.ofHours(1))))
                .toList());
    source.grams(600);
    source.fail(Optional.of(new CarbonUnavailable(FailureReason.PROVIDER_DOWN, "fake: down")));
    GridFeed feed = start(SignalWeights.CARBON);
    await().until(() -> feed.state().pollsFailed() > 2);
    assertThat(past.fetched.getCount()).as("nothing more is asked of it").isEqualTo(1);
    source.fail(Optional.empty());
    assertThat(past.fetched.await(10, TimeUnit.SECONDS)).isTrue();
    await().until(() -> !outlooks.isEmpty());
    assertThat(current(feed)).isEqualTo(600);
    assertThat(outlooks.getFirst().reference()).isEqualTo(600);
    assertThat(past.kept).isEmpty();
    past.told.countDown();
    await().until(() -> feed.state().reference().equals(Optional.of(700.0)));
    await().until(() -> !past.kept.isEmpty());
    assertThat(feed.past().intensities()).hasSizeGreaterThan(20);
  }

  @Test
  void anOutageIsLoggedOnceAndTheLastNumberGoesOnCounting() throws Exception {
    GridFeed feed = start(SignalWeights.CARBON);
    await().until(() -> feed.state().pollsOk() > 0);
    source.fail(Optional.of(new CarbonUnavailable(FailureReason.NO_DATA, "fake TEST: no data")));
    await().until(() -> feed.state().level() == FallbackLevel.LAST_VALUE);
    await().until(() -> feed.state().pollsFailed() > 2);
    GridState state = feed.state();
    assertThat(state.current().orElseThrow().value().value()).isEqualTo(300);
    assertThat(state.trustedAt(Instant.now())).isTrue();
    assertThat(state.failure().orElseThrow().reason()).isEqualTo(FailureReason.NO_DATA);
    assertThat(outlooks.getLast().trustedUntil())
        .isEqualTo(state.current().orElseThrow().validTo().plus(Duration.ofHours(1)));
    assertThat(published).filteredOn("no new number: fake TEST: no data"::equals).hasSize(1);
    assertThat(published)
        .filteredOn(line -> line.contains("level 3, last-value") && line.endsWith("no data"))
        .hasSize(1);
    source.fail(Optional.empty());
    await().until(() -> feed.state().level() == FallbackLevel.LIVE);
    assertThat(feed.state().failure()).isEmpty();
  }

  @Test
  void afterItsMaximumAgeNothingCountsAnyMore() throws Exception {
    GridFeed feed =
        start(SignalWeights.CARBON, new FallbackRules(Duration.ofMillis(400), DAY, DAY, false));
    await().until(() -> feed.state().pollsOk() > 0);
    source.fail(Optional.of(new CarbonUnavailable(FailureReason.BAD_KEY, "fake TEST: bad key")));
    await().until(() -> feed.state().level() == FallbackLevel.NO_SIGNAL);
    assertThat(feed.state().trustedAt(Instant.now())).isFalse();
    assertThat(feed.state().current()).as("shown, not acted on").isPresent();
    assertThat(outlooks.getLast().trustedAt(Instant.now().plusMillis(1))).isFalse();
  }

  @Test
  void aThrottledFeedWaitsAsLongAsTheProviderDemands() throws Exception {
    GridFeed feed = start(SignalWeights.CARBON);
    await().until(() -> feed.state().pollsOk() > 0);
    source.fail(
        Optional.of(
            new CarbonUnavailable(
                FailureReason.THROTTLED, "slow down", Optional.of(Duration.ofHours(1)))));
    await().until(() -> feed.state().pollsFailed() == 1);
    int asked = source.asked();
    await().during(Duration.ofMillis(400)).until(() -> source.asked() == asked);
  }

  @Test
  void priceAndCarbonAreBlendedAndEitherGoesOnAlone() throws Exception {
    market.settle(50.0, 100.0);
    GridFeed feed = start(new SignalWeights(1, 1));
    await().until(() -> !outlooks.isEmpty() && outlooks.getLast().reference() == 2);
    await().until(() -> outlooks.getLast().weightAt(Instant.now()) == 1.5);
    assertThat(feed.state().price().orElseThrow().trustedAt(Instant.now())).isTrue();
    assertThat(published).contains("energy in ZONE costs 50.00 EUR/MWh (measured)");
  }

  @Test
  void aPriceAloneIsASignalToo() throws Exception {
    market.settle(80.0, 20.0);
    GridFeed feed = start(new SignalWeights(0, 1));
    await().until(() -> !outlooks.isEmpty());
    assertThat(outlooks.getLast().slots()).hasSize(2);
    assertThat(outlooks.getLast().reference()).isEqualTo(100);
    assertThat(outlooks.getLast().trustedAt(Instant.now().plus(Duration.ofHours(2)))).isTrue();
    assertThat(feed.state().provider()).isEqualTo("none");
  }

  @Test
  void aSilentSourceHoldsUpNoStop() throws Exception {
    GridFeed feed = start(SignalWeights.CARBON);
    int asked = source.asked();
    source.fallSilent();
    await().until(() -> source.asked() > asked);
    vertx
        .undeploy(feed.deploymentID())
        .toCompletionStage()
        .toCompletableFuture()
        .get(5, TimeUnit.SECONDS);
    assertThat(feed.state().failure()).isEmpty();
  }
}
