package chase.daemon.simulation;

import chase.zeus.policy.PowerPolicy;
import chase.zeus.policy.SlowdownBound;
import chase.zeus.replay.Forecast;
import chase.zeus.replay.Job;
import chase.zeus.replay.Outcome;
import chase.zeus.replay.Replay;
import java.util.OptionalDouble;

/** What takes part in a comparison. */
public sealed interface Contender {
  /** How a policy that keeps a bound begins. */
  String BUDGET = "budget:";

  /** How the optimum begins. */
  String OPTIMUM = "optimum:";

  /** What the user wrote, such as {@code budget:0.025}. */
  String spec();

  /** The slowdown that it may use; empty where it has no such bound. */
  OptionalDouble bound();

  /** What becomes of {@code job}. */
  Outcome run(Replay replay, Job job, Forecast forecast);

  /**
   * Reads a policy, or {@code optimum:BOUND}.
   *
   * @throws IllegalArgumentException that names the offending part
   */
  static Contender parse(String spec) {
    if (spec.startsWith(OPTIMUM)) {
      return new Optimum(spec, bound(spec).share());
    }
    try {
      PowerPolicy policy = PowerPolicy.parse(spec);
      return policy.spec().startsWith(BUDGET)
          ? new Policy(policy, OptionalDouble.of(bound(policy.spec()).share()))
          : new Policy(policy, OptionalDouble.empty());
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
  record Policy(PowerPolicy policy, OptionalDouble bound) implements Contender {
    @Override
    public String spec() {
      return policy.spec();
    }

    @Override
    public Outcome run(Replay replay, Job job, Forecast forecast) {
      return replay.run(policy, job, forecast);
    }
  }

  /**
   * The exact optimum for whoever knows the whole recording.
   *
   * @param spec what the user wrote
   * @param slowdown the slowdown that it may use
   */
  record Optimum(String spec, double slowdown) implements Contender {
    @Override
    public OptionalDouble bound() {
      return OptionalDouble.of(slowdown);
    }

    @Override
    public Outcome run(Replay replay, Job job, Forecast forecast) {
      return replay.optimum(slowdown, job);
    }
  }
}
