package chase.carbon.plausibility;

import chase.carbon.GramsPerKwh;
import chase.carbon.SignalKind;
import chase.carbon.SignalKind.Margin;
import chase.carbon.SignalKind.Scope;
import java.util.Locale;

/**
 * What any grid can emit. The bounds are generous: they catch wrong units and missing numbers, not
 * bad days.
 *
 * @param lowestGrams gCO2/kWh
 * @param highestGrams gCO2/kWh
 */
record PlausibleRange(double lowestGrams, double highestGrams) {
  /**
   * Nuclear power, the lowest lifecycle factor in use: 5.1 to 6.4 g/kWh (UNECE, "Carbon Neutrality
   * in the UNECE Region", 2021), rounded down.
   */
  private static final double LOWEST_LIFECYCLE = 4;

  /** Old lignite plants emit about 1,200 g/kWh; no whole region exceeds its dirtiest plant. */
  private static final double HIGHEST_AVERAGE = 1500;

  /** The last plant to start may be an old oil-fired one. */
  private static final double HIGHEST_MARGINAL = 3000;

  static PlausibleRange of(SignalKind signal) {
    if (signal.margin() == Margin.MARGINAL) {
      return new PlausibleRange(0, HIGHEST_MARGINAL);
    }
    return new PlausibleRange(
        signal.scope() == Scope.LIFECYCLE ? LOWEST_LIFECYCLE : 0, HIGHEST_AVERAGE);
  }

  boolean contains(GramsPerKwh value) {
    return value.value() >= lowestGrams && value.value() <= highestGrams;
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.0f to %.0f gCO2/kWh", lowestGrams, highestGrams);
  }
}
