package chase.carbon;

import java.util.Locale;

/**
 * Carbon intensity in grams of CO2 (equivalent) for each kilowatt-hour, finite and never negative.
 *
 * @param value gCO2/kWh
 */
public record GramsPerKwh(double value) implements Comparable<GramsPerKwh> {
  /** 1 lb/MWh in g/kWh, from the international pound of 453.59237 g. */
  private static final double PER_POUND_PER_MWH = 0.45359237;

  /** Refuses negative and non-finite numbers with {@link IllegalArgumentException}. */
  public GramsPerKwh {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException("gCO2/kWh must be finite and >= 0: " + value);
    }
  }

  /** Intensity from pounds for each megawatt-hour, WattTime's unit. */
  public static GramsPerKwh ofPoundsPerMwh(double poundsPerMwh) {
    return new GramsPerKwh(poundsPerMwh * PER_POUND_PER_MWH);
  }

  @Override
  public int compareTo(GramsPerKwh other) {
    return Double.compare(value, other.value);
  }

  /** Such as {@code 412 gCO2/kWh}. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.0f gCO2/kWh", value);
  }
}
