package chase.zeus.policy;

import java.util.OptionalDouble;

/**
 * The rest of a job's slowdown budget.
 *
 * @param seconds how long the job could stand still and, at full power from then on, still keep its
 *     bound; negative when it is late
 * @param allowed the whole budget in seconds, of which that is left; for a job of unknown length
 *     what it has accumulated so far
 */
public record Slack(double seconds, double allowed) {
  /** The rest as a share of the whole; empty while the whole is zero. */
  public OptionalDouble share() {
    return allowed > 0 ? OptionalDouble.of(seconds / allowed) : OptionalDouble.empty();
  }
}
