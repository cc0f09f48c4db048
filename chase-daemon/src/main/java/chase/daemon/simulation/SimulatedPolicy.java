package chase.daemon.simulation;

import chase.zeus.policy.PowerPolicy;
import chase.zeus.policy.SlowdownBound;
import chase.zeus.replay.ForecastView;
import chase.zeus.replay.JobOutcome;
import chase.zeus.replay.Replay;
import chase.zeus.replay.ReplayJob;
import java.util.Optional;

/** A policy of a comparison: one of the engine's, or the exact optimum. */
public sealed interface SimulatedPolicy {
  /** How the optimum begins. */
  String OPTIMUM = "optimum:";

  /** What the user wrote, such as {@code budget:0.025}. */
  String spec();

  /** The slowdown that it allows, as a ratio; empty where it has no such bound. */
  Optional<Double> bound();

  /** Replays {@code job} under this policy. */
  JobOutcome run(Replay replay, ReplayJob job, ForecastView forecast);

  /**
   * Reads a policy, or {@code optimum:BOUND}.
   *
   * @throws IllegalArgumentException that names the offending part
   */
  static SimulatedPolicy parse(String spec) {
    if (spec.startsWith(OPTIMUM)) {
      return new Optimum(spec, slowdown(spec));
    }
    try {
      return new EnginePolicy(PowerPolicy.parse(spec));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          String.valueOf(e.getMessage())
              .replaceFirst(" or budget:BOUND$", ", budget:BOUND or optimum:BOUND"),
          e);
    }
  }

  private static double slowdown(String spec) {
    try {
      return SlowdownBound.parse(spec.substring(OPTIMUM.length())).share();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("policy '" + spec + "': " + e.getMessage(), e);
    }
  }

  /**
   * A policy of the engine.
   *
   * @param policy the policy
   */
  record EnginePolicy(PowerPolicy policy) implements SimulatedPolicy {
    @Override
    public String spec() {
      return policy.spec();
    }

    @Override
    public Optional<Double> bound() {
      return policy.slowdownBound().map(SlowdownBound::share);
    }

    @Override
    public JobOutcome run(Replay replay, ReplayJob job, ForecastView forecast) {
      return replay.run(policy, job, forecast);
    }
  }

  /**
   * The exact optimum, which knows the whole recording.
   *
   * @param spec what the user wrote
   * @param slowdown the slowdown that it allows, as a ratio
   */
  record Optimum(String spec, double slowdown) implements SimulatedPolicy {
    @Override
    public Optional<Double> bound() {
      return Optional.of(slowdown);
    }

    @Override
    public JobOutcome run(Replay replay, ReplayJob job, ForecastView forecast) {
      return replay.optimum(slowdown, job);
    }
  }
}
