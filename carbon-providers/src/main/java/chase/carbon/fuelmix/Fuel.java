package chase.carbon.fuelmix;

import chase.carbon.SignalKind.EmissionScope;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What plants burn or use, with what a kilowatt-hour from each emits: the one table of factors, in
 * gCO2eq/kWh.
 *
 * <p>Lifecycle: medians of IPCC AR5 WG III, annex III, table A.III.2 (2014); oil and other, which
 * it lacks, from CarbonCast (BuildSys 2022, table 1). Direct: DACF (e-Energy 2022, table 1), whose
 * coal and gas are those of IPCC AR5 too; what burns nothing, or only what grew, counts as 0.
 * Imports, direct: what California's air resources board counts for electricity of unknown origin
 * (0.428 t/MWh, 17 CCR 95111); their lifecycle factor is that times the ratio of gas's two, for
 * such electricity is mostly made of gas: Chase's own estimate.
 */
public enum Fuel {
  /** Hard coal and lignite. */
  COAL(820, 760),
  /** Natural gas, also in plants that could burn oil. */
  GAS(490, 370),
  /** Oil and diesel. */
  OIL(650, 406),
  /** Nuclear power. */
  NUCLEAR(12, 0),
  /** Water, of any size of plant. */
  HYDRO(24, 0),
  /** Wind, on land. */
  WIND(11, 0),
  /** The sun, in large plants. */
  SOLAR(48, 0),
  /** Heat of the earth. */
  GEOTHERMAL(38, 0),
  /** Wood, gas from waste, and waste. */
  BIOMASS(230, 0),
  /** What comes from neighbouring grids. */
  IMPORTS(567, 428),
  /** Anything else, and what Chase has no name for. */
  OTHER(700, 575),
  /** Batteries and pumped water; they are left out, and have no factor. */
  STORAGE(Double.NaN, Double.NaN);

  /** The operators' words, in small letters. */
  private static final Map<String, Fuel> NAMES =
      Map.ofEntries(
          Map.entry("coal", COAL),
          Map.entry("coal and lignite", COAL),
          Map.entry("natural gas", GAS),
          Map.entry("gas", GAS),
          Map.entry("dual fuel", GAS),
          Map.entry("multiple fuels", GAS),
          Map.entry("oil", OIL),
          Map.entry("diesel fuel oil", OIL),
          Map.entry("other fossil fuels", OIL),
          Map.entry("nuclear", NUCLEAR),
          Map.entry("hydro", HYDRO),
          Map.entry("small hydro", HYDRO),
          Map.entry("large hydro", HYDRO),
          Map.entry("wind", WIND),
          Map.entry("solar", SOLAR),
          Map.entry("geothermal", GEOTHERMAL),
          Map.entry("biomass", BIOMASS),
          Map.entry("biogas", BIOMASS),
          Map.entry("other renewables", BIOMASS),
          Map.entry("waste disposal services", BIOMASS),
          Map.entry("imports", IMPORTS),
          Map.entry("other", OTHER),
          Map.entry("waste heat", OTHER),
          Map.entry("batteries", STORAGE),
          Map.entry("battery storage", STORAGE),
          Map.entry("power storage", STORAGE),
          Map.entry("storage", STORAGE));

  private final double lifecycle;
  private final double direct;

  Fuel(double lifecycle, double direct) {
    this.lifecycle = lifecycle;
    this.direct = direct;
  }

  /** The fuel that an operator calls so, in any case; empty for a word that is not known. */
  static Optional<Fuel> named(String word) {
    return Optional.ofNullable(NAMES.get(word.strip().toLowerCase(Locale.ROOT)));
  }

  /** The emissions of one kilowatt-hour, in gCO2eq. */
  double grams(EmissionScope scope) {
    return switch (scope) {
      case LIFECYCLE -> lifecycle;
      case DIRECT -> direct;
      case UNSTATED -> throw new IllegalArgumentException("factors are lifecycle or direct");
    };
  }
}
