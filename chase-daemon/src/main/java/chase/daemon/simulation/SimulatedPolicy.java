package chase.daemon.simulation;

import chase.zeus.policy.PowerPolicy;
import chase.zeus.policy.SlowdownBound;
import chase.zeus.replay.ForecastView;
import chase.zeus.replay.JobOutcome;
import chase.zeus.replay.Replay;
import chase.zeus.replay.ReplayJob;
import java.util.OptionalDouble;

/** What takes part in a comparison. */
public sealed interface SimulatedPolicy {
  /** How a policy that keeps a bound begins. */
  String BUDGET = "budget:";

  /** How the optimum begins. */
  String OPTIMUM = "optimum:";

  /** What the user wrote, such as {@code budget:0.025}. */
  String spec();

  /** The slowdown that it may use; empty where it has no such bound. */
  OptionalDouble bound();

  /** What becomes of {@code job}. */
  JobOutcome run(Replay replay, ReplayJob job, ForecastView forecast);

  /**
   * Reads a policy, or {@code optimum:BOUND}.
   *
   * @throws IllegalArgumentException that names the offending part
   */
  static SimulatedPolicy parse(String spec) {
    if (spec.startsWith(OPTIMUM)) {
      return new Optimum(spec, bound(spec).share());
    }
    try {
      PowerPolicy policy = PowerPolicy.parse(spec);
      return policy.spec().startsWith(BUDGET)
          ? new EnginePolicy(policy, OptionalDouble.of(bound(policy.spec()).share()))
          : new EnginePolicy(policy, OptionalDouble.empty());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          String.valueOf(e.getMessage())
              .replaceFirst(" or " + BUDGET + "BOUND$", ", budget:BOUND or optimum:BOUND"),
          e);
    }
  }

  private static SlowdownBound bound(String spec) {
    try {
      return SlowdownBound.parse(spec.substring(spec.indexOf(':') + 1));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("policy '" + spec + "': " + e.getMessage(), e);
    }
  }

  /**
   * A policy in the engine.
   *
   * @param policy the policy
   * @param bound its slowdown bound, where it has one
   */
  record EnginePolicy(PowerPolicy policy, OptionalDouble bound) implements SimulatedPolicy {
    @Override
    public String spec() {
      return policy.spec();
    }

    @Override
    public JobOutcome run(Replay replay, ReplayJob job, ForecastView forecast) {
      return replay.run(policy, job, forecast);
    }
  }

  /**
   * The exact optimum for whoever knows the whole recording.
   *
   * @param spec what the user wrote
   * @param slowdown the slowdown that it may use
   */
  record Optimum(String spec, double slowdown) implements SimulatedPolicy {
    @Override
    public OptionalDouble bound() {
      return OptionalDouble.of(slowdown);
    }

    @Override
    public JobOutcome run(Replay replay, ReplayJob job, ForecastView forecast) {
      return replay.optimum(slowdown, job);
    }
  }
}
