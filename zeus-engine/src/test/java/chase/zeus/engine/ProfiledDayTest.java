package chase.zeus.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import chase.zeus.fixtures.SimulatedTraining;
import chase.zeus.gpu.PowerRange;
import chase.zeus.gpu.simulated.GpuPreset;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.profile.PowerProfile;
import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.profile.ProfilingState;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A simulated day, profiling included: the real slowdown is compared with the bound. The seed is
 * printed; {@code -Dchase.seed=N} replays one.
 */
class ProfiledDayTest {
  private static final PowerRange GPU_RANGE = new PowerRange(new Watts(100), new Watts(300));

  /** What the issue allows above the bound. */
  private static final double MARGIN = 0.003;

  /** A job that waits for memory: above 190 W nothing gets faster. */
  private static final PowerProfile FLAT =
      new PowerProfile(
          List.of(
              new Point(new Watts(100), new Watts(99), 2.0),
              new Point(new Watts(150), new Watts(148), 3.4),
              new Point(new Watts(190), new Watts(186), 4.0),
              new Point(new Watts(300), new Watts(240), 4.02)));

  /** A job that slows all but in proportion to its limit. */
  private static final PowerProfile STEEP =
      new PowerProfile(
          List.of(
              new Point(new Watts(100), new Watts(100), 0.5),
              new Point(new Watts(200), new Watts(199), 1.15),
              new Point(new Watts(300), new Watts(297), 1.6)));

  private static long seed(String of) {
    long seed = Long.getLong("chase.seed", new Random(of.hashCode()).nextLong(1_000_000));
    System.out.println("chase.seed=" + seed + " " + of);
    return seed;
  }

  private static SimulatedTraining day(
      PowerRange range, PowerProfile curve, double bound, int reports, long seed) {
    return new SimulatedTraining(
        range,
        curve,
        1,
        PowerPolicy.budget(bound),
        Optional.of(ProfilingRules.DEFAULT),
        Duration.ofSeconds(reports),
        seed);
  }

  private static SimulatedTraining knowing(
      PowerRange range, PowerProfile curve, double bound, int reports, long seed) {
    return new SimulatedTraining(
        range,
        curve,
        1,
        PowerPolicy.budget(bound),
        Optional.empty(),
        Duration.ofSeconds(reports),
        seed);
  }

  private static void print(SimulatedTraining day) {
    System.out.printf(
        Locale.ROOT,
        "slowdown %.4f, at worst %.4f; saved %.4f; %d changes; measuring took %.0f s, lost %.0f"
            + " s%n",
        day.slowdown(),
        day.worstSlowdown(),
        day.saving(),
        day.changes(),
        day.profile().cost().time().toMillis() / 1e3,
        day.profile().secondsLost().orElse(-1.0));
  }

  private static void assertPromiseKept(SimulatedTraining day, double bound) {
    print(day);
    assertThat(day.profile().state()).contains(new ProfilingState.Done());
    assertThat(day.slowdown()).isLessThan(bound + MARGIN);
    assertThat(day.worstSlowdown()).isLessThan(bound + MARGIN);
  }

  @ParameterizedTest
  @CsvSource({
    "v100, 0.025, 10",
    "v100, 0.05, 1",
    "v100, 0.1, 60",
    "a100-sxm4, 0.025, 30",
    "a100-sxm4, 0.1, 10",
    "h100-sxm, 0.025, 5",
    "h100-sxm, 0.05, 10"
  })
  void theBudgetIsKeptOverADayMeasuringIncluded(String model, double bound, int reports) {
    GpuPreset preset = GpuPreset.parse(model);
    long seed = seed(model + bound);
    SimulatedTraining day = day(preset.powerRange(), preset.profile(), bound, reports, seed);
    day.run(Duration.ofDays(1));
    assertPromiseKept(day, bound);
    assertThat(day.saving()).isGreaterThan(bound);
  }

  @ParameterizedTest
  @CsvSource({"0.025", "0.1"})
  void itIsKeptForAJobThatSlowsInProportion(double bound) {
    SimulatedTraining day = day(GPU_RANGE, STEEP, bound, 10, seed("steep" + bound));
    day.run(Duration.ofDays(1));
    assertPromiseKept(day, bound);
  }

  @Test
  void aJobThatWaitsForMemorySavesWhatCostsNothing() {
    SimulatedTraining day = day(GPU_RANGE, FLAT, 0.025, 10, seed("flat"));
    day.run(Duration.ofDays(1));
    assertPromiseKept(day, 0.025);
    assertThat(day.saving()).isGreaterThan(0.2);
  }

  @Test
  void itSavesNearlyAsMuchAsWithAKnownCurve() {
    long seed = seed("known");
    PowerRange range = GpuPreset.V100.powerRange();
    PowerProfile curve = GpuPreset.V100.profile();
    SimulatedTraining measured = day(range, curve, 0.05, 10, seed);
    SimulatedTraining known = knowing(range, curve, 0.05, 10, seed);
    measured.run(Duration.ofDays(1));
    known.run(Duration.ofDays(1));
    print(measured);
    assertThat(measured.saving()).isGreaterThan(0.8 * known.saving());
  }

  private static PowerProfile times(PowerProfile curve, double power, double work) {
    return new PowerProfile(
        curve.points().stream()
            .map(point ->
                new Point(
                    point.limit(),
                    new Watts(Math.min(point.limit().value(), point.power().value() * power)),
                    point.throughput() * work))
            .toList());
  }

  @ParameterizedTest
  @CsvSource({"1, 0.8", "1, 1.08", "1, 1.5", "0.8, 1", "0.9, 0.93"})
  void aJobThatChangesHalfWayIsNoticedAndTheBudgetIsKept(double power, double work) {
    double bound = 0.05;
    PowerProfile before = GpuPreset.V100.profile();
    SimulatedTraining day =
        day(GpuPreset.V100.powerRange(), before, bound, 10, seed("drift" + power + work));
    day.run(Duration.ofHours(12));
    assertThat(day.profile().changes()).isZero();
    day.becomes(times(before, power, work));
    day.run(Duration.ofHours(12));
    assertPromiseKept(day, bound);
    assertThat(day.profile().changes()).isGreaterThanOrEqualTo(1);
    PowerProfile after = times(before, power, work);
    Point full = after.points().getLast();
    assertThat(day.profile().points().getLast().point().throughput().mean())
        .isCloseTo(full.throughput(), within(0.02 * full.throughput()));
    assertThat(day.job().fullSpeed().orElseThrow())
        .isCloseTo(full.throughput(), within(0.02 * full.throughput()));
  }

  @Test
  void theGpusOfAJobAreMeasuredTogetherUnderEqualLimits() {
    SimulatedTraining day =
        new SimulatedTraining(
            GPU_RANGE,
            STEEP,
            4,
            PowerPolicy.budget(0.05),
            Optional.of(ProfilingRules.DEFAULT),
            Duration.ofSeconds(10),
            seed("four"));
    for (int minute = 0; minute < 240; minute++) {
      day.run(Duration.ofMinutes(1));
      assertThat(day.limits()).hasSize(1);
    }
    assertPromiseKept(day, 0.05);
    Point full = STEEP.points().getLast();
    assertThat(day.profile().points().getLast().point().power().mean())
        .isCloseTo(full.power().value(), within(3.0));
  }
}
