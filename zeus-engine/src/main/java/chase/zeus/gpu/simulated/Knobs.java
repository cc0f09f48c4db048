package chase.zeus.gpu.simulated;

import chase.zeus.gpu.ClockDomain;
import chase.zeus.gpu.ClockRange;
import java.util.Optional;

/**
 * What a user turned on a card. Locked memory clocks are kept and change nothing about the job.
 *
 * @param gpuClocks the locked GPU clocks, empty when the card chooses
 * @param memoryClocks the locked memory clocks, empty when the card chooses
 * @param persistence whether the driver stays loaded without clients
 */
record Knobs(
    Optional<ClockRange> gpuClocks, Optional<ClockRange> memoryClocks, boolean persistence) {
  static final Knobs FRESH = new Knobs(Optional.empty(), Optional.empty(), true);

  Knobs withClocks(ClockDomain domain, Optional<ClockRange> range) {
    return switch (domain) {
      case GPU -> new Knobs(range, memoryClocks, persistence);
      case MEMORY -> new Knobs(gpuClocks, range, persistence);
    };
  }

  Knobs persistence(boolean on) {
    return new Knobs(gpuClocks, memoryClocks, on);
  }

  /** The share of full speed that the locked clocks leave. */
  double fastest(GpuPreset preset) {
    return gpuClocks.map(range -> preset.speedAt(range.maxMegahertz())).orElse(1.0);
  }
}
