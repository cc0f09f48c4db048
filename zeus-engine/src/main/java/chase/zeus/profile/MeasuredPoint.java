package chase.zeus.profile;

import chase.zeus.unit.Watts;

/**
 * What was measured under one power limit.
 *
 * @param limit the limit, above 0 W
 * @param power the draw under it, in watts
 * @param throughput work a second, in any unit that all points of a profile share; of as many
 *     samples as {@code power}
 */
public record MeasuredPoint(Watts limit, Estimate power, Estimate throughput) {
  /** Refuses a limit of 0 W and means of different samples with an exception. */
  public MeasuredPoint {
    if (limit.value() == 0) {
      throw new IllegalArgumentException("limit must be above 0 W");
    }
    if (power.samples() != throughput.samples()) {
      throw new IllegalArgumentException(
          "power has " + power.samples() + " samples, throughput " + throughput.samples());
    }
  }

  /** How many samples both means are worth. */
  public double samples() {
    return power.samples();
  }

  /** The energy of one unit of work, in joules. */
  public double joulesPerStep() {
    return power.mean() / throughput.mean();
  }

  /** The larger of both relative standard errors: 0.01 is known to one percent. */
  public double relativeError() {
    return Math.max(power.relativeError(), throughput.relativeError());
  }

  /** Whether this point draws more and achieves less than {@code other}, both beyond noise. */
  public boolean isWorseThan(MeasuredPoint other) {
    return power.isAbove(other.power) && other.throughput.isAbove(throughput);
  }

  /** Whether it is slower than {@code other} and takes more energy a step, both beyond noise. */
  public boolean isSlowerAndLessEfficient(MeasuredPoint other) {
    double relative = Math.hypot(stepError(), other.stepError());
    boolean dearer =
        Math.log(joulesPerStep() / other.joulesPerStep()) > Estimate.SIGNIFICANT * relative;
    return dearer && other.throughput.isAbove(throughput);
  }

  /** Both windows of one limit together. */
  MeasuredPoint and(MeasuredPoint other) {
    return new MeasuredPoint(limit, power.and(other.power), throughput.and(other.throughput));
  }

  private double stepError() {
    return Math.hypot(power.relativeError(), throughput.relativeError());
  }
}
