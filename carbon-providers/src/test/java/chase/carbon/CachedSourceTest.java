package chase.carbon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import chase.carbon.CarbonUnavailable.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class CachedSourceTest {
  private static final Duration POLL = Duration.ofMinutes(5);

  private final TestClock clock = new TestClock("2026-01-01T00:10:00Z");
  private final Grid grid = new Grid();
  private final CachedSource cached = new CachedSource(grid, POLL, clock);

  @Test
  void aNumberIsReusedUntilItsPeriodEnds() throws Exception {
    CarbonIntensity first = cached.current();
    clock.pass(Duration.ofMinutes(50).minusNanos(1));
    assertThat(cached.current()).isEqualTo(first);
    assertThat(grid.asked).hasValue(1);
    clock.pass(Duration.ofNanos(1));
    assertThat(cached.current().validFrom()).isEqualTo(Instant.parse("2026-01-01T01:00:00Z"));
    assertThat(grid.asked).hasValue(2);
  }

  @Test
  void aNumberOfAPastPeriodIsReusedForThePollPeriod() throws Exception {
    grid.late = Duration.ofHours(3);
    cached.current();
    clock.pass(POLL.minusNanos(1));
    cached.current();
    assertThat(grid.asked).hasValue(1);
    clock.pass(Duration.ofNanos(1));
    cached.current();
    assertThat(grid.asked).hasValue(2);
  }

  @Test
  void aFailureIsForgottenAtOnce() throws Exception {
    grid.failure = Optional.of(new CarbonUnavailable(Reason.PROVIDER_DOWN, "down"));
    assertThat(refused()).hasMessage("down");
    assertThat(refused()).hasMessage("down");
    assertThat(grid.asked).hasValue(2);
    grid.failure = Optional.empty();
    assertThat(cached.current().region()).isEqualTo(grid.region());
  }

  @Test
  void aThrottledProviderIsLeftAloneAsLongAsItAsked() throws Exception {
    grid.failure = throttled(Optional.of(Duration.ofMinutes(20)));
    assertThat(refused().retryAfter()).contains(Duration.ofMinutes(20));
    grid.failure = Optional.empty();
    clock.pass(Duration.ofMinutes(15));
    CarbonUnavailable still = refused();
    assertThat(still.reason()).isEqualTo(Reason.THROTTLED);
    assertThat(still).hasMessage("slow down");
    assertThat(still.retryAfter()).contains(Duration.ofMinutes(5));
    assertThat(grid.asked).hasValue(1);
    clock.pass(Duration.ofMinutes(5));
    cached.current();
    assertThat(grid.asked).hasValue(2);
  }

  @Test
  void aThrottledProviderThatNamesNoTimeIsLeftAloneForThePollPeriod() throws Exception {
    grid.failure = throttled(Optional.empty());
    refused();
    grid.failure = Optional.empty();
    clock.pass(POLL.minusNanos(1));
    assertThat(refused().reason()).isEqualTo(Reason.THROTTLED);
    clock.pass(Duration.ofNanos(1));
    cached.current();
    assertThat(grid.asked).hasValue(2);
  }

  @Test
  void noProviderIsLeftAloneForMoreThanADay() throws Exception {
    grid.failure = throttled(Optional.of(Duration.ofDays(4000)));
    refused();
    grid.failure = Optional.empty();
    clock.pass(Duration.ofDays(1));
    cached.current();
    assertThat(grid.asked).hasValue(2);
  }

  @Test
  void aClockThatWentBackEmptiesTheCache() throws Exception {
    cached.current();
    clock.pass(Duration.ofDays(-7));
    assertThat(cached.current().covers(clock.instant())).isTrue();
    assertThat(grid.asked).hasValue(2);
  }

  @Test
  void manyThreadsShareOneQuestion() throws Exception {
    grid.gate = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<CarbonIntensity>> answers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        answers.add(threads.submit(cached::current));
      }
      await().until(() -> grid.asked.get() == 1);
      grid.gate.countDown();
      for (Future<CarbonIntensity> answer : answers) {
        assertThat(answer.get().region()).isEqualTo(grid.region());
      }
    }
    assertThat(grid.asked).hasValue(1);
  }

  @Test
  void anInterruptedQuestionStrandsNobody() throws Exception {
    grid.gate = new CountDownLatch(1);
    AtomicReference<Thread> pilot = new AtomicReference<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<CarbonIntensity> first =
          threads.submit(() -> {
            pilot.set(Thread.currentThread());
            return cached.current();
          });
      await().until(() -> grid.asked.get() == 1);
      AtomicReference<Thread> passenger = new AtomicReference<>();
      Future<CarbonIntensity> second =
          threads.submit(() -> {
            passenger.set(Thread.currentThread());
            return cached.current();
          });
      await()
          .until(
              () -> passenger.get() != null && passenger.get().getState() == Thread.State.WAITING);
      pilot.get().interrupt();
      assertThatThrownBy(first::get).hasCauseInstanceOf(InterruptedException.class);
      grid.gate.countDown();
      assertThat(second.get().region()).isEqualTo(grid.region());
    }
    assertThat(grid.asked).hasValue(2);
  }

  @Test
  void aBugInTheSourceReachesTheCallerAndIsNotKept() throws Exception {
    grid.bug = true;
    assertThatThrownBy(cached::current).isInstanceOf(IllegalStateException.class);
    grid.bug = false;
    assertThat(cached.current().region()).isEqualTo(grid.region());
  }

  @Test
  void aNegativePollPeriodIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CachedSource(grid, Duration.ofSeconds(-1), clock))
        .withMessage("minimum poll period is negative: PT-1S");
  }

  private static Optional<CarbonUnavailable> throttled(Optional<Duration> retryAfter) {
    return Optional.of(new CarbonUnavailable(Reason.THROTTLED, "slow down", retryAfter));
  }

  private CarbonUnavailable refused() {
    return catchThrowableOfType(CarbonUnavailable.class, cached::current);
  }

  /** A grid that knows every whole hour, {@code late} hours after it. */
  private final class Grid implements CarbonSource {
    private final AtomicInteger asked = new AtomicInteger();
    private volatile Duration late = Duration.ZERO;
    private volatile Optional<CarbonUnavailable> failure = Optional.empty();
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile boolean bug;

    @Override
    public String provider() {
      return "grid";
    }

    @Override
    public Region region() {
      return new Region("X");
    }

    @Override
    public CarbonIntensity current() throws CarbonUnavailable, InterruptedException {
      asked.incrementAndGet();
      gate.await();
      if (bug) {
        throw new IllegalStateException("bug");
      }
      if (failure.isPresent()) {
        throw failure.get();
      }
      Instant now = clock.instant();
      Instant hour = now.truncatedTo(ChronoUnit.HOURS).minus(late);
      return new CarbonIntensity(
          new GramsPerKwh(300),
          new Signal(Signal.Margin.AVERAGE, Signal.Scope.DIRECT),
          new Origin.Measured(),
          provider(),
          region(),
          hour,
          hour.plus(Duration.ofHours(1)),
          hour,
          now,
          Optional.empty());
    }
  }
}
