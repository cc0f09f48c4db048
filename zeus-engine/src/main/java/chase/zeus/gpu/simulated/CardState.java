package chase.zeus.gpu.simulated;

import java.time.Instant;

/**
 * A card at one moment.
 *
 * @param at the moment
 * @param setting how it is set
 * @param meters what it has counted
 */
record CardState(Instant at, Setting setting, Meters meters) {
  CardState with(Setting changed) {
    return new CardState(at, changed, meters);
  }

  /** The same card later, nothing counted: what is lost does not work. */
  CardState standing(Instant until) {
    return new CardState(until, setting, meters);
  }
}
