package chase.zeus.gpu.simulated;

import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.unit.Watts;

/**
 * What a card does as long as neither its limit nor its job changes.
 *
 * @param draw the power that it tends to
 * @param throughput training steps a second, 0 at rest
 * @param speed throughput as a share of what the card does without a limit
 * @param powerCapped whether the job would be faster without the power limit
 */
record Pace(Watts draw, double throughput, double speed, boolean powerCapped) {
  static Pace idle(GpuPreset preset) {
    return new Pace(preset.idlePower(), 0, 0, false);
  }

  /**
   * The job at {@code limit}, which must lie in the preset's range.
   *
   * @param fastest the share of full speed that locked clocks leave; 1 where none are locked
   */
  static Pace training(GpuPreset preset, Watts limit, double fastest) {
    Point point = preset.profile().at(limit).orElseThrow();
    double full = preset.profile().points().getLast().throughput();
    double speed = point.throughput() / full;
    return fastest < speed
        ? new Pace(preset.drawAt(fastest), full * fastest, fastest, false)
        : new Pace(point.power(), point.throughput(), speed, speed < 1);
  }

  boolean running() {
    return throughput > 0;
  }
}
