package chase.carbon;

import java.util.Locale;

/**
 * What kind of intensity a value is; values of two kinds are never mixed in one control loop.
 *
 * @param margin average or marginal
 * @param scope direct or lifecycle emissions
 */
public record SignalKind(Margin margin, EmissionScope scope) {
  /** Which plants are counted. */
  public enum Margin {
    /** All plants that run, by their share. */
    AVERAGE,
    /** The plants that answer to one more kilowatt-hour (WattTime's MOER). */
    MARGINAL
  }

  /** Which emissions are counted. */
  public enum EmissionScope {
    /** Those of burning the fuel. */
    DIRECT,
    /** Those of building, fuelling and running the plant. */
    LIFECYCLE,
    /** The source does not state it. */
    UNSTATED
  }

  /** Both in words, such as {@code average, lifecycle}. */
  public String description() {
    return (margin + ", " + scope).toLowerCase(Locale.ROOT);
  }
}
