package chase.zeus.gpu.simulated;

import java.time.Instant;

/**
 * A card at one moment.
 *
 * @param at the moment
 * @param controls how it is set
 * @param meters what it has counted
 */
record SimulatedState(Instant at, Setting controls, Meters meters) {
  SimulatedState with(Setting changed) {
    return new SimulatedState(at, changed, meters);
  }

  /** The same card later, nothing counted: what is lost does not work. */
  SimulatedState stoppedUntil(Instant until) {
    return new SimulatedState(until, controls, meters);
  }
}
