package chase.daemon.page;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.api.PageHistoryBody;
import chase.daemon.api.PageHistoryBody.GpuColumns;
import chase.daemon.fixtures.TestDaemon;
import chase.zeus.engine.Event;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GpuHistoryTest {
  private static final Duration DAY = Duration.ofDays(1);
  private static final Instant NOON = TestDaemon.NOON;

  private final Vertx vertx = Vertx.vertx();
  private final TestDaemon daemon = new TestDaemon(vertx);
  private final GpuHistory history = new GpuHistory("run-1", NOON, DAY);

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private void record(Instant from, Duration length) {
    for (Instant at = from; at.isBefore(from.plus(length)); at = at.plusSeconds(1)) {
      history.add(daemon.snapshot(), at);
    }
  }

  private static GpuColumns first(PageHistoryBody body) {
    return Objects.requireNonNull(body.gpus().get(TestDaemon.FIRST.uuid()));
  }

  @Test
  void theLastQuarterOfAnHourIsFinerThanTheRest() {
    record(NOON, Duration.ofHours(1));
    PageHistoryBody body = history.body();
    assertThat(body.fineSeconds()).isEqualTo(5);
    assertThat(body.coarseSeconds()).isEqualTo(60);
    assertThat(body.time()).isSorted().doesNotHaveDuplicates();
    assertThat(body.time()).hasSizeBetween(180 + 43, 180 + 46);
    assertThat(body.time().getLast() - body.time().get(body.time().size() - 2)).isEqualTo(5);
    assertThat(body.time().get(1) - body.time().getFirst()).isEqualTo(60);
  }

  @Test
  void noMoreThanADayIsKept() {
    for (int hour = 0; hour < 60; hour++) {
      for (int i = 0; i < 60; i++) {
        history.add(daemon.snapshot(), NOON.plusSeconds(3600L * hour + 60L * i));
      }
    }
    assertThat(history.body().time()).hasSizeBetween(1_440, 1_440 + 180);
  }

  @Test
  void whatADayIsInARecordingIsShorterAndFiner() {
    GpuHistory fast = new GpuHistory("run-1", NOON, Duration.ofMinutes(4));
    for (int second = 0; second < 600; second++) {
      fast.add(daemon.snapshot(), NOON.plusSeconds(second));
    }
    assertThat(fast.body().coarseSeconds()).isEqualTo(1);
    assertThat(fast.body().fineSeconds()).isEqualTo(1);
    assertThat(fast.body().time()).hasSize(240);
    assertThat(fast.pointsSince(fast.body().time().get(236)).time()).hasSize(3);
  }

  @Test
  void limitsAndDrawAreThoseOfTheGpu() {
    record(NOON, Duration.ofSeconds(11));
    GpuColumns gpu = first(history.body());
    assertThat(gpu.draw().getFirst()).isEqualTo(401.25f);
    assertThat(gpu.original().getFirst()).isEqualTo(700f);
    assertThat(gpu.floor().getFirst()).isEqualTo(420f);
    assertThat(gpu.requested().getFirst()).isNotNull();
    assertThat(gpu.capped().getFirst()).isNull();
  }

  @Test
  void aGpuThatVanishesHasNoValues() {
    record(NOON, Duration.ofSeconds(10));
    daemon.handle(new Event.GpuLost(TestDaemon.FIRST, "it fell off the bus", NOON));
    record(NOON.plusSeconds(10), Duration.ofSeconds(10));
    GpuColumns gpu = first(history.body());
    assertThat(gpu.draw().getFirst()).isNotNull();
    assertThat(gpu.draw().getLast()).isNull();
    assertThat(gpu.enforced().getLast()).isNull();
    assertThat(gpu.original().getLast()).isEqualTo(700f);
  }

  @Test
  void aClockThatIsSetBackAnHourForgetsTheTimeAhead() {
    record(NOON, Duration.ofMinutes(10));
    Instant back = NOON.minus(Duration.ofHours(1));
    record(back, Duration.ofMinutes(2));
    assertThat(history.body().time())
        .isSorted()
        .isNotEmpty()
        .allMatch(end -> end <= back.plusSeconds(120).getEpochSecond());
  }

  @Test
  void aClockThatIsSetAheadAnHourLeavesAGap() {
    record(NOON, Duration.ofMinutes(2));
    record(NOON.plus(Duration.ofHours(1)), Duration.ofMinutes(2));
    assertThat(history.body().time()).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void beforeTheFirstPointThereIsNothing() {
    assertThat(history.body().time()).isEmpty();
    assertThat(history.pointsSince(0).time()).isEmpty();
  }
}
