package chase.zeus.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import chase.zeus.gpu.RejectedReadings.ReadingFault;
import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PowerBoundTest {
  private static GpuTraits traits(Optional<PowerRange> range, Optional<Watts> usual) {
    return new GpuTraits(
        new GpuId("GPU-a"),
        0,
        "Test GPU",
        Optional.empty(),
        "1.0",
        range,
        usual,
        Optional.empty(),
        true);
  }

  private static PowerBound upTo(double watts) {
    return PowerBound.of(
        traits(Optional.of(new PowerRange(new Watts(1), new Watts(watts))), Optional.empty()));
  }

  private static GpuReading reading(double power, Optional<Double> utilization) {
    return new GpuReading(
        Optional.empty(),
        Optional.of(new Watts(power)),
        Optional.empty(),
        utilization,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void aDrawALittleAboveTheHighestLimitIsBelievedAndTwiceThatIsNot() {
    assertThat(upTo(400).allows(new Watts(430))).isTrue();
    assertThat(upTo(400).allows(new Watts(800))).isFalse();
  }

  @Test
  void aGpuWithoutARangeIsBoundByItsDefaultLimitOrAsTheLargestOfAll() {
    PowerBound usual = PowerBound.of(traits(Optional.empty(), Optional.of(new Watts(250))));
    assertThat(usual.allows(new Watts(800))).isFalse();
    PowerBound unknown = PowerBound.of(traits(Optional.empty(), Optional.empty()));
    assertThat(unknown.allows(new Watts(2_700))).isTrue();
    assertThat(unknown.allows(new Watts(65_535))).isFalse();
  }

  @Test
  void aModuleMayDrawWhatItsCpuAndItsOtherGpuTakeBesideTheLimitOfOneGpu() {
    PowerRange range = new PowerRange(new Watts(200), new Watts(1_200));
    GpuTraits gpu = traits(Optional.of(range), Optional.empty());
    Watts superchip = new Watts(2_700);
    assertThat(PowerBound.of(gpu).allows(superchip)).isFalse();
    PowerBound module = PowerBound.of(gpu.withModulePower());
    assertThat(module.allows(superchip)).isTrue();
    assertThat(module.faultOf(reading(2_700, Optional.of(1.0)))).isEmpty();
    assertThat(module.allows(new Watts(65_535))).isFalse();
  }

  @Test
  void aRangeThatIsNonsenseItselfLetsNoNonsenseThrough() {
    assertThat(upTo(4_294_967).allows(new Watts(65_535))).isFalse();
    assertThat(upTo(1e300).allows(new Watts(65_535))).isFalse();
  }

  @Test
  void energyIsBoundByThatInItsTime() {
    assertThat(upTo(400).allows(new Joules(410), Duration.ofSeconds(1))).isTrue();
    assertThat(upTo(400).allows(new Joules(5_000), Duration.ofSeconds(1))).isFalse();
    assertThat(upTo(400).allows(new Joules(240_000), Duration.ofMinutes(10))).isTrue();
  }

  @Test
  void aDrawOfZeroIsRejectedOnlyOfABusyGpu() {
    assertThat(upTo(400).faultOf(reading(0, Optional.of(1.0)))).contains(ReadingFault.POWER_ZERO);
    assertThat(upTo(400).faultOf(reading(0, Optional.of(0.0)))).isEmpty();
    assertThat(upTo(400).faultOf(reading(0, Optional.empty()))).isEmpty();
    assertThat(upTo(400).faultOf(reading(65_535, Optional.of(1.0))))
        .contains(ReadingFault.POWER_HIGH);
  }
}
