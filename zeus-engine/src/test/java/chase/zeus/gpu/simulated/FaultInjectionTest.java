package chase.zeus.gpu.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import chase.zeus.fixtures.ManualClock;
import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuException.Kind;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class FaultInjectionTest {
  private final ManualClock clock = new ManualClock();
  private final SimulatedGpus host =
      SimulatedGpus.of(List.of(GpuPreset.V100, GpuPreset.V100), clock);
  private final Gpu gpu = host.all().getFirst();
  private final FaultInjection faults = host.faults(gpu.traits().id());

  @Test
  void withoutRightsALimitIsRefusedAndStaysAsItWas() throws Exception {
    faults.refuseWrites(true);
    assertFails(() -> gpu.limitPower(new Watts(150)), Kind.REFUSED, "Insufficient Permissions");
    assertThat(gpu.powerLimits()).isEqualTo(limits(250, 250));
    faults.refuseWrites(false);
    gpu.limitPower(new Watts(150));
    assertThat(gpu.powerLimits()).isEqualTo(limits(150, 150));
  }

  @Test
  void theRefusalNamesWhatTheGpuWouldAccept() {
    assertFails(
        () -> gpu.limitPower(new Watts(250.001)),
        Kind.REFUSED,
        "Invalid Argument: 250001 mW is not in 100000 to 250000 mW");
  }

  @Test
  void aLimitIsKeptInWholeMilliwatts() throws Exception {
    gpu.limitPower(new Watts(150.12345));
    assertThat(gpu.powerLimits()).isEqualTo(limits(150.123, 150.123));
  }

  @Test
  void aLostGpuFailsEveryCallAndItsNeighbourNone() throws Exception {
    faults.lose();
    assertFails(gpu::read, Kind.LOST, "GPU is lost");
    assertFails(gpu::powerLimits, Kind.LOST, "GPU is lost");
    assertFails(() -> gpu.limitPower(new Watts(150)), Kind.LOST, "GPU is lost");
    assertThat(gpu.traits().model()).isEqualTo("Simulated NVIDIA V100 PCIe");
    assertThat(host.all().get(1).powerLimits()).isEqualTo(limits(250, 250));
  }

  @Test
  void aReloadBringsALostGpuBackWithItsDefaultsAndKeepsTheJobsSteps() throws Exception {
    GpuId id = gpu.traits().id();
    gpu.limitPower(new Watts(150));
    clock.advance(Duration.ofMinutes(1));
    double steps = host.stepsDone(id);
    faults.lose();
    clock.advance(Duration.ofMinutes(5));
    faults.reload();
    assertThat(gpu.powerLimits()).isEqualTo(limits(250, 250));
    assertThat(gpu.read().energy()).contains(Joules.ZERO);
    assertThat(gpu.read().powerCapped()).contains(Duration.ZERO);
    assertThat(host.stepsDone(id)).isEqualTo(steps);
    clock.advance(Duration.ofSeconds(1));
    assertThat(host.stepsDone(id)).isCloseTo(steps + 5005 / 3514.987, within(1e-9));
  }

  @Test
  void anOutOfBandCeilingIsEnforcedButNotRequested() throws Exception {
    faults.ceiling(new Watts(175));
    assertThat(gpu.powerLimits()).isEqualTo(limits(250, 175));
    clock.advance(Duration.ofMinutes(1));
    assertThat(gpu.read().power().orElseThrow().value()).isCloseTo(166.372, within(1e-9));
    gpu.limitPower(new Watts(150));
    assertThat(gpu.powerLimits()).isEqualTo(limits(150, 150));
    gpu.limitPower(new Watts(200));
    assertThat(gpu.powerLimits()).isEqualTo(limits(200, 175));
    faults.liftCeiling();
    assertThat(gpu.powerLimits()).isEqualTo(limits(200, 200));
  }

  @Test
  void anExternalWriteNeedsNoPermission() throws Exception {
    faults.refuseWrites(true);
    faults.externalWrite(new Watts(225));
    assertThat(gpu.powerLimits()).isEqualTo(limits(225, 225));
  }

  @Test
  void aFaultThatNoGpuCouldShowIsRefused() throws Exception {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> faults.externalWrite(new Watts(300)))
        .withMessage("300 W is outside 100 W to 250 W");
    assertThatIllegalArgumentException().isThrownBy(() -> faults.ceiling(new Watts(99)));
    assertThat(gpu.powerLimits()).isEqualTo(limits(250, 250));
  }

  private static void assertFails(ThrowingCallable call, Kind kind, String message) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            GpuException.class, failure -> assertThat(failure.kind()).isEqualTo(kind))
        .hasMessageStartingWith(message);
  }

  private static PowerLimits limits(double requested, double enforced) {
    return new PowerLimits(new Watts(requested), new Watts(enforced));
  }
}
