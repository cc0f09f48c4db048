package chase.daemon.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import chase.daemon.fixtures.FakeGpu;
import chase.daemon.fixtures.FakeGpus;
import chase.zeus.engine.Event;
import chase.zeus.engine.GpuView.GpuContact.ContactState;
import chase.zeus.gpu.GpuException.Kind;
import chase.zeus.unit.Watts;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code chase release-driver}, as the pool of GPUs does it. */
class DriverReleaseTest {
  @TempDir Path directory;
  private TestPool pool;
  private FakeGpu gpu;
  private FakeGpu other;

  @BeforeEach
  void start() throws Exception {
    pool = new TestPool(directory);
    gpu = pool.gpu;
    other = pool.other;
  }

  @AfterEach
  void stop() throws Exception {
    pool.close();
  }

  private void release(Duration lasting) throws Exception {
    pool.onContext(all -> all.release(InstantSource.system().instant().plus(lasting)));
  }

  private void lower(FakeGpu target) {
    pool.order(target, 250);
    await().until(() -> target.requested().equals(new Watts(250)));
    await().until(() -> !pool.seen(Event.LimitApplied.class).isEmpty());
  }

  @Test
  void aRepeatedReleaseStillSaysWhatIsNotRestored() throws Exception {
    lower(gpu);
    gpu.failWrites(Optional.of(Kind.RETRY));
    String why = "GPU 0 (GPU-0) could not be set back to 400 W: write: RETRY";
    assertThatThrownBy(() -> release(Duration.ofHours(1))).hasRootCauseMessage(why);
    assertThatThrownBy(() -> release(Duration.ofHours(2))).hasRootCauseMessage(why);
    gpu.failWrites(Optional.empty());
  }

  @Test
  void aRepeatedReleaseOfADriverInUseFailsUntilTheHungCallReturns() throws Exception {
    gpu.hang();
    await().until(() -> !pool.seen(Event.GpuLost.class).isEmpty());
    assertThatThrownBy(() -> release(Duration.ofHours(1)))
        .hasRootCauseMessage("no answer within 300 ms");
    assertThatThrownBy(() -> release(Duration.ofHours(1)))
        .hasRootCauseMessage("no answer within 300 ms");
    gpu.release();
    release(Duration.ofHours(1));
    assertThat(pool.driver.closed()).isTrue();
  }

  @Test
  void aReleaseOfADriverThatIsAwaySaysWhatStaysOnRecord() throws Exception {
    lower(gpu);
    pool.opened = Optional.empty();
    gpu.fail(Optional.of(Kind.REOPEN));
    await().until(() -> pool.openings.get() > 1);
    assertThatThrownBy(() -> release(Duration.ofHours(1)))
        .hasRootCauseMessage("GPU-0 is not here; what is on record of it stays there");
    assertThat(pool.pool.driver().word()).isEqualTo("released");
    gpu.fail(Optional.empty());
  }

