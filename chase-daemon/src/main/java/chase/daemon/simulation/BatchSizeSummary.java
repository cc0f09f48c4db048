package chase.daemon.simulation;

import chase.zeus.batchsize.trace.ReplayOutcome;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * What one policy made of a recurring job from one seed. Savings are shares of what the default
 * batch size takes on average at full power.
 *
 * @param policy what the user wrote
 * @param seed what chance began from
 * @param energyJoulesLast5 the mean energy of the last five recurrences
 * @param secondsLast5 their mean time
 * @param costJoulesLast5 their mean cost of energy and time together
 * @param energySaving the share of energy that they saved
 * @param timeSaving the share of time that they saved
 * @param cumulativeEnergySaving the share of energy that all recurrences together saved
 * @param regret what all recurrences cost beyond the optimum's, in runs of the optimum
 */
@JsonPropertyOrder({
  "policy",
  "seed",
  "energy_joules_last5",
  "seconds_last5",
  "cost_joules_last5",
  "energy_saving",
  "time_saving",
  "cumulative_energy_saving",
  "regret"
})
public record BatchSizeSummary(
    String policy,
    long seed,
    @JsonProperty("energy_joules_last5") double energyJoulesLast5,
    @JsonProperty("seconds_last5") double secondsLast5,
    @JsonProperty("cost_joules_last5") double costJoulesLast5,
    @JsonProperty("energy_saving") double energySaving,
    @JsonProperty("time_saving") double timeSaving,
    @JsonProperty("cumulative_energy_saving") double cumulativeEnergySaving,
    double regret) {

  /** The summary of {@code outcome}. */
  public static BatchSizeSummary of(String policy, long seed, ReplayOutcome outcome) {
    return new BatchSizeSummary(
        policy,
        seed,
        outcome.energyJoulesLast5(),
        outcome.secondsLast5(),
        outcome.costLast5(),
        outcome.energySaving(),
        outcome.timeSaving(),
        outcome.cumulativeEnergySaving(),
        outcome.regret());
  }
}
