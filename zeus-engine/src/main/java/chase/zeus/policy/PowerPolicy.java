package chase.zeus.policy;

import chase.zeus.unit.Watts;
import java.util.List;
import java.util.Optional;

/** Chooses a power limit; a pure function. Two policies with the same {@link #spec()} are equal. */
public sealed interface PowerPolicy
    permits MaxPower, FixedLimit, ZeusCost, ChaseCost, SlowdownBudget {
  /** The best allowed limit in {@code input}, or what is missing for a decision. */
  PolicyDecision decide(PolicyInput input);

  /**
   * The limits that it would choose until the outlook ends, if everything went as it expects; none
   * where it cannot decide. A pure function.
   */
  default List<PlannedLimit> plan(PolicyInput input) {
    return PlannedLimit.periodByPeriod(this, input);
  }

  /** The families of policies: the first word of a policy's text. */
  enum PolicyKind {
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
  PolicyKind kind();

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

  /** Whether it needs a job's progress to keep its bound. */
  default boolean needsProgress() {
    return false;
  }

  /**
   * The limit that it always chooses, before the allowed range is applied; empty where the limit
   * varies.
   */
  default Optional<Watts> constantLimit() {
    return Optional.empty();
  }

  /** Whether it needs to know what a job draws and achieves at each limit. */
  default boolean needsProfile() {
    return true;
  }

  /**
   * What the job in {@code input} has left of its slowdown budget; empty where its work is not
   * counted, or when the policy has no bound.
   */
  default Optional<Slack> slack(PolicyInput input) {
    return Optional.empty();
  }

  /**
   * The bound that it keeps for a job in words, such as {@code at most 3 % slower}; empty where it
   * has none.
   */
  default Optional<String> boundText() {
    return slowdownBound().map(SlowdownBound::text);
  }

  /** The policy as text, as {@link #parse} reads it: {@code max}, {@code zeus:0.5}. */
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
   * such as 0.025; it has no constant to tune.
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
