package chase.daemon.simulation;

import chase.zeus.policy.PowerPolicy;
import chase.zeus.replay.Forecast;
import chase.zeus.replay.Job;
import chase.zeus.replay.Outcome;
import chase.zeus.replay.Replay;
import java.util.OptionalDouble;

/** What takes part in a comparison. */
public sealed interface Contender {
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
    if (spec.startsWith("optimum:")) {
      return new Optimum(spec, bound(spec, "optimum:"));
    }
    try {
      PowerPolicy policy = PowerPolicy.parse(spec);
      return spec.startsWith("budget:")
          ? new Policy(policy, OptionalDouble.of(bound(spec, "budget:")))
          : new Policy(policy, OptionalDouble.empty());
    } catch (IllegalArgumentException e) {
      String also =
          String.valueOf(e.getMessage()).contains("not one of") ? " or optimum:BOUND" : "";
      throw new IllegalArgumentException(e.getMessage() + also, e);
    }
  }

  private static double bound(String spec, String prefix) {
    // The policy's own reader knows what a bound may be.
    PowerPolicy same = PowerPolicy.parse("budget:" + spec.substring(prefix.length()));
    return Double.parseDouble(same.spec().substring("budget:".length()));
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
