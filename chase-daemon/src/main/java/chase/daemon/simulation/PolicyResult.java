package chase.daemon.simulation;

import chase.daemon.simulation.Simulation.Baselines;
import chase.zeus.replay.JobOutcome;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * The outcome of one policy.
 *
 * @param policy which one
 * @param outcomes one for each start
 * @param summary their means
 * @param baselines what a budget is compared with; empty for everything else
 */
public record PolicyResult(
    SimulatedPolicy policy,
    List<JobOutcome> outcomes,
    Summary summary,
    Optional<Baselines> baselines) {
  /** Copies the list. */
  public PolicyResult {
    outcomes = List.copyOf(outcomes);
  }

  /**
   * Replays {@code policy}.
   *
   * @param measured whether a budget is compared with the mix, the optimum and the paper's rule
   */
  public static PolicyResult of(Simulation simulation, SimulatedPolicy policy, boolean measured) {
    List<JobOutcome> outcomes = simulation.outcomes(policy);
    return new PolicyResult(
        policy,
        outcomes,
        simulation.summary(policy.spec(), outcomes),
        measured && hasBaselines(policy)
            ? Optional.of(simulation.baselines(policy.bound().orElseThrow(), outcomes))
            : Optional.empty());
  }

  /** Whether {@code policy} is compared with baselines: it is a budget. */
  public static boolean hasBaselines(SimulatedPolicy policy) {
    return switch (policy) {
      case SimulatedPolicy.EnginePolicy engine -> engine.bound().isPresent();
      case SimulatedPolicy.Optimum optimum -> false;
    };
  }

  /**
   * One policy over all starts: means, but for the counts and {@code slowdownMax}. Ratios are
   * against full power.
   *
   * @param policy what the user wrote
   * @param starts how many jobs were replayed
   * @param carbonGrams grams of CO2
   * @param energyJoules energy
   * @param seconds how long the job took
   * @param slowdown how much longer than at full power: 0.02 is 2 %
   * @param slowdownMax the largest of all starts
   * @param carbonSaving the share of full power's carbon that was saved
   * @param energySaving the share of full power's energy that was saved
   * @param limitChanges how often the limit was changed in a job
   * @param weightSaving the share of full power's weighted energy that was saved: what policies try
   *     to save, which is the carbon unless prices count
   * @param money what the energy cost, where prices were recorded
   */
  @JsonPropertyOrder({
    "policy",
    "starts",
    "carbon_grams",
    "energy_joules",
    "seconds",
    "slowdown",
    "slowdown_max",
    "carbon_saving",
    "energy_saving",
    "limit_changes",
    "money"
  })
  public record Summary(
      String policy,
      int starts,
      @JsonProperty("carbon_grams") double carbonGrams,
      @JsonProperty("energy_joules") double energyJoules,
      double seconds,
      double slowdown,
      @JsonProperty("slowdown_max") double slowdownMax,
      @JsonProperty("carbon_saving") double carbonSaving,
      @JsonProperty("energy_saving") double energySaving,
      @JsonProperty("limit_changes") double limitChanges,
      @JsonIgnore double weightSaving,
      Optional<Money> money) {

    /**
     * What the energy cost.
     *
     * @param amount money, negative where the energy was paid for
     * @param currency which, by its ISO 4217 code
     * @param saved how much less than at full power
     */
    public record Money(double amount, String currency, double saved) {}

    /** The summary of {@code outcomes} compared with the same starts at full power. */
    static Summary of(
        String policy,
        List<JobOutcome> outcomes,
        List<JobOutcome> atFullPower,
        RecordedEnergy energy) {
      return new Summary(
          policy,
          outcomes.size(),
          mean(outcomes, energy::grams),
          mean(outcomes, outcome -> outcome.energy().value()),
          mean(outcomes, JobOutcome::seconds),
          mean(outcomes, JobOutcome::slowdown),
          outcomes.stream().mapToDouble(JobOutcome::slowdown).max().orElseThrow(),
          saving(outcomes, atFullPower, energy::grams),
          saving(outcomes, atFullPower, outcome -> outcome.energy().value()),
          mean(outcomes, JobOutcome::limitChanges),
          saving(outcomes, atFullPower, JobOutcome::cost),
          energy.prices().map(prices -> money(prices, outcomes, atFullPower)));
    }

    /** A share of an amount that may be negative means nothing, so savings are in money. */
    private static Money money(
        RecordedPrices prices, List<JobOutcome> outcomes, List<JobOutcome> atFullPower) {
      double amount = mean(outcomes, prices::cost);
      return new Money(
          amount, prices.currency().getCurrencyCode(), mean(atFullPower, prices::cost) - amount);
    }

    private static double mean(List<JobOutcome> outcomes, ToDoubleFunction<JobOutcome> figure) {
      return outcomes.stream().mapToDouble(figure).average().orElseThrow();
    }

    private static double saving(
        List<JobOutcome> outcomes,
        List<JobOutcome> atFullPower,
        ToDoubleFunction<JobOutcome> figure) {
      double sum = 0;
      for (int i = 0; i < outcomes.size(); i++) {
        sum +=
            saved(figure.applyAsDouble(outcomes.get(i)), figure.applyAsDouble(atFullPower.get(i)));
      }
      return sum / outcomes.size();
    }

    /** The share of {@code before} that is saved; nothing of nothing. */
    static double saved(double after, double before) {
      return before > 0 ? 1 - after / before : 0;
    }
  }
}
