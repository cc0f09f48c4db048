package chase.daemon.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chase.daemon.fixtures.FakeGpu;
import chase.daemon.fixtures.FakeGpus;
import chase.daemon.gpu.RestoreOutcome.RestoreResult;
import chase.daemon.gpu.journal.GpuJournals;
import chase.daemon.gpu.journal.LimitJournal;
import chase.daemon.gpu.journal.StatePaths;
import chase.zeus.engine.Order;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuSettings;
import chase.zeus.unit.Watts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestorerTest {
  private static final Watts ORIGINAL = new Watts(400);
  private static final Watts CHASE_LIMIT = new Watts(250);

  @TempDir Path directory;
  private final FakeGpu gpu = new FakeGpu(0);
  private final FakeGpu other = new FakeGpu(1);
  private GpuJournals journals;
  private LimitJournal journal;

  @BeforeEach
  void open() throws Exception {
    journals = GpuJournals.open(directory, InstantSource.system());
    journal = journals.limits();
  }

  /** What a daemon does, up to wherever the test kills it. */
  private GpuOperations daemon(FakeGpu target) {
    return new GpuOperations(
        target, Optional.of(journals), Optional.empty(), InstantSource.system());
  }

  private static Order order(FakeGpu target, Watts limit) {
    return new Order(target.traits().id(), limit, target.requested(), ORIGINAL);
  }

  private List<RestoreOutcome> nextStart(FakeGpu... gpus) throws Exception {
    open();
    return restore(() -> new FakeGpus(List.of(gpus)), Set.of());
  }

  private List<RestoreOutcome> restore(GpuBackend driver, Set<GpuId> untouchable) {
    return new Restorer(journals, driver, Duration.ofSeconds(1)).restore(untouchable);
  }

  @Test
  void deathBeforeTheWriteLeavesTheOriginalLimit() throws Exception {
    journal.intend(gpu.traits().id(), "Fake GPU", ORIGINAL, CHASE_LIMIT);
    List<RestoreOutcome> outcomes = nextStart(gpu);
    assertThat(outcomes).extracting(RestoreOutcome::kind).containsExactly(RestoreResult.UNTOUCHED);
    assertThat(gpu.requested()).isEqualTo(ORIGINAL);
    assertThat(journal.entries()).isEmpty();
  }

  @Test
  void deathBetweenWriteAndConfirmationRestoresTheOriginal() throws Exception {
    journal.intend(gpu.traits().id(), "Fake GPU", ORIGINAL, CHASE_LIMIT);
    gpu.limitPower(CHASE_LIMIT);
    List<RestoreOutcome> outcomes = nextStart(gpu);
    assertThat(outcomes)
        .extracting(RestoreOutcome::line)
        .containsExactly("GPU 0 (GPU-0) is back from 250 W to 400 W");
    assertThat(gpu.requested()).isEqualTo(ORIGINAL);
    assertThat(journal.entries()).isEmpty();
  }

  @Test
  void deathAfterManyChangesRestoresTheOriginal() throws Exception {
    GpuOperations daemon = daemon(gpu);
    for (int watts = 390; watts >= 250; watts -= 10) {
      daemon.carryOut(order(gpu, new Watts(watts)), () -> {});
    }
    assertThat(nextStart(gpu))
        .extracting(RestoreOutcome::kind)
        .containsExactly(RestoreResult.RESTORED);
    assertThat(gpu.requested()).isEqualTo(ORIGINAL);
  }

  @Test
  void deathBetweenTwoLimitsRestoresTheOriginal() throws Exception {
    daemon(gpu).carryOut(order(gpu, CHASE_LIMIT), () -> {});
    journal.intend(gpu.traits().id(), "Fake GPU", ORIGINAL, new Watts(300));
    assertThat(nextStart(gpu))
        .extracting(RestoreOutcome::kind)
        .containsExactly(RestoreResult.RESTORED);
    assertThat(gpu.requested()).isEqualTo(ORIGINAL);
  }

  @Test
  void aLimitAboveTheRangeIsRestoredAsTheNearestThatTheGpuAllows() throws Exception {
    journal.intend(gpu.traits().id(), "Fake GPU", new Watts(400.5), CHASE_LIMIT);
    gpu.limitPower(CHASE_LIMIT);
    assertThat(nextStart(gpu))
        .extracting(RestoreOutcome::line)
        .containsExactly(
            "GPU 0 (GPU-0) is back from 250 W to 400 W, the nearest to 400.5 W that the GPU"
                + " allows");
    assertThat(gpu.requested()).isEqualTo(ORIGINAL);
  }

  @Test
  void aLimitBelowTheRangeIsRestoredAsTheNearestThatTheGpuAllows() throws Exception {
    journal.intend(gpu.traits().id(), "Fake GPU", new Watts(80), CHASE_LIMIT);
    gpu.limitPower(CHASE_LIMIT);
    assertThat(nextStart(gpu))
        .extracting(RestoreOutcome::kind)
        .containsExactly(RestoreResult.RESTORED);
    assertThat(gpu.requested()).isEqualTo(new Watts(100));
  }

  @Test
  void damagedSettingsPreventNoRestoreOfLimits() throws Exception {
    daemon(gpu).carryOut(order(gpu, CHASE_LIMIT), () -> {});
    Files.writeString(directory.resolve("knobs.json"), "{");
    Files.writeString(directory.resolve("knobs.json.copy"), "{");
    List<RestoreOutcome> outcomes = nextStart(gpu);
    assertThat(outcomes)
        .extracting(RestoreOutcome::kind)
        .containsExactly(RestoreResult.RESTORED, RestoreResult.UNKNOWN_SETTINGS);
    assertThat(outcomes.getLast().line())
        .endsWith("nvidia-smi -i GPU-0 -rgc; nvidia-smi -i GPU-0 -rmc");
    assertThat(gpu.requested()).isEqualTo(ORIGINAL);
    journals.repair();
    assertThat(GpuJournals.open(directory, InstantSource.system()).areEmpty()).isTrue();
    assertThat(directory.resolve("knobs.json.damaged")).hasContent("{");
  }

  @Test
  void anExternalLimitStays() throws Exception {
    daemon(gpu).carryOut(order(gpu, CHASE_LIMIT), () -> {});
    gpu.externalWrite(new Watts(333));
    assertThat(nextStart(gpu))
        .extracting(RestoreOutcome::line)
        .containsExactly(
            "GPU 0 (GPU-0) was set to 333 W by an external process, which stays as it is");
    assertThat(gpu.requested()).isEqualTo(new Watts(333));
    assertThat(journal.entries()).isEmpty();
  }

  @Test
  void theDriversDefaultIsNotCalledAnExternalLimit() throws Exception {
    Watts own = new Watts(350);
    gpu.limitPower(own);
    daemon(gpu).carryOut(new Order(gpu.traits().id(), CHASE_LIMIT, own, own), () -> {});
    gpu.externalWrite(ORIGINAL);
    assertThat(nextStart(gpu))
        .extracting(RestoreOutcome::line)
        .containsExactly("GPU 0 (GPU-0) is at its driver's default of 400 W, which stays");
    assertThat(journal.entries()).isEmpty();
  }

  @Test
  void aGpuThatIsNotThereStaysOnRecord() throws Exception {
    daemon(gpu).carryOut(order(gpu, CHASE_LIMIT), () -> {});
    List<RestoreOutcome> outcomes = nextStart(other);
    assertThat(outcomes)
        .extracting(RestoreOutcome::line)
        .containsExactly(
            "Fake GPU (GPU-0) is not back at 400 W, which stays on record: it is not here");
    assertThat(Restorer.allDone(outcomes)).isFalse();
    assertThat(journal.entries()).containsOnlyKeys(new GpuId("GPU-0"));
    assertThat(nextStart(gpu))
        .extracting(RestoreOutcome::kind)
        .containsExactly(RestoreResult.RESTORED);
  }

  @Test
  void aRefusedWriteStaysOnRecordAndCountsAsFailed() throws Exception {
    daemon(gpu).carryOut(order(gpu, CHASE_LIMIT), () -> {});
    gpu.failWrites(Optional.of(GpuException.Kind.REFUSED));
    List<RestoreOutcome> outcomes = nextStart(gpu);
    assertThat(Restorer.allDone(outcomes)).isFalse();
    assertThat(outcomes)
        .extracting(RestoreOutcome::line)
        .containsExactly("GPU 0 (GPU-0) could not be set back to 400 W: write: REFUSED");
    assertThat(journal.entries()).hasSize(1);
  }

  @Test
  void aGpuThatHangsHoldsUpNoOther() throws Exception {
    daemon(gpu).carryOut(order(gpu, CHASE_LIMIT), () -> {});
    daemon(other).carryOut(order(other, CHASE_LIMIT), () -> {});
    gpu.hang();
    List<RestoreOutcome> outcomes = nextStart(gpu, other);
    assertThat(outcomes)
        .extracting(RestoreOutcome::kind)
        .containsExactlyInAnyOrder(RestoreResult.FAILED, RestoreResult.RESTORED);
    assertThat(other.requested()).isEqualTo(ORIGINAL);
    assertThat(journal.entries()).containsOnlyKeys(gpu.traits().id());
    gpu.release();
    // The late answer still writes the journal, which must not outlive its directory.
    await().until(() -> journal.entries().isEmpty());
  }

  @Test
  void doingItTwiceChangesNothingMore() throws Exception {
    daemon(gpu).carryOut(order(gpu, CHASE_LIMIT), () -> {});
    nextStart(gpu);
    int writes = gpu.writes().size();
    assertThat(nextStart(gpu)).isEmpty();
    assertThat(gpu.writes()).hasSize(writes);
  }

  @Test
  void theNextStartUndoesWhatUsersChanged() throws Exception {
    GpuOperations daemon = daemon(gpu);
    daemon.change(
        new SettingChange.LockClocks(
            GpuSettings.ClockDomain.GPU, new GpuSettings.ClockRange(300, 900)),
        () -> {});
    daemon.carryOut(order(gpu, CHASE_LIMIT), () -> {});
    assertThat(nextStart(gpu))
        .extracting(RestoreOutcome::line)
        .containsExactly(
            "GPU 0 (GPU-0) is back from 250 W to 400 W", "GPU 0 (GPU-0) has its own clocks again");
    assertThat(gpu.changedSettings().locked(GpuSettings.ClockDomain.GPU)).isEmpty();
    assertThat(journals.areEmpty()).isTrue();
  }

  @Test
  void aPersistenceModeThatTheDriverKeepsIsNotCalledRestored() throws Exception {
    daemon(gpu).change(new SettingChange.PersistenceMode(true), () -> {});
    gpu.changedSettings().keepsPersistence(true);
    assertThat(nextStart(gpu))
        .extracting(RestoreOutcome::line)
        .containsExactly(
            "GPU 0 (GPU-0) did not get back its own persistence mode: the driver accepted"
                + " persistence mode off and kept the other");
    gpu.changedSettings().keepsPersistence(false);
    assertThat(nextStart(gpu))
        .extracting(RestoreOutcome::kind)
        .containsExactly(RestoreResult.RESTORED);
    assertThat(gpu.changedSettings().persistent()).isFalse();
  }

  @Test
  void settingsOfAnAbsentGpuStayOnRecord() throws Exception {
    daemon(gpu).change(new SettingChange.PersistenceMode(true), () -> {});
    assertThat(nextStart(other))
        .extracting(RestoreOutcome::line)
        .containsExactly(
            "Fake GPU (GPU-0) has not its own persistence mode again, which stays on record: it"
                + " is not here");
    assertThat(GpuJournals.holdAnything(StatePaths.of(directory))).isTrue();
  }

  @Test
  void aGpuThatFailsToOpenIsRestoredAllTheSame() throws Exception {
    daemon(gpu).carryOut(order(gpu, CHASE_LIMIT), () -> {});
    gpu.failOpening(Optional.of(GpuException.Kind.REFUSED));
    assertThat(nextStart(gpu))
        .extracting(RestoreOutcome::kind)
        .containsExactly(RestoreResult.RESTORED);
    assertThat(gpu.requested()).isEqualTo(ORIGINAL);
  }

  @Test
  void aTransientFailureIsRetriedWithinTheDeadline() throws Exception {
    daemon(gpu).carryOut(order(gpu, CHASE_LIMIT), () -> {});
    gpu.failNextWrites(2, GpuException.Kind.RETRY);
    assertThat(nextStart(gpu))
        .extracting(RestoreOutcome::kind)
        .containsExactly(RestoreResult.RESTORED);
    assertThat(gpu.requested()).isEqualTo(ORIGINAL);
  }

  @Test
  void aMissingDriverIsWaitedForWithinTheDeadline() throws Exception {
    daemon(gpu).carryOut(order(gpu, CHASE_LIMIT), () -> {});
    AtomicInteger tries = new AtomicInteger();
    List<RestoreOutcome> outcomes =
        restore(
            () -> {
              if (tries.incrementAndGet() < 3) {
                throw new GpuException(GpuException.Kind.REOPEN, "Driver Not Loaded");
              }
              return new FakeGpus(List.of(gpu));
            },
            Set.of());
    assertThat(outcomes).extracting(RestoreOutcome::kind).containsExactly(RestoreResult.RESTORED);
  }

  @Test
  void withoutADriverEverythingStaysOnRecordAndIsReported() throws Exception {
    daemon(gpu).carryOut(order(gpu, CHASE_LIMIT), () -> {});
    List<RestoreOutcome> outcomes =
        restore(
            () -> {
              throw new GpuException(GpuException.Kind.REOPEN, "Driver Not Loaded");
            },
            Set.of());
    assertThat(outcomes)
        .extracting(RestoreOutcome::line)
        .containsExactly(
            "Fake GPU (GPU-0) is not back at 400 W, which stays on record: Driver Not Loaded");
    assertThat(Restorer.allDone(outcomes)).isFalse();
    assertThat(journal.entries()).hasSize(1);
  }

  @Test
  void aGpuIsAbsentOnlyWhereAllGpusReturnedTheirUuids() throws Exception {
    daemon(gpu).carryOut(order(gpu, CHASE_LIMIT), () -> {});
    other.fail(Optional.of(GpuException.Kind.RETRY));
    List<RestoreOutcome> outcomes = nextStart(other);
    assertThat(outcomes)
        .extracting(RestoreOutcome::line)
        .containsExactly(
            "Fake GPU (GPU-0) is not back at 400 W, which stays on record: GPU 1: call: RETRY");
    assertThat(outcomes).extracting(RestoreOutcome::kind).containsExactly(RestoreResult.FAILED);
  }

  @Test
  void aGpuWithAHungWriteIsLeftToTheNextProcess() throws Exception {
    daemon(gpu).carryOut(order(gpu, CHASE_LIMIT), () -> {});
    int writes = gpu.writes().size();
    List<RestoreOutcome> outcomes =
        restore(() -> new FakeGpus(List.of(gpu)), Set.of(gpu.traits().id()));
    assertThat(outcomes)
        .extracting(RestoreOutcome::line)
        .containsExactly(
            "Fake GPU (GPU-0) is not back at 400 W, which stays on record: a write to it hangs");
    assertThat(gpu.writes()).hasSize(writes);
    assertThat(journal.entries()).hasSize(1);
  }
}
