package chase.daemon.ledger;

import static chase.daemon.fixtures.UsageSnapshots.FIRST;
import static chase.daemon.fixtures.UsageSnapshots.KWH;
import static chase.daemon.fixtures.UsageSnapshots.SECOND;
import static chase.daemon.fixtures.UsageSnapshots.gpu;
import static chase.daemon.fixtures.UsageSnapshots.grid;
import static chase.daemon.fixtures.UsageSnapshots.gridWithoutSignal;
import static chase.daemon.fixtures.UsageSnapshots.job;
import static chase.daemon.fixtures.UsageSnapshots.snapshot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import chase.daemon.grid.GridState;
import chase.daemon.ledger.JobTotals.EstimatedSaving;
import chase.daemon.ledger.JobTotals.JobTotal;
import chase.zeus.engine.JobView;
import chase.zeus.engine.Snapshot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class JobMeterTest {
  private static final Offset<Double> CLOSE = within(1e-6);
  private static final long KEPT = JobMeter.KEPT_AFTER_END.toSeconds();

  private final UsageMeter meter = new UsageMeter(10_000);

  private void update(Snapshot snapshot, GridState grid) {
    meter.update(snapshot, grid, gpu -> snapshot.jobOn(gpu).map(GpuOwner::of));
  }

  private Optional<JobTotal> total(String id) {
    return meter.jobTotals().jobs().stream().filter(job -> job.id().equals(id)).findFirst();
  }

  private EstimatedSaving saving(String against, String scope) {
    return meter.jobTotals().savings().stream()
        .filter(one -> one.against().equals(against) && one.scope().equals(scope))
        .findFirst()
        .orElseThrow();
  }

  private static Snapshot at(long second, double joules, JobView... jobs) {
    return snapshot(second, 100, List.of(jobs), gpu(FIRST, joules, 450), gpu(SECOND, 0, 450));
  }

  @Test
  void aJobBeginsAtZeroSoThatItsFirstEnergyShowsAsARise() {
    update(at(0, 500, job("a1", 7000, 0, 0, FIRST)), grid(400));
    JobTotal begun = total("a1").orElseThrow();
    assertThat(begun.joules()).isZero();
    assertThat(begun.steps()).contains(0.0);
  }

  @Test
  void energyGramsAndStepsOfAllGpusAreCounted() {
    JobView begun = job("a1", 100, 0, 0, FIRST, SECOND);
    update(at(0, 0, begun), gridWithoutSignal());
    update(at(60, KWH, begun), gridWithoutSignal());
    Snapshot later =
        snapshot(
            120,
            100,
            List.of(job("a1", 350, 0, 0, FIRST, SECOND)),
            gpu(FIRST, 2 * KWH, 450),
            gpu(SECOND, KWH, 450));
    update(later, grid(360));
    JobTotal total = total("a1").orElseThrow();
    assertThat(total.joules()).isEqualTo(3 * KWH);
    assertThat(total.gramsByKind()).containsOnlyKeys("measured");
    assertThat(total.gramsByKind().get("measured")).isCloseTo(2 * 360, CLOSE);
    assertThat(total.steps()).contains(250.0);
  }

  @Test
  void anEndedJobKeepsItsFiguresForAWhileAndThenGoes() {
    update(at(0, 0, job("a1", 0, 0, 0, FIRST)), grid(400));
    update(at(10, 500, job("a1", 0, 0, 0, FIRST)), grid(400));
    update(at(20, 700), grid(400));
    assertThat(total("a1").orElseThrow().joules()).isEqualTo(700);
    update(at(KEPT, 900), grid(400));
    assertThat(total("a1").orElseThrow().joules()).isEqualTo(700);
    update(at(KEPT + 30, 900), grid(400));
    assertThat(meter.jobTotals().jobs()).isEmpty();
  }

  @Test
  void whatAJobSavedStaysWhenTheJobIsForgotten() {
    trainFor100Seconds();
    EstimatedSaving before = saving("full_power", "gpu");
    update(at(110, 40_000), grid(360));
    update(at(KEPT + 300, 40_000), grid(360));
    assertThat(total("a1")).isEmpty();
    assertThat(saving("full_power", "gpu").savedJoules())
        .isCloseTo(before.savedJoules(), within(1.0));
  }

  /** 80 s of work at full power, 600 W, done in 100 s at 400 W. */
  private void trainFor100Seconds() {
    update(at(0, 0, job("a1", 0, 0, 0, FIRST)), grid(360));
    update(at(100, 40_000, job("a1", 8000, 80, 100, FIRST)), grid(360));
  }

  @Test
  void savingsAreTheReportsOwn() {
    trainFor100Seconds();
    EstimatedSaving full = saving("full_power", "gpu");
    assertThat(full.joules()).isEqualTo(40_000);
    assertThat(full.savedJoules()).isCloseTo(80 * 600 - 40_000, within(1.0));
    assertThat(full.savedGrams().orElseThrow()).isCloseTo(8_000 / 3.6e6 * 360, within(1e-3));
    EstimatedSaving host = saving("full_power", "gpu_and_host");
    assertThat(host.joules()).isEqualTo(50_000);
    assertThat(host.savedJoules()).isCloseTo(80 * 700 - 50_000, within(1.0));
    // The blind mix at this slowdown is the very limit that the job had.
    assertThat(saving("carbon_blind", "gpu").savedJoules()).isCloseTo(0, within(1.0));
  }

  @Test
  void jobsBeyondTheMostAreCountedTogetherFromTheirBeginning() {
    long second = 0;
    for (int i = 0; i < JobMeter.MAX_JOBS + 2; i++) {
      JobView job = job("j" + i, 0, 0, 0, FIRST);
      update(at(second, 10.0 * i, job), grid(400));
      update(at(second + 1, 10.0 * i + 10, job), grid(400));
      second += 2;
    }
    update(at(second, 10.0 * JobMeter.MAX_JOBS + 20), grid(400));
    assertThat(meter.jobTotals().jobs()).hasSize(JobMeter.MAX_JOBS + 1);
    assertThat(total(JobTotals.OTHERS).orElseThrow().joules()).isEqualTo(20);
    assertThat(total("j0").orElseThrow().joules()).isEqualTo(10);
  }

  @Test
  void noCounterEverGoesBack() {
    Map<String, Double> last = new HashMap<>();
    for (int i = 0; i < 2000; i++) {
      JobView job = job("j" + i / 7, i % 7, 0, 0, FIRST);
      update(i % 5 == 0 ? at(9L * i, i) : at(9L * i, i, job), grid(400));
      for (JobTotal total : meter.jobTotals().jobs()) {
        Double before = last.put(total.id(), total.joules());
        assertThat(total.joules()).isGreaterThanOrEqualTo(before == null ? 0 : before);
      }
    }
  }
}
