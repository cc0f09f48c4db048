package chase.daemon.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chase.daemon.fixtures.FakeGpu;
import chase.daemon.fixtures.FakeGpus;
import chase.zeus.engine.Event;
import chase.zeus.gpu.GpuException.Kind;
import chase.zeus.unit.Watts;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GpuPoolTest {
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

  @Test
  void everyGpuIsOpenedBeforeTheStartCompletes() {
    assertThat(pool.seen(Event.GpuOpened.class))
        .extracting(opened -> opened.traits().index())
        .containsExactlyInAnyOrder(0, 1);
  }

  @Test
  void anOrderIsCarriedOutOnTheGpusOwnThread() {
    pool.order(gpu, 250);
    await().until(() -> !pool.seen(Event.LimitApplied.class).isEmpty());
    assertThat(gpu.requested()).isEqualTo(new Watts(250));
    assertThat(gpu.threads())
        .hasSize(1)
        .doesNotContainAnyElementsOf(other.threads())
        .allSatisfy(name -> assertThat(name).doesNotContain("eventloop"));
  }

  @Test
  void telemetryReadsEveryGpuAgainAndAgain() throws Exception {
    await().until(() -> gpu.reads() > 3 && other.reads() > 3);
    assertThat(pool.seen(Event.ReadingTaken.class)).hasSizeGreaterThan(3);
    assertThat(pool.answering()).isTrue();
  }

  @Test
  void aRefusedWriteIsReportedWithItsKind() {
    gpu.failWrites(Optional.of(Kind.REFUSED));
    pool.order(gpu, 250);
    await().until(() -> !pool.seen(Event.LimitFailed.class).isEmpty());
    assertThat(pool.seen(Event.LimitFailed.class).getFirst().kind()).isEqualTo(Kind.REFUSED);
    assertThat(pool.seen(Event.LimitFailed.class).getFirst().why()).isEqualTo("write: REFUSED");
  }

  @Test
  void aLostGpuIsReportedOnceAndTheOthersGoOn() {
    gpu.fail(Optional.of(Kind.LOST));
    await().until(() -> !pool.seen(Event.GpuLost.class).isEmpty());
    int before = other.reads();
    await().until(() -> other.reads() > before + 3);
    assertThat(pool.seen(Event.GpuLost.class)).hasSize(1);
  }

  @Test
  void aLostGpuThatComesBackIsOpenedAgain() {
    gpu.fail(Optional.of(Kind.LOST));
    await().until(() -> !pool.seen(Event.GpuLost.class).isEmpty());
    gpu.fail(Optional.empty());
    await().until(() -> pool.seen(Event.GpuOpened.class).size() == 3);
  }

  @Test
  void aHungGpuIsReportedAndBlocksNoOther() throws Exception {
    gpu.hang();
    await().until(() -> !pool.seen(Event.GpuLost.class).isEmpty());
    assertThat(pool.seen(Event.GpuLost.class).getFirst().why())
        .isEqualTo("no answer within 300 ms");
    int before = other.reads();
    pool.order(other, 300);
    await().until(() -> other.reads() > before + 3);
    await().until(() -> other.requested().equals(new Watts(300)));
    assertThat(pool.answering()).isTrue();
  }

  @Test
  void whenEveryGpuHangsThePoolIsNotAnswering() {
    gpu.hang();
    other.hang();
    await().until(() -> !pool.answering());
    gpu.release();
    await().until(pool::answering);
  }

  @Test
  void aWriteThatHungIsUndoneWhenTheGpuAnswersAgain() {
    gpu.beforeWrite(gpu::hang);
    pool.order(gpu, 250);
    await().until(() -> gpu.requested().equals(new Watts(250)));
    await().until(() -> !pool.seen(Event.GpuLost.class).isEmpty());
    gpu.beforeWrite(() -> {});
    gpu.release();
    await().until(() -> pool.seen(Event.GpuOpened.class).size() == 3);
    assertThat(gpu.requested()).isEqualTo(TestPool.ORIGINAL);
    assertThat(pool.seen(Event.GpuOpened.class).getLast().limits().orElseThrow().requested())
        .isEqualTo(TestPool.ORIGINAL);
    assertThat(pool.seen(Event.LimitApplied.class)).isEmpty();
  }

  @Test
  void anOrderThatWaitedBehindAHungCallIsNeverWritten() {
    int before = gpu.reads();
    await().until(() -> gpu.reads() > before);
    gpu.hang();
    pool.order(gpu, 250);
    await().until(() -> !pool.seen(Event.GpuLost.class).isEmpty());
    gpu.release();
    await().until(() -> pool.seen(Event.GpuOpened.class).size() == 3);
    assertThat(gpu.writes()).doesNotContain(new Watts(250));
  }

  @Test
  void aDriverThatWentAwayIsOpenedAgainWithItsLimitsBack() {
    pool.order(gpu, 250);
    await().until(() -> !pool.seen(Event.LimitApplied.class).isEmpty());
    pool.opened = Optional.empty();
    gpu.fail(Optional.of(Kind.REOPEN));
    await().until(() -> pool.seen(Event.GpuLost.class).size() == 2);
    await().until(() -> pool.openings.get() > 2);
    assertThat(pool.driver.closed()).isTrue();
    gpu.fail(Optional.empty());
    pool.opened = Optional.of(new FakeGpus(List.of(gpu)));
    await().until(() -> pool.seen(Event.GpuOpened.class).size() == 3);
    assertThat(gpu.requested()).isEqualTo(TestPool.ORIGINAL);
    int reads = gpu.reads();
    await().until(() -> gpu.reads() > reads + 2);
  }

  @Test
  void aGpuThatFailsForLongIsOpenedAnewAndTheOthersGoOn() {
    gpu.fail(Optional.of(Kind.RETRY));
    await().until(() -> !pool.seen(Event.GpuLost.class).isEmpty());
    assertThat(pool.seen(Event.GpuLost.class))
        .allSatisfy(lost -> assertThat(lost.gpu()).isEqualTo(gpu.traits().id()))
        .first()
        .satisfies(lost -> assertThat(lost.why()).matches("no reading for \\d+ s: call: RETRY"));
    assertThat(pool.seen(Event.ReadingFailed.class)).hasSizeGreaterThan(3);
    gpu.fail(Optional.empty());
    await().until(() -> pool.seen(Event.GpuOpened.class).size() == 3);
    assertThat(pool.openings).hasValue(1);
    assertThat(pool.driver.closed()).isFalse();
  }

  @Test
  void whereEveryGpuFailsForLongTheDriverIsOpenedAnew() {
    gpu.fail(Optional.of(Kind.REFUSED));
    other.fail(Optional.of(Kind.RETRY));
    await().until(() -> pool.openings.get() == 2);
    assertThat(pool.seen(Event.GpuLost.class)).hasSize(2);
    gpu.fail(Optional.empty());
    other.fail(Optional.empty());
    await().until(() -> pool.seen(Event.GpuOpened.class).size() == 4);
  }

  @Test
  void aGpuThatFailsNowAndThenIsNotOpenedAnew() {
    for (int times = 0; times < 5; times++) {
      int failed = pool.seen(Event.ReadingFailed.class).size();
      gpu.fail(Optional.of(Kind.RETRY));
      await().until(() -> pool.seen(Event.ReadingFailed.class).size() > failed + 20);
      int read = gpu.reads();
      gpu.fail(Optional.empty());
      await().until(() -> gpu.reads() > read + 1);
    }
    assertThat(pool.seen(Event.GpuLost.class)).isEmpty();
  }
}
