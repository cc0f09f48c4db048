package chase.daemon.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.Reason;
import chase.daemon.bus.Notice;
import chase.daemon.bus.Topic;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CarbonFeedTest {
  private static final FeedTiming TIMING =
      new FeedTiming(
          Duration.ofMillis(100), Duration.ofMillis(5), Duration.ofHours(1), Duration.ofDays(1));

  private final Vertx vertx = Vertx.vertx();
  private final Topic<CarbonOutlook> topic = new Topic<>(vertx, CarbonOutlook.class);
  private final Topic<Notice> notices = new Topic<>(vertx, Notice.class);
  private final FakeSource source = new FakeSource(300, InstantSource.system());
  private final List<CarbonOutlook> outlooks = new CopyOnWriteArrayList<>();
  private final List<String> said = new CopyOnWriteArrayList<>();
  private final CarbonFeed feed =
      new CarbonFeed(source, TIMING, InstantSource.system(), topic, notices);

  @BeforeEach
  void start() throws Exception {
    topic.subscribe(outlooks::add);
    notices.subscribe(notice -> said.add(notice.text()));
    vertx.deployVerticle(feed).toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @AfterEach
  void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Test
  void aNumberBecomesAnOutlookWithTheDirtiestAsReference() {
    await().until(() -> !outlooks.isEmpty());
    source.grams(200);
    await().until(() -> outlooks.getLast().now().value().value() == 200);
    CarbonOutlook last = outlooks.getLast();
    assertThat(last.outlook().reference()).isEqualTo(300);
    assertThat(last.outlook().weightAt(last.now().validFrom())).isEqualTo(200);
    assertThat(last.outlook().trustedUntil())
        .isEqualTo(last.now().validTo().plus(Duration.ofHours(1)));
    assertThat(feed.state().current()).isPresent();
    await()
        .untilAsserted(() ->
            assertThat(said)
                .containsExactly(
                    "TEST is at 300 gCO2/kWh (measured), 100 % of the reference 300",
                    "TEST is at 200 gCO2/kWh (measured), 67 % of the reference 300"));
  }

  @Test
  void theSourceIsAskedOffTheEventLoopAndNeverTwiceAtOnce() {
    await().until(() -> source.asked() > 5);
    assertThat(source.lastThread()).contains("carbon-feed").startsWith("VirtualThread");
    assertThat(source.mostAtOnce()).isEqualTo(1);
  }

  @Test
  void aFailureKeepsTheLastNumberAndIsSaidOnce() {
    await().until(() -> feed.state().pollsOk() > 0);
    source.fail(Optional.of(new CarbonUnavailable(Reason.NO_DATA, "fake TEST: no data")));
    await().until(() -> feed.state().pollsFailed() > 2);
    GridState state = feed.state();
    assertThat(state.current().orElseThrow().value().value()).isEqualTo(300);
    assertThat(state.trouble().orElseThrow().reason()).isEqualTo(Reason.NO_DATA);
    assertThat(said).filteredOn("no new number: fake TEST: no data"::equals).hasSize(1);
    source.fail(Optional.empty());
    await().until(() -> feed.state().trouble().isEmpty());
    await().until(() -> said.size() == 3);
  }

  @Test
  void aThrottledFeedWaitsAsLongAsItWasAsked() {
    await().until(() -> feed.state().pollsOk() > 0);
    source.fail(
        Optional.of(
            new CarbonUnavailable(
                Reason.THROTTLED, "slow down", Optional.of(Duration.ofHours(1)))));
    await().until(() -> feed.state().pollsFailed() == 1);
    int asked = source.asked();
    await().during(Duration.ofMillis(400)).until(() -> source.asked() == asked);
  }

  @Test
  void aGridWithoutAnyEmissionsIsClean() {
    source.grams(0);
    await().until(() -> feed.state().current().filter(c -> c.value().value() == 0).isPresent());
    assertThat(feed.state().reference().orElseThrow()).isGreaterThan(0);
  }

  @Test
  void aSilentSourceHoldsUpNoStop() throws Exception {
    source.fallSilent();
    int asked = source.asked();
    await().until(() -> source.asked() > asked);
    vertx
        .undeploy(feed.deploymentID())
        .toCompletionStage()
        .toCompletableFuture()
        .get(5, TimeUnit.SECONDS);
    assertThat(feed.state().trouble()).isEmpty();
  }
}
