package chase.zeus.gpu.nvml;

import static chase.zeus.gpu.nvml.Failure.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuException.Kind;
import chase.zeus.gpu.GpuProcess;
import chase.zeus.gpu.GpuReading;
import chase.zeus.gpu.GpuReading.Activity;
import chase.zeus.gpu.GpuSettings.ClockDomain;
import chase.zeus.gpu.GpuSettings.ClockRange;
import chase.zeus.unit.Watts;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A driver that does not export the newer symbols. */
class OldDriverTest extends FakeDriverFixture {
  OldDriverTest(@TempDir Path folder) {
    super(folder, "FAKE_NVML_OLD");
  }

  @Test
  void olderCallsStandInForMissingSymbols() throws Exception {
    Gpu gpu = openFirst();
    GpuReading reading = gpu.read();
    assertThat(reading.power()).isPresent();
    assertThat(reading.energy()).isPresent();
    assertThat(reading.limits()).contains(gpu.powerLimits());
    assertThat(reading.clockEventReasons()).isPresent();
    assertThat(driver.calls()).containsKey("nvmlDeviceGetCurrentClocksThrottleReasons");
  }

  @Test
  void whatHasNoOlderCallIsAbsent() throws Exception {
    assertThat(openFirst().read().powerCapped()).isEmpty();
  }

  @Test
  void aClockStandsInForMissingCounters() throws Exception {
    assertThat(openFirst().read().activity().orElseThrow().source())
        .isEqualTo(Activity.Source.CLOCK);
  }

  @Test
  void theFirstFormOfTheProcessListIsReadToo() throws Exception {
    driver.process(H100, 4711, 1024);
    driver.process(H100, 4712, 0);
    assertThat(openFirst().processes())
        .containsExactly(
            new GpuProcess(4711, Optional.of(1L << 30)), new GpuProcess(4712, Optional.empty()));
  }

  @Test
  void aLimitCanBeSet() throws Exception {
    openFirst().limitPower(new Watts(300));
    assertThat(driver.requested(H100)).isEqualTo(new Watts(300));
  }

  @Test
  void clocksCannotBeLocked() throws Exception {
    Gpu gpu = openFirst();
    assertThat(
            failureOf(() -> gpu.settings().lockClocks(ClockDomain.GPU, new ClockRange(300, 900))))
        .isEqualTo(
            new Failure(
                Kind.REFUSED, "GPU 0: locked clocks of 300 MHz to 900 MHz: Function Not Found"));
  }

  @Test
  void theInstantDrawIsTheGpusOwn() throws Exception {
    assertThat(openFirst().powerDraw().value()).isBetween(60.0, 700.0);
  }
}
