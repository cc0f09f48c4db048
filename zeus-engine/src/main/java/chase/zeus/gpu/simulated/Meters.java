package chase.zeus.gpu.simulated;

import java.time.Duration;

/**
 * What a card has counted so far.
 *
 * @param watts the draw now
 * @param joules energy since the driver was loaded
 * @param steps training steps since the card was made
 * @param capped how long the limit has held the job back since the driver was loaded
 */
record Meters(double watts, double joules, double steps, Duration capped) {
  /**
   * Seconds in which the draw covers 63 % of the way to its target. Nothing is published about a
   * card's real delay; a second is the window over which NVML averages power on most cards.
   */
  private static final double LAG_SECONDS = 1;

  /**
   * The meters after {@code time} of one steady pace. The draw nears its target exponentially and
   * energy is that curve's integral, so it does not matter how often a card is asked.
   */
  Meters after(Duration time, Pace pace) {
    double seconds = time.toNanos() / 1e9;
    double target = pace.draw().value();
    double covered = -Math.expm1(-seconds / LAG_SECONDS);
    return new Meters(
        watts + (target - watts) * covered,
        joules + target * seconds + (watts - target) * LAG_SECONDS * covered,
        steps + pace.throughput() * seconds,
        pace.powerCapped() ? capped.plus(time) : capped);
  }

  /** The meters after the driver was loaded anew; the job keeps its progress. */
  Meters reloaded() {
    return new Meters(watts, 0, steps, Duration.ZERO);
  }
}
