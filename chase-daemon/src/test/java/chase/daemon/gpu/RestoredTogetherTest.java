package chase.daemon.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chase.daemon.fixtures.FakeGpu;
import chase.daemon.fixtures.FakeGpus;
import chase.daemon.gpu.journal.GpuJournals;
import chase.zeus.engine.Order;
import chase.zeus.unit.Watts;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No breaker sees all GPUs of a host rise at once because they are restored. */
class RestoredTogetherTest {
  private static final Watts ORIGINAL = new Watts(400);
  private static final Duration FAR = Duration.ofHours(1);

  @TempDir Path directory;
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final List<FakeGpu> gpus = IntStream.range(0, 8).mapToObj(FakeGpu::new).toList();
  private GpuJournals journals;

  @BeforeEach
  void lowerAll() throws Exception {
    journals = GpuJournals.open(directory, now::get);
    for (FakeGpu gpu : gpus) {
      new GpuOperations(gpu, Optional.of(journals), Optional.empty(), now::get)
          .carryOut(order(gpu), () -> {});
    }
  }

  private static Order order(FakeGpu gpu) {
    return new Order(gpu.traits().id(), new Watts(200), gpu.requested(), ORIGINAL);
  }

  private double raised() {
    return gpus.stream().mapToDouble(gpu -> gpu.requested().value() - 200).sum();
  }

  private CompletableFuture<List<RestoreOutcome>> restore() {
    return CompletableFuture.supplyAsync(
        () -> new Restorer(journals, () -> new FakeGpus(gpus), FAR).restore(Set.of()));
  }

  @Test
  void limitsRiseNoFasterTogetherThanTheBoundOrAStopAllows() throws Exception {
    journals.pace().bound(500, FAR);
    CompletableFuture<List<RestoreOutcome>> restored = restore();
    // 1600 W in all, and a stop gives them two seconds: 800 W a second, and one GPU more.
    await().until(() -> raised() >= 500);
    assertThat(raised()).isLessThanOrEqualTo(700);
    for (int second = 1; second <= 2; second++) {
      double before = raised();
      now.set(now.get().plusSeconds(1));
      await().until(() -> raised() >= Math.min(1600, before + 600));
      assertThat(raised()).isLessThanOrEqualTo(before + 800 + 200);
    }
    await().until(restored::isDone);
    assertThat(restored.get()).allMatch(RestoreOutcome::isDone);
    assertThat(gpus).allMatch(gpu -> gpu.requested().equals(ORIGINAL));
  }

  @Test
  void aClockThatStandsKeepsNoLimitFromItsOwner() {
    journals.pace().bound(1, Duration.ofMillis(100));
    await().until(restore()::isDone);
    assertThat(raised()).isEqualTo(1600);
  }
}
