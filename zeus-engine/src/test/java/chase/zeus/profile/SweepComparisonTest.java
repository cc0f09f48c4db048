package chase.zeus.profile;

import static org.assertj.core.api.Assertions.assertThat;

import chase.zeus.fixtures.NoisyJob;
import chase.zeus.gpu.simulated.GpuPreset;
import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.unit.Watts;
import java.util.Comparator;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Our way to measure against Zeus's sweep (10 steps of warm-up and 40 measured at every limit, 25 W
 * apart), on jobs of the V100 trace's shape with 5 % noise on steps and 2 % on watts.
 */
class SweepComparisonTest {
  private static final int SEEDS = 40;
  private static final int SWEEP_STEPS = 50;
  private static final double SWEEP_SPACING = 25;

  /** What profiling adds to Zeus's cost at eta 0.5, over the same work at the cheapest limit. */
  private static double excess(ProfilingCost cost, PowerProfile truth) {
    Point best =
        truth.points().stream()
            .min(Comparator.comparingDouble(point -> price(point, truth)))
            .orElseThrow();
    return 0.5 * cost.extraJoules(best)
        + 0.5 * truth.highestLimit().value() * cost.extraSeconds(best);
  }

  private static double price(Point point, PowerProfile truth) {
    return (point.power().value() + truth.highestLimit().value()) / point.throughput();
  }

  private static ProfilingCost sweep(PowerProfile truth, long seed) {
    NoisyJob job = new NoisyJob(truth, seed);
    ProfilingCost cost = ProfilingCost.NONE;
    double lowest = truth.points().getFirst().limit().value();
    for (double limit = truth.highestLimit().value(); limit >= lowest; limit -= SWEEP_SPACING) {
      job.limitTo(new Watts(limit));
      for (int step = 0; step < SWEEP_STEPS; step++) {
        cost = cost.plus(job.step());
      }
    }
    return cost;
  }

  private static ProfilingPlan plan(GpuPreset preset, double spacing) {
    return ProfilingPlan.over(preset.powerRange(), new Watts(spacing), MeasurementRules.DEFAULT);
  }

  private static ProfilingSession ours(GpuPreset preset, double spacing, long seed) {
    NoisyJob job = new NoisyJob(preset.profile(), seed);
    ProfilingPlan plan = plan(preset, spacing);
    return job.finish(ProfilingSession.start(plan, MeasuredProfile.EMPTY, job.now()));
  }

  @ParameterizedTest
  @CsvSource({"v100, 0.4", "a100-sxm4, 0.25", "h100-sxm, 0.2"})
  void aRunCostsAFractionOfTheSweep(String gpu, double most) {
    GpuPreset preset = GpuPreset.parse(gpu);
    PowerProfile truth = preset.profile();
    double oursExcess = 0;
    double sweepExcess = 0;
    double limits = 0;
    double seconds = 0;
    double sweepSeconds = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      ProfilingSession run = ours(preset, SWEEP_SPACING, seed);
      ProfilingCost sweep = sweep(truth, seed);
      oursExcess += excess(run.cost(), truth) / SEEDS;
      sweepExcess += excess(sweep, truth) / SEEDS;
      seconds += run.cost().time().toMillis() / 1e3 / SEEDS;
      sweepSeconds += sweep.time().toMillis() / 1e3 / SEEDS;
      limits += (double) run.limitsMeasured() / SEEDS;
    }
    System.out.printf(
        Locale.ROOT,
        "%s: profiling costs %.2f of Zeus's sweep (%.1f limits, %.0f s against %.0f s)%n",
        gpu,
        oursExcess / sweepExcess,
        limits,
        seconds,
        sweepSeconds);
    assertThat(oursExcess).as("seeds 1 to %d", SEEDS).isLessThan(most * sweepExcess);
  }

  @ParameterizedTest
  @CsvSource({"v100, 25", "v100, 20", "a100-sxm4, 40", "h100-sxm, 60"})
  void whatIsFoundIsTrueToAboutAPercent(String gpu, double spacing) {
    GpuPreset preset = GpuPreset.parse(gpu);
    double squares = 0;
    double full = 0;
    int points = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      PowerProfile found =
          ours(preset, spacing, seed)
              .measured()
              .toPowerProfile(plan(preset, spacing).limits())
              .orElseThrow();
      for (Point point : found.points()) {
        double error = error(point, preset.profile());
        squares += error * error;
        points++;
      }
      full = Math.max(full, Math.abs(error(found.points().getLast(), preset.profile())));
    }
    assertThat(Math.sqrt(squares / points)).as("seeds 1 to %d", SEEDS).isLessThan(0.015);
    assertThat(full).as("at full power, seeds 1 to %d", SEEDS).isLessThan(0.025);
  }

  private static double error(Point found, PowerProfile truth) {
    return found.throughput() / truth.at(found.limit()).orElseThrow().throughput() - 1;
  }

  @Test
  void theSweepVisitsEveryLimit() {
    assertThat(sweep(GpuPreset.V100.profile(), 1).steps()).isEqualTo(7 * SWEEP_STEPS);
  }
}
