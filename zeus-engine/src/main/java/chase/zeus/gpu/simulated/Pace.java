package chase.zeus.gpu.simulated;

import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.unit.Watts;

/**
 * What a card does as long as neither its limit nor its job changes.
 *
 * @param draw the power that it tends to
 * @param throughput training steps a second, 0 at rest
 * @param speed throughput as a share of what the card does without a limit
 */
record Pace(Watts draw, double throughput, double speed) {
  static Pace resting(Preset preset) {
    return new Pace(preset.idlePower(), 0, 0);
  }

  /** The job at {@code limit}, which must lie in the preset's range. */
  static Pace training(Preset preset, Watts limit) {
    Point point = preset.profile().at(limit).orElseThrow();
    double unlimited = preset.profile().points().getLast().throughput();
    return new Pace(point.power(), point.throughput(), point.throughput() / unlimited);
  }

  boolean running() {
    return throughput > 0;
  }

  /** Whether the job would be faster without the limit. */
  boolean heldBack() {
    return running() && speed < 1;
  }
}
