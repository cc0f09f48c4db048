package chase.zeus.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * What every {@link Gpu} keeps, real or not. Only reads, so it may run on a GPU in use; {@link
 * WritableGpuContract} is for simulated GPUs.
 */
public abstract class GpuContract {
  /** A GPU whose power can be limited. */
  protected abstract Gpu gpu() throws Exception;

  @Test
  void aGpuHasALastingId() throws Exception {
    assertThat(gpu().traits().id().uuid()).startsWith("GPU-");
    assertThat(gpu().traits().id()).isEqualTo(gpu().traits().id());
    assertThat(gpu().traits().model()).isNotBlank();
    assertThat(gpu().traits().driverVersion()).isNotBlank();
  }

  @Test
  void theRequestedLimitLiesInTheGpusRange() throws Exception {
    PowerRange range = gpu().traits().powerRange().orElseThrow();
    assertThat(range.contains(gpu().powerLimits().requested())).isTrue();
  }

  @Test
  void theEnforcedLimitIsNeverAboveTheRequestedOne() throws Exception {
    PowerLimits limits = gpu().powerLimits();
    assertThat(limits.enforced()).isLessThanOrEqualTo(limits.requested());
  }

  @Test
  void aReadingHasTheLimitsThatTheGpuReports() throws Exception {
    Gpu gpu = gpu();
    assertThat(gpu.read().limits()).contains(gpu.powerLimits());
  }

  @Test
  void theDrawAndTheEnergyNowAreThoseOfAReading() throws Exception {
    Gpu gpu = gpu();
    assertThat(gpu.powerDraw().value()).isBetween(1.0, 2000.0);
    GpuReading reading = gpu.read();
    if (reading.energy().isPresent()) {
      assertThat(gpu.energy()).isGreaterThanOrEqualTo(reading.energy().get());
    }
    if (reading.persistenceMode().isPresent()) {
      assertThat(gpu.settings().persistenceMode()).isEqualTo(reading.persistenceMode().get());
    }
  }

  @Test
  void aReadingIsPlausible() throws Exception {
    GpuReading reading = gpu().read();
    assertThat(reading.power().orElseThrow().value()).isBetween(1.0, 2000.0);
    reading.utilization().ifPresent(share -> assertThat(share).isBetween(0.0, 1.0));
    reading.smClockMegahertz().ifPresent(clock -> assertThat(clock).isBetween(0, 5000));
    reading.temperatureCelsius().ifPresent(celsius -> assertThat(celsius).isBetween(0, 120));
    // Four pipes at 5 GHz.
    reading
        .activity()
        .ifPresent(activity -> assertThat(activity.cyclesPerSecond()).isBetween(0.0, 2e10));
  }

  @Test
  void eachProcessIsListedOnce() throws Exception {
    assertThat(gpu().processes().stream().map(GpuProcess::pid)).doesNotHaveDuplicates();
  }
}
