package chase.zeus.gpu.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import chase.zeus.fixtures.ManualClock;
import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuSettings.ClockDomain;
import chase.zeus.gpu.GpuSettings.ClockRange;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SimulatedSettingsTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final ManualClock clock = new ManualClock();
  private final SimulatedGpus gpus = SimulatedGpus.of(List.of(GpuPreset.V100), clock);
  private final Gpu gpu = gpus.all().getFirst();

  private double stepsInAMinute() {
    double before = gpus.stepsDone(gpu.traits().id());
    clock.advance(MINUTE);
    return gpus.stepsDone(gpu.traits().id()) - before;
  }

  private void lock(int megahertz) throws GpuException {
    gpu.settings().lockClocks(ClockDomain.GPU, new ClockRange(135, megahertz));
  }

  @Test
  void lockedClocksSlowTheJobAndLowerItsDraw() throws Exception {
    double free = stepsInAMinute();
    double draw = gpu.powerDraw().value();
    lock(1000);
    assertThat(stepsInAMinute()).isLessThan(free);
    assertThat(gpu.powerDraw().value()).isLessThan(draw);
    assertThat(gpu.read().smClockMegahertz().orElseThrow()).isBetween(999, 1000);
    assertThat(gpu.read().clockEventReasons()).contains(Set.of());
  }

  @Test
  void theLowerOfLimitAndClockCounts() throws Exception {
    gpu.limitPower(new Watts(100));
    double limited = stepsInAMinute();
    lock(1380);
    assertThat(stepsInAMinute()).isEqualTo(limited);
    lock(200);
    assertThat(stepsInAMinute()).isLessThan(limited);
    gpu.settings().unlockClocks(ClockDomain.GPU);
    assertThat(stepsInAMinute()).isCloseTo(limited, within(1e-6));
  }

  @Test
  void aVeryLowClockDrawsNoLessThanAnIdleGpu() throws Exception {
    lock(135);
    clock.advance(MINUTE);
    assertThat(gpu.powerDraw().value()).isBetween(40.0, 100.0);
  }

  @Test
  void anOlderGpuCannotLockItsMemoryClocks() {
    assertThatThrownBy(
            () -> gpu.settings().lockClocks(ClockDomain.MEMORY, new ClockRange(800, 877)))
        .isInstanceOf(GpuException.class)
        .hasMessage("Not Supported: locking memory clocks");
  }

  @Test
  void aReloadedDriverForgetsTheClocks() throws Exception {
    double free = stepsInAMinute();
    lock(500);
    gpus.faults(gpu.traits().id()).reload();
    assertThat(stepsInAMinute()).isCloseTo(free, within(1e-6));
  }
}
