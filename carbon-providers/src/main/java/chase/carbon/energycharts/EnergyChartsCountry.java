package chase.carbon.energycharts;

import chase.carbon.Region;
import chase.carbon.ServedRegion;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A country that Energy-Charts has numbers of.
 *
 * @param code its ISO 3166 code
 * @param place its name in English
 * @param zones the bidding zones that it is divided into; empty where the API has no prices
 */
record EnergyChartsCountry(String code, String place, List<String> zones) {
  /** Every country, in the order of their codes. */
  static final List<EnergyChartsCountry> ALL =
      List.of(
          of("AL", "Albania"),
          of("AT", "Austria", "AT"),
          of("BA", "Bosnia and Herzegovina"),
          of("BE", "Belgium", "BE"),
          of("BG", "Bulgaria", "BG"),
          of("CH", "Switzerland", "CH"),
          of("CY", "Cyprus"),
          of("CZ", "Czechia", "CZ"),
          of("DE", "Germany", "DE-LU"),
          of("DK", "Denmark", "DK1", "DK2"),
          of("EE", "Estonia", "EE"),
          of("ES", "Spain", "ES"),
          of("FI", "Finland", "FI"),
          of("FR", "France", "FR"),
          of("GB", "Great Britain"),
          of("GE", "Georgia"),
          of("GR", "Greece", "GR"),
          of("HR", "Croatia", "HR"),
          of("HU", "Hungary", "HU"),
          of("IE", "Ireland"),
          of(
              "IT",
              "Italy",
              "IT-North",
              "IT-Centre-North",
              "IT-Centre-South",
              "IT-South",
              "IT-Calabria",
              "IT-Sicily",
              "IT-Sardinia"),
          of("LT", "Lithuania", "LT"),
          of("LU", "Luxembourg", "DE-LU"),
          of("LV", "Latvia", "LV"),
          of("MD", "Moldova"),
          of("ME", "Montenegro", "ME"),
          of("MK", "North Macedonia"),
          of("NL", "Netherlands", "NL"),
          of("NO", "Norway", "NO1", "NO2", "NO3", "NO4", "NO5"),
          of("PL", "Poland", "PL"),
          of("PT", "Portugal", "PT"),
          of("RO", "Romania", "RO"),
          of("RS", "Serbia", "RS"),
          of("SE", "Sweden", "SE1", "SE2", "SE3", "SE4"),
          of("SI", "Slovenia", "SI"),
          of("SK", "Slovakia", "SK"),
          of("UA", "Ukraine"),
          of("XK", "Kosovo"));

  private static EnergyChartsCountry of(String code, String place, String... zones) {
    return new EnergyChartsCountry(code, place, List.of(zones));
  }

  /** Every country, by its ISO 3166 code. */
  static List<ServedRegion> served() {
    return ALL.stream().map(country -> ServedRegion.of(country.code, country.place)).toList();
  }

  /**
   * The countries that have prices, by their own code, or by their zones where there are several.
   */
  static List<ServedRegion> priced() {
    return ALL.stream()
        .flatMap(country ->
            (country.zones.size() == 1 ? List.of(country.code) : country.zones)
                .stream().map(code -> ServedRegion.of(code, country.place)))
        .toList();
  }

  /** The country of an ISO code in any case; the API's own UK is Great Britain. */
  static Optional<EnergyChartsCountry> of(Region region) {
    String code = region.code().strip().toUpperCase(Locale.ROOT);
    String iso = code.equals("UK") ? "GB" : code;
    return ALL.stream().filter(country -> country.code.equals(iso)).findFirst();
  }

  /** Every bidding zone that has prices. */
  static List<String> allZones() {
    return ALL.stream().flatMap(country -> country.zones.stream()).distinct().toList();
  }

  /** As a request names it. */
  String parameter() {
    return code.equals("GB") ? "uk" : code.toLowerCase(Locale.ROOT);
  }
}
