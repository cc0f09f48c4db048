package chase.zeus.policy;

import java.util.OptionalDouble;

/**
 * What is left of a job's slowdown budget.
 *
 * @param seconds how long the job could stand still and, at full power from then on, still keep the
 *     promise; negative when it is late
 * @param allowed the whole budget in seconds, of which that is left; for a job of unknown length
 *     what it has earned so far
 */
public record Slack(double seconds, double allowed) {
  /** What is left as a share of the whole; empty while there is none to share. */
  public OptionalDouble share() {
    return allowed > 0 ? OptionalDouble.of(seconds / allowed) : OptionalDouble.empty();
  }
}
