package chase.zeus.engine;

import chase.zeus.gpu.PowerRange;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.policy.Slack;
import java.time.Instant;
import java.util.List;

/**
 * What may be done about a job's limits to learn from it.
 *
 * @param at now
 * @param gpuRange what its cards can be set to
 * @param range what all of them may be set to
 * @param policies what decides about them otherwise
 * @param slack how many seconds the job may lose; infinite where nothing is promised to it, and
 *     negative where nobody knows yet
 * @param lasts how many seconds it goes on, as far as one knows; infinite otherwise
 */
record Chance(
    Instant at,
    PowerRange gpuRange,
    PowerRange range,
    List<PowerPolicy> policies,
    double slack,
    double lasts) {

  /** The chance that {@code judged} leaves; none while the job is told to pause. */
  static Chance of(
      Case judged, PowerRange card, PowerRange range, List<PowerPolicy> policies, double lasts) {
    double slack =
        policies.stream()
            .filter(PowerPolicy::countsWork)
            .mapToDouble(policy ->
                policy.slack(judged.input()).map(Slack::seconds).orElse(Double.NEGATIVE_INFINITY))
            .min()
            .orElse(Double.POSITIVE_INFINITY);
    return new Chance(
        judged.input().at(),
        card,
        range,
        policies,
        judged.pauses() ? Double.NEGATIVE_INFINITY : slack,
        lasts);
  }
}
