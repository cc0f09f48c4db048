package chase.daemon.simulation;

import chase.daemon.simulation.Simulation.Baselines;
import chase.zeus.replay.JobOutcome;
import java.util.List;
import java.util.Optional;

/**
 * What became of one contender.
 *
 * @param policy who
 * @param outcomes one for each start
 * @param summary their means
 * @param baselines what a budget is to be measured by; empty for everything else
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
   * Replays {@code contender}.
   *
   * @param measured whether a budget is measured against the mix, the optimum and the paper's rule
   */
  public static PolicyResult of(
      Simulation simulation, SimulatedPolicy contender, boolean measured) {
    List<JobOutcome> outcomes = simulation.outcomes(contender);
    return new PolicyResult(
        contender,
        outcomes,
        simulation.summary(contender.spec(), outcomes),
        measured && hasBaselines(contender)
            ? Optional.of(simulation.baselines(contender.bound().orElseThrow(), outcomes))
            : Optional.empty());
  }

  /** Whether something is shown beside {@code contender}: it is a budget. */
  public static boolean hasBaselines(SimulatedPolicy contender) {
    return switch (contender) {
      case SimulatedPolicy.EnginePolicy policy -> policy.bound().isPresent();
      case SimulatedPolicy.Optimum o -> false;
    };
  }
}
