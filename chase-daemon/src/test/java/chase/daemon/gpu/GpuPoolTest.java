package chase.daemon.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import chase.daemon.fixtures.FakeGpu;
import chase.daemon.fixtures.FakeGpus;
import chase.daemon.gpu.journal.GpuJournals;
import chase.zeus.engine.Event;
import chase.zeus.engine.GpuView.GpuContact.ContactState;
import chase.zeus.engine.Order;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuException.Kind;
import chase.zeus.gpu.Gpus;
import chase.zeus.unit.Watts;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GpuPoolTest {
  private static final Watts ORIGINAL = new Watts(400);
  private static final GpuTiming TIMING =
      new GpuTiming(Duration.ofMillis(20), Duration.ofMillis(300), Duration.ofMillis(10));

  @TempDir Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final FakeGpu gpu = new FakeGpu(0);
  private final FakeGpu other = new FakeGpu(1);
  private final FakeGpus driver = new FakeGpus(List.of(gpu, other));
  private final List<Event> events = new CopyOnWriteArrayList<>();
  private final AtomicInteger openings = new AtomicInteger();
  private volatile Optional<String> module = Optional.of("loaded first");
  private final GpuBackend backend =
      new GpuBackend() {
        @Override
        public Gpus open() throws GpuException {
          return GpuPoolTest.this.open();
        }

        @Override
        public Optional<String> loadedModule() {
          return module;
        }
      };
  private volatile Optional<Gpus> opened = Optional.of(driver);
  private GpuPool pool;

  @BeforeEach
  void start() throws Exception {
    GpuJournals journals = GpuJournals.open(directory, InstantSource.system());
    pool =
        new GpuPool(
            vertx, backend, Optional.of(journals), TIMING, InstantSource.system(), events::add);
    onContext(go -> pool.start());
  }

  private Gpus open() throws GpuException {
    openings.incrementAndGet();
    return opened.orElseThrow(() -> new GpuException(Kind.REOPEN, "no driver"));
  }

  private <T> T onContext(Function<Context, Future<T>> work) throws Exception {
    CompletableFuture<T> done = new CompletableFuture<>();
    context.runOnContext(
        go -> work.apply(context).onSuccess(done::complete).onFailure(done::completeExceptionally));
    return done.get(10, TimeUnit.SECONDS);
  }

  @AfterEach
  void stop() throws Exception {
    gpu.release();
    other.release();
    onContext(go -> pool.close());
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private void order(FakeGpu target, double limit) {
    Order order = new Order(target.traits().id(), new Watts(limit), target.requested(), ORIGINAL);
    context.runOnContext(go -> pool.carryOut(order));
  }

  private <E extends Event> List<E> seen(Class<E> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  private boolean answering() throws Exception {
    return onContext(
        go -> Future.succeededFuture(pool.isAnswering(InstantSource.system().instant())));
  }

  @Test
  void everyGpuIsOpenedBeforeTheStartCompletes() {
    assertThat(seen(Event.GpuOpened.class))
        .extracting(opened -> opened.traits().index())
        .containsExactlyInAnyOrder(0, 1);
  }

  @Test
  void anOrderIsCarriedOutOnTheGpusOwnThread() {
    order(gpu, 250);
    await().until(() -> !seen(Event.LimitApplied.class).isEmpty());
    assertThat(gpu.requested()).isEqualTo(new Watts(250));
    assertThat(gpu.threads())
        .hasSize(1)
        .doesNotContainAnyElementsOf(other.threads())
        .allSatisfy(name -> assertThat(name).doesNotContain("eventloop"));
  }

  @Test
  void telemetryReadsEveryGpuAgainAndAgain() throws Exception {
    await().until(() -> gpu.reads() > 3 && other.reads() > 3);
    assertThat(seen(Event.ReadingTaken.class)).hasSizeGreaterThan(3);
    assertThat(answering()).isTrue();
  }

  @Test
  void aRefusedWriteIsReportedWithItsKind() {
    gpu.failWrites(Optional.of(Kind.REFUSED));
    order(gpu, 250);
    await().until(() -> !seen(Event.LimitFailed.class).isEmpty());
    assertThat(seen(Event.LimitFailed.class).getFirst().kind()).isEqualTo(Kind.REFUSED);
    assertThat(seen(Event.LimitFailed.class).getFirst().why()).isEqualTo("write: REFUSED");
  }

  @Test
  void aLostGpuIsReportedOnceAndTheOthersGoOn() {
    gpu.fail(Optional.of(Kind.LOST));
    await().until(() -> !seen(Event.GpuLost.class).isEmpty());
    int before = other.reads();
    await().until(() -> other.reads() > before + 3);
    assertThat(seen(Event.GpuLost.class)).hasSize(1);
  }

  @Test
  void aLostGpuThatComesBackIsOpenedAgain() {
    gpu.fail(Optional.of(Kind.LOST));
    await().until(() -> !seen(Event.GpuLost.class).isEmpty());
    gpu.fail(Optional.empty());
    await().until(() -> seen(Event.GpuOpened.class).size() == 3);
  }

  @Test
  void aHungGpuIsReportedAndBlocksNoOther() throws Exception {
    gpu.hang();
    await().until(() -> !seen(Event.GpuLost.class).isEmpty());
    assertThat(seen(Event.GpuLost.class).getFirst().why()).isEqualTo("no answer within 300 ms");
    int before = other.reads();
    order(other, 300);
    await().until(() -> other.reads() > before + 3);
    await().until(() -> other.requested().equals(new Watts(300)));
    assertThat(answering()).isTrue();
  }

  @Test
  void whenEveryGpuHangsThePoolIsNotAnswering() {
    gpu.hang();
    other.hang();
    await().until(() -> !answering());
    gpu.release();
    await().until(this::answering);
  }

  @Test
  void aWriteThatHungIsUndoneWhenTheGpuAnswersAgain() {
    gpu.beforeWrite(gpu::hang);
    order(gpu, 250);
    await().until(() -> gpu.requested().equals(new Watts(250)));
    await().until(() -> !seen(Event.GpuLost.class).isEmpty());
    gpu.beforeWrite(() -> {});
    gpu.release();
    await().until(() -> seen(Event.GpuOpened.class).size() == 3);
    assertThat(gpu.requested()).isEqualTo(ORIGINAL);
    assertThat(seen(Event.GpuOpened.class).getLast().limits().orElseThrow().requested())
        .isEqualTo(ORIGINAL);
    assertThat(seen(Event.LimitApplied.class)).isEmpty();
  }

  @Test
  void anOrderThatWaitedBehindAHungCallIsNeverWritten() {
    int before = gpu.reads();
    await().until(() -> gpu.reads() > before);
    gpu.hang();
    order(gpu, 250);
    await().until(() -> !seen(Event.GpuLost.class).isEmpty());
    gpu.release();
    await().until(() -> seen(Event.GpuOpened.class).size() == 3);
    assertThat(gpu.writes()).doesNotContain(new Watts(250));
  }

  @Test
  void aDriverThatWentAwayIsOpenedAgainWithItsLimitsBack() {
    order(gpu, 250);
    await().until(() -> !seen(Event.LimitApplied.class).isEmpty());
    opened = Optional.empty();
    gpu.fail(Optional.of(Kind.REOPEN));
    await().until(() -> seen(Event.GpuLost.class).size() == 2);
    await().until(() -> openings.get() > 2);
    assertThat(driver.closed()).isTrue();
    gpu.fail(Optional.empty());
    opened = Optional.of(new FakeGpus(List.of(gpu)));
    await().until(() -> seen(Event.GpuOpened.class).size() == 3);
    assertThat(gpu.requested()).isEqualTo(ORIGINAL);
    int reads = gpu.reads();
    await().until(() -> gpu.reads() > reads + 2);
  }

  private void release(Duration lasting) throws Exception {
    onContext(go -> pool.release(InstantSource.system().instant().plus(lasting)));
  }

  @Test
  void aReleasedDriverIsClosedWithItsLimitsBackAndStaysClosed() throws Exception {
    order(gpu, 250);
    await().until(() -> !seen(Event.LimitApplied.class).isEmpty());
    release(Duration.ofHours(1));
    assertThat(gpu.requested()).isEqualTo(ORIGINAL);
    assertThat(driver.closed()).isTrue();
    assertThat(pool.driver().word()).isEqualTo("released");
    assertThat(seen(Event.GpuLost.class))
        .hasSize(2)
        .allSatisfy(lost -> assertThat(lost.how()).isEqualTo(ContactState.RELEASED));
    int reads = gpu.reads() + other.reads();
    order(gpu, 300);
    release(Duration.ofHours(2));
    assertThat(answering()).isTrue();
    assertThat(gpu.reads() + other.reads()).isEqualTo(reads);
    assertThat(gpu.requested()).isEqualTo(ORIGINAL);
    assertThat(openings).hasValue(1);
  }

  @Test
  void aReleaseEndsByItselfWhenItsTimeIsOver() throws Exception {
    release(Duration.ofMillis(200));
    await().until(() -> seen(Event.GpuOpened.class).size() == 4);
    assertThat(pool.driver()).isEqualTo(new DriverState.Open());
  }

  @Test
  void aReleaseEndsWhenAnOperatorWantsIt() throws Exception {
    release(Duration.ofHours(1));
    onContext(go -> pool.endRelease());
    await().until(() -> seen(Event.GpuOpened.class).size() == 4);
    onContext(go -> pool.endRelease());
    assertThat(openings).hasValue(2);
  }

  @Test
  void aDriverThatIsNotThereAfterAReleaseIsWaitedFor() throws Exception {
    opened = Optional.empty();
    release(Duration.ofHours(1));
    onContext(go -> pool.endRelease());
    assertThat(pool.driver()).isEqualTo(new DriverState.Missing("no driver"));
    opened = Optional.of(new FakeGpus(List.of(gpu)));
    await().until(() -> seen(Event.GpuOpened.class).size() == 3);
  }

  @Test
  void aDriverIsReleasedAllTheSameWhereALimitCannotBeRestored() throws Exception {
    order(gpu, 250);
    await().until(() -> !seen(Event.LimitApplied.class).isEmpty());
    gpu.failWrites(Optional.of(Kind.RETRY));
    assertThatThrownBy(() -> release(Duration.ofHours(1)))
        .hasMessageContaining("GPU 0 (GPU-0) could not be set back to 400 W: write: RETRY");
    assertThat(driver.closed()).isTrue();
    gpu.failWrites(Optional.empty());
    onContext(go -> pool.endRelease());
    await().until(() -> gpu.requested().equals(ORIGINAL));
  }

  @Test
  void aGpuThatHangsKeepsTheDriverInUseAndTheOthersAreRestored() throws Exception {
    order(other, 250);
    await().until(() -> !seen(Event.LimitApplied.class).isEmpty());
    gpu.hang();
    await().until(() -> !seen(Event.GpuLost.class).isEmpty());
    assertThatThrownBy(() -> release(Duration.ofHours(1)))
        .hasMessageContaining("GPU 0 (GPU-0): it does not answer")
        .hasMessageContaining("no answer within 300 ms");
    assertThat(other.requested()).isEqualTo(ORIGINAL);
    assertThat(pool.driver().word()).isEqualTo("released");
  }

  @Test
  void aGpuThatFailsForLongIsOpenedAnewAndTheOthersGoOn() {
    gpu.fail(Optional.of(Kind.RETRY));
    await().until(() -> !seen(Event.GpuLost.class).isEmpty());
    assertThat(seen(Event.GpuLost.class))
        .allSatisfy(lost -> assertThat(lost.gpu()).isEqualTo(gpu.traits().id()))
        .first()
        .satisfies(lost -> assertThat(lost.why()).matches("no reading for \\d+ s: call: RETRY"));
    assertThat(seen(Event.ReadingFailed.class)).hasSizeGreaterThan(3);
    gpu.fail(Optional.empty());
    await().until(() -> seen(Event.GpuOpened.class).size() == 3);
    assertThat(openings).hasValue(1);
    assertThat(driver.closed()).isFalse();
  }

  @Test
  void whereEveryGpuFailsForLongTheDriverIsOpenedAnew() {
    gpu.fail(Optional.of(Kind.REFUSED));
    other.fail(Optional.of(Kind.RETRY));
    await().until(() -> openings.get() == 2);
    assertThat(seen(Event.GpuLost.class)).hasSize(2);
    gpu.fail(Optional.empty());
    other.fail(Optional.empty());
    await().until(() -> seen(Event.GpuOpened.class).size() == 4);
  }

  @Test
  void aGpuThatFailsNowAndThenIsNotOpenedAnew() {
    for (int times = 0; times < 5; times++) {
      int failed = seen(Event.ReadingFailed.class).size();
      gpu.fail(Optional.of(Kind.RETRY));
      await().until(() -> seen(Event.ReadingFailed.class).size() > failed + 20);
      int read = gpu.reads();
      gpu.fail(Optional.empty());
      await().until(() -> gpu.reads() > read + 1);
    }
    assertThat(seen(Event.GpuLost.class)).isEmpty();
  }
}
