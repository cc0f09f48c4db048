package chase.daemon.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.fixtures.FakeGpu;
import chase.daemon.fixtures.FakeGpus;
import chase.daemon.gpu.RestoreOutcome.RestoreResult;
import chase.daemon.gpu.journal.GpuJournals;
import chase.zeus.engine.Order;
import chase.zeus.gpu.GpuId;
import chase.zeus.unit.Watts;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A daemon dies, and its GPUs are in other places, or others in theirs, when the next starts. */
class MovedGpuTest {
  private static final Watts ORIGINAL = new Watts(400);
  private static final Watts OTHER_ORIGINAL = new Watts(330);
  private static final Watts CHASE_LIMIT = new Watts(250);

  @TempDir Path directory;
  private final FakeGpu gpu = new FakeGpu(0);
  private final FakeGpu other = new FakeGpu(1);

  @BeforeEach
  void lowerBothAndDie() throws Exception {
    other.externalWrite(OTHER_ORIGINAL);
    GpuJournals journals = GpuJournals.open(directory, InstantSource.system());
    lower(gpu, ORIGINAL, journals);
    lower(other, OTHER_ORIGINAL, journals);
  }

  private static void lower(FakeGpu gpu, Watts original, GpuJournals journals) throws Exception {
    new GpuOperations(gpu, Optional.of(journals), Optional.empty(), InstantSource.system())
        .carryOut(new Order(gpu.traits().id(), CHASE_LIMIT, original, original), () -> {});
    assertThat(gpu.requested()).isEqualTo(CHASE_LIMIT);
  }

  private List<RestoreOutcome> nextStart(FakeGpu... gpus) throws Exception {
    GpuJournals journals = GpuJournals.open(directory, InstantSource.system());
    return new Restorer(journals, () -> new FakeGpus(List.of(gpus)), Duration.ofSeconds(5))
        .restore(Set.of());
  }

  @Test
  void gpusThatChangedPlacesEachGetTheirOwnLimit() throws Exception {
    assertThat(Restorer.allDone(nextStart(other, gpu))).isTrue();
    assertThat(gpu.requested()).isEqualTo(ORIGINAL);
    assertThat(other.requested()).isEqualTo(OTHER_ORIGINAL);
  }

  @Test
  void aGpuInThePlaceOfAnotherKeepsWhatItHas() throws Exception {
    FakeGpu replacement = new FakeGpu(7);
    replacement.externalWrite(CHASE_LIMIT);
    assertThat(nextStart(replacement, other))
        .extracting(RestoreOutcome::kind)
        .containsExactlyInAnyOrder(RestoreResult.RESTORED, RestoreResult.ABSENT);
    assertThat(other.requested()).isEqualTo(OTHER_ORIGINAL);
    assertThat(replacement.requested()).isEqualTo(CHASE_LIMIT);
    assertThat(GpuJournals.open(directory, InstantSource.system()).limits().entries())
        .containsOnlyKeys(new GpuId("GPU-0"));
  }
}
