package chase.daemon.simulation;

import chase.daemon.simulation.Simulation.Beside;
import chase.zeus.replay.JobOutcome;
import java.util.List;
import java.util.Optional;

/**
 * What became of one contender.
 *
 * @param contender who
 * @param outcomes one for each start
 * @param summary their means
 * @param beside what a budget is to be measured by; empty for everything else
 */
public record Result(
    Contender contender, List<JobOutcome> outcomes, Summary summary, Optional<Beside> beside) {
  /** Copies the list. */
  public Result {
    outcomes = List.copyOf(outcomes);
  }

  /**
   * Replays {@code contender}.
   *
   * @param measured whether a budget is measured against the mix, the optimum and the paper's rule
   */
  public static Result of(Simulation simulation, Contender contender, boolean measured) {
    List<JobOutcome> outcomes = simulation.outcomes(contender);
    return new Result(
        contender,
        outcomes,
        simulation.summary(contender.spec(), outcomes),
        measured && isMeasured(contender)
            ? Optional.of(simulation.beside(contender.bound().orElseThrow(), outcomes))
            : Optional.empty());
  }

  /** Whether something is shown beside {@code contender}: it is a budget. */
  public static boolean isMeasured(Contender contender) {
    return switch (contender) {
      case Contender.Policy policy -> policy.bound().isPresent();
      case Contender.Optimum o -> false;
    };
  }
}