  @Test
  void aDriverThatIsBeingOpenedIsReleasedOnceItIsClosedAgain() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    FakeGpus late = new FakeGpus(List.of(gpu));
    pool.inOpening = () -> await().until(() -> gate.getCount() == 0);
    pool.opened = Optional.of(late);
    gpu.fail(Optional.of(Kind.REOPEN));
    await().until(() -> pool.openings.get() == 2);
    assertThatThrownBy(() -> release(Duration.ofHours(1)))
        .hasRootCauseMessage("no answer within 300 ms");
    gate.countDown();
    release(Duration.ofHours(1));
    assertThat(late.closed()).isTrue();
    assertThat(pool.pool.driver().word()).isEqualTo("released");
    gpu.fail(Optional.empty());
  }

  @Test
  void aDriverThatIsOpenedWhileItsReleaseGoesOnStaysOpen() throws Exception {
    gpu.hang();
    await().until(() -> !pool.seen(Event.GpuLost.class).isEmpty());
    FakeGpus next = new FakeGpus(List.of(other));
    var released =
        pool.begin(all -> all.release(InstantSource.system().instant().plusSeconds(3600)));
    pool.opened = Optional.of(next);
    pool.onContext(GpuPool::endRelease);
    gpu.release();
    await().until(released::isDone);
    await().until(pool.driver::closed);
    int reads = other.reads();
    await().until(() -> other.reads() > reads + 2);
    assertThat(next.closed()).isFalse();
  }

  @Test
  void aStopWaitsForTheWritesOfAReleaseAndKnowsThoseThatHang() throws Exception {
    lower(gpu);
    gpu.beforeWrite(gpu::hang);
    var _ = pool.begin(all -> all.release(InstantSource.system().instant().plusSeconds(3600)));
    var stopped = pool.begin(GpuPool::close);
    await().until(pool.driver::closed);
    assertThat(pool.pool.hungWrites()).containsExactly(gpu.traits().id());
    assertThat(stopped).isNotDone();
    gpu.release();
    await().until(stopped::isDone);
    assertThat(pool.pool.hungWrites()).isEmpty();
  }

  @Test
  void aReleasedDriverIsClosedWithItsLimitsBackAndStaysClosed() throws Exception {
    lower(gpu);
    release(Duration.ofHours(1));
    assertThat(gpu.requested()).isEqualTo(TestPool.ORIGINAL);
    assertThat(pool.driver.closed()).isTrue();
    assertThat(pool.pool.driver().word()).isEqualTo("released");
    assertThat(pool.seen(Event.GpuLost.class))
        .hasSize(2)
        .allSatisfy(lost -> assertThat(lost.how()).isEqualTo(ContactState.RELEASED));
    int reads = gpu.reads() + other.reads();
    pool.order(gpu, 300);
    release(Duration.ofHours(2));
    assertThat(pool.answering()).isTrue();
    assertThat(gpu.reads() + other.reads()).isEqualTo(reads);
    assertThat(gpu.requested()).isEqualTo(TestPool.ORIGINAL);
    assertThat(pool.openings).hasValue(1);
  }

  @Test
  void aReleaseEndsByItselfWhenItsTimeIsOver() throws Exception {
    release(Duration.ofMillis(200));
    await().until(() -> pool.seen(Event.GpuOpened.class).size() == 4);
    assertThat(pool.pool.driver()).isEqualTo(new DriverState.Open());
  }

  @Test
  void aReleaseEndsWhenAnOperatorWantsIt() throws Exception {
    release(Duration.ofHours(1));
    pool.onContext(GpuPool::endRelease);
    await().until(() -> pool.seen(Event.GpuOpened.class).size() == 4);
    pool.onContext(GpuPool::endRelease);
    assertThat(pool.openings).hasValue(2);
  }

  @Test
  void aDriverThatIsNotThereAfterAReleaseIsWaitedFor() throws Exception {
    pool.opened = Optional.empty();
    release(Duration.ofHours(1));
    pool.onContext(GpuPool::endRelease);
    assertThat(pool.pool.driver()).isEqualTo(new DriverState.Missing("no driver"));
    pool.opened = Optional.of(new FakeGpus(List.of(gpu)));
    await().until(() -> pool.seen(Event.GpuOpened.class).size() == 3);
  }

  @Test
  void aDriverIsReleasedAllTheSameWhereALimitCannotBeRestored() throws Exception {
    lower(gpu);
    gpu.failWrites(Optional.of(Kind.RETRY));
    assertThatThrownBy(() -> release(Duration.ofHours(1)))
        .hasMessageContaining("GPU 0 (GPU-0) could not be set back to 400 W: write: RETRY");
    assertThat(pool.driver.closed()).isTrue();
    gpu.failWrites(Optional.empty());
    pool.onContext(GpuPool::endRelease);
    await().until(() -> gpu.requested().equals(TestPool.ORIGINAL));
  }

  @Test
  void aGpuThatHangsKeepsTheDriverInUseAndTheOthersAreRestored() throws Exception {
    lower(gpu);
    lower(other);
    gpu.hang();
    await().until(() -> !pool.seen(Event.GpuLost.class).isEmpty());
    assertThatThrownBy(() -> release(Duration.ofHours(1)))
        .hasMessageContaining("GPU 0 (GPU-0): it does not answer")
        .hasMessageContaining("no answer within 300 ms");
    assertThat(other.requested()).isEqualTo(TestPool.ORIGINAL);
    assertThat(pool.pool.driver().word()).isEqualTo("released");
  }
}
