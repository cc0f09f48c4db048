package chase.zeus.gpu.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import chase.zeus.fixtures.ManualClock;
import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuTraits;
import chase.zeus.gpu.PowerRange;
import chase.zeus.profile.PowerProfile;
import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatedGpusTest {
  private static final ManualClock CLOCK = new ManualClock();

  @ParameterizedTest
  @CsvSource({"v100, 100, 250", "a100-sxm4, 100, 400", "h100-sxm, 200, 700"})
  void aGpuHasItsModelsRangeAndBootsAtTheTop(String name, double min, double max) throws Exception {
    Gpu gpu = gpu(name);
    PowerRange range = new PowerRange(new Watts(min), new Watts(max));
    assertThat(gpu.traits().powerRange()).contains(range);
    assertThat(gpu.traits().defaultLimit()).contains(range.max());
    assertThat(gpu.powerLimits().requested()).isEqualTo(range.max());
  }

  @ParameterizedTest
  @ValueSource(strings = {"v100", "a100-sxm4", "h100-sxm"})
  void aGpuSaysThatItIsSimulated(String name) {
    GpuTraits traits = gpu(name).traits();
    assertThat(traits.simulated()).isTrue();
    assertThat(traits.model()).startsWith("Simulated NVIDIA ");
    assertThat(traits.driverVersion()).contains("simulated");
    assertThat(traits.unwritable()).isEmpty();
    assertThat(GpuPreset.parse(name).source()).contains("V100").contains("Zeus");
  }

  @ParameterizedTest
  @ValueSource(strings = {"v100", "a100-sxm4", "h100-sxm"})
  void aCurveSpansTheGpusRangeAndNeverExceedsItsLimit(String name) {
    GpuPreset preset = GpuPreset.parse(name);
    List<Point> points = preset.profile().points();
    assertThat(points.getFirst().limit()).isEqualTo(preset.powerRange().min());
    assertThat(points.getLast().limit()).isEqualTo(preset.powerRange().max());
    assertThat(points).allSatisfy(p -> assertThat(p.power()).isLessThanOrEqualTo(p.limit()));
    assertThat(points).extracting(Point::power).isSorted().doesNotHaveDuplicates();
    assertThat(points).extracting(Point::throughput).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void theV100HasTheMeasuredCurve() {
    assertThat(GpuPreset.V100.profile().points()).hasSize(7);
    assertThat(GpuPreset.V100.profile().at(new Watts(150)))
        .contains(new Point(new Watts(150), new Watts(144.595), 5005 / 4148.66));
  }

  @Test
  void namesAreStableByIndex() {
    SimulatedGpus host = SimulatedGpus.named(List.of("h100-sxm", "v100"), CLOCK);
    assertThat(host.all())
        .extracting(gpu -> gpu.traits().id().uuid())
        .containsExactly(
            "GPU-51000000-0000-0000-0000-000000000000", "GPU-51000000-0000-0000-0000-000000000001");
    assertThat(host.all()).extracting(gpu -> gpu.traits().index()).containsExactly(0, 1);
  }

  @Test
  void theProfileIsTheGpusOwn() {
    SimulatedGpus host = SimulatedGpus.named(List.of("h100-sxm", "v100"), CLOCK);
    PowerProfile profile = host.profileOf(host.all().get(1).traits().id()).orElseThrow();
    assertThat(profile).isEqualTo(GpuPreset.V100.profile());
    assertThat(host.profileOf(new GpuId("GPU-other"))).isEmpty();
  }

  @Test
  void aLimitSurvivesTheClosing() throws Exception {
    SimulatedGpus host = SimulatedGpus.named(List.of("v100"), CLOCK);
    host.all().getFirst().limitPower(new Watts(150));
    host.close();
    assertThat(host.all().getFirst().powerLimits().requested()).isEqualTo(new Watts(150));
  }

  @Test
  void anUnknownPresetIsRefusedWithTheKnownOnes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SimulatedGpus.named(List.of("v100", "h200"), CLOCK))
        .withMessage("unknown simulated GPU 'h200'; known are v100, a100-sxm4, h100-sxm");
  }

  @Test
  void anUnknownGpuHasNoSteps() {
    SimulatedGpus host = SimulatedGpus.named(List.of("v100"), CLOCK);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> host.stepsDone(new GpuId("GPU-other")))
        .withMessage("no simulated GPU has the id GPU-other");
  }

  @Test
  void aWorkloadOrNoiseThatCannotBeIsRefused() {
    Duration minute = Duration.ofMinutes(1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SimulatedWorkload.cycle(Duration.ZERO, Duration.ZERO));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SimulatedWorkload.cycle(minute.negated(), minute));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PowerNoise(1, 0))
        .withMessage("noise ratio must lie in [0, 1): 1.0");
  }

  private static Gpu gpu(String name) {
    return SimulatedGpus.named(List.of(name), CLOCK).all().getFirst();
  }
}
