package chase.zeus.profile;

import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.profile.ProfilingEvent.Sampled;
import chase.zeus.unit.Joules;
import java.time.Duration;

/**
 * The time, energy and work of a job while it was measured, warm-up included.
 *
 * @param energy the energy of one GPU; of a job with several, their mean
 * @param steps the work that was done meanwhile
 */
public record ProfilingCost(Duration time, Joules energy, double steps) {
  /** Nothing yet. */
  public static final ProfilingCost NONE = new ProfilingCost(Duration.ZERO, Joules.ZERO, 0);

  ProfilingCost plus(Sampled sample) {
    return new ProfilingCost(
        time.plus(sample.over()), energy.plus(sample.energy()), steps + sample.steps());
  }

  /** Both together. */
  public ProfilingCost plus(ProfilingCost other) {
    return new ProfilingCost(time.plus(other.time), energy.plus(other.energy), steps + other.steps);
  }

  /** The seconds by which the same work takes less at {@code best}; negative when it takes more. */
  public double extraSeconds(Point best) {
    return time.toNanos() / 1e9 - steps / best.throughput();
  }

  /** The joules by which the same work takes less at {@code best}; negative when it takes more. */
  public double extraJoules(Point best) {
    return energy.value() - steps / best.throughput() * best.power().value();
  }
}
