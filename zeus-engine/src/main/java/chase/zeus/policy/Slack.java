package chase.zeus.policy;

import java.util.Optional;

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
  public Optional<Double> share() {
    return allowed > 0 ? Optional.of(seconds / allowed) : Optional.empty();
  }
}
