package chase.zeus.policy;

import chase.zeus.unit.Watts;
import java.util.Optional;

/** Chooses a power limit; a pure function. Two policies with the same {@link #spec()} are equal. */
public sealed interface PowerPolicy
    permits MaxPower, FixedLimit, ZeusCost, ChaseCost, SlowdownBudget {
  /** The best allowed limit in {@code situation}, or what is missing to tell. */
  PolicyDecision decide(PolicyInput situation);

  /** The families of policies; what a policy is called, but for its numbers. */
  enum Kind {
    /** {@link #max}. */
    MAX,
    /** {@link #fixed}. */
    FIXED,
    /** {@link #zeus}. */
    ZEUS,
    /** {@link #chase}. */
    CHASE,
    /** {@link #budget}. */
    BUDGET
  }

  /** The family that it belongs to. */
  Kind kind();

  /** Whether its choice depends on what a job costs in energy. */
  default boolean weighsEnergy() {
    return false;
  }

  /** Whether it weighs energy by the grid, so that its choice depends on a signal. */
  default boolean weighsGrid() {
    return false;
  }

  /**
   * The constant that it compares the weight of energy with, in the outlook's unit; empty where it
   * has none of its own, so that the outlook's reference holds.
   */
  default Optional<Double> reference() {
    return Optional.empty();
  }

  /** The slowdown that it allows a job; empty where it has no such bound. */
  default Optional<SlowdownBound> slowdownBound() {
    return Optional.empty();
  }

  /** Whether it must know how far a job has come to keep what it promises. */
  default boolean needsProgress() {
    return false;
  }

  /** The limit that it always wants, whatever may be set; empty for one that chooses. */
  default Optional<Watts> constantLimit() {
    return Optional.empty();
  }

  /** Whether it must know what a job draws and achieves at each limit. */
  default boolean needsProfile() {
    return true;
  }

  /**
   * What the job in {@code situation} has in hand; empty where nobody counts its work, or when the
   * policy promises it nothing.
   */
  default Optional<Slack> slack(PolicyInput situation) {
    return Optional.empty();
  }

  /**
   * What it promises a job, such as {@code at most 3 % slower}; empty where it promises nothing.
   */
  default Optional<String> promise() {
    return slowdownBound().map(SlowdownBound::words);
  }

  /** The policy in one word, as {@link #parse} reads it: {@code max}, {@code zeus:0.5}. */
  String spec();

  /** The highest allowed limit, always. */
  static PowerPolicy max() {
    return new MaxPower();
  }

  /** One limit, moved into the allowed range. */
  static PowerPolicy fixed(Watts limit) {
    return new FixedLimit(limit);
  }

  /** Zeus's cost of energy and time; {@code eta} from 0 (time alone) to 1 (energy alone). */
  static PowerPolicy zeus(double eta) {
    return new ZeusCost(eta);
  }

  /**
   * Chase's cost, energy weighed by the grid; without {@code reference} the outlook's own is used,
   * which makes the rule independent of the signal's scale.
   */
  static PowerPolicy chase(double eta, Optional<Double> reference) {
    return new ChaseCost(eta, reference);
  }

  /**
   * The least weighted energy with which a job is at most {@code bound} slower than at full power,
   * such as 0.025; needs no constant to tune.
   *
   * @throws IllegalArgumentException for a bound outside 0 to 1
   */
  static PowerPolicy budget(double bound) {
    return new SlowdownBudget(bound);
  }

  /**
   * Reads {@code max}, {@code fixed:WATTS}, {@code zeus:ETA}, {@code chase:ETA[:REFERENCE]} or
   * {@code budget:BOUND}, where the bound is a share or a percentage, 0.03 or 3%.
   *
   * @throws IllegalArgumentException that names the offending part
   */
  static PowerPolicy parse(String spec) {
    return PolicyParser.parse(spec);
  }
}
