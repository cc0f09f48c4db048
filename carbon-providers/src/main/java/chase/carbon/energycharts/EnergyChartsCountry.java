package chase.carbon.energycharts;

import chase.carbon.Region;
import chase.carbon.ServedRegion;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** A country that Energy-Charts has numbers of, and the bidding zones that it is divided into. */
enum EnergyChartsCountry {
  AL("Albania"),
  AT("Austria", "AT"),
  BA("Bosnia and Herzegovina"),
  BE("Belgium", "BE"),
  BG("Bulgaria", "BG"),
  CH("Switzerland", "CH"),
  CY("Cyprus"),
  CZ("Czechia", "CZ"),
  DE("Germany", "DE-LU"),
  DK("Denmark", "DK1", "DK2"),
  EE("Estonia", "EE"),
  ES("Spain", "ES"),
  FI("Finland", "FI"),
  FR("France", "FR"),
  GB("Great Britain"),
  GE("Georgia"),
  GR("Greece", "GR"),
  HR("Croatia", "HR"),
  HU("Hungary", "HU"),
  IE("Ireland"),
  IT(
      "Italy",
      "IT-North",
      "IT-Centre-North",
      "IT-Centre-South",
      "IT-South",
      "IT-Calabria",
      "IT-Sicily",
      "IT-Sardinia"),
  LT("Lithuania", "LT"),
  LU("Luxembourg", "DE-LU"),
  LV("Latvia", "LV"),
  MD("Moldova"),
  ME("Montenegro", "ME"),
  MK("North Macedonia"),
  NL("Netherlands", "NL"),
  NO("Norway", "NO1", "NO2", "NO3", "NO4", "NO5"),
  PL("Poland", "PL"),
  PT("Portugal", "PT"),
  RO("Romania", "RO"),
  RS("Serbia", "RS"),
  SE("Sweden", "SE1", "SE2", "SE3", "SE4"),
  SI("Slovenia", "SI"),
  SK("Slovakia", "SK"),
  UA("Ukraine"),
  XK("Kosovo");

  private final String place;
  private final List<String> zones;

  EnergyChartsCountry(String place, String... zones) {
    this.place = place;
    this.zones = List.of(zones);
  }

  /** Every country, by its ISO 3166 code. */
  static List<ServedRegion> served() {
    return Arrays.stream(values())
        .map(country -> ServedRegion.of(country.name(), country.place))
        .toList();
  }

  /** The country of an ISO code in any case; the API's own UK is Great Britain. */
  static Optional<EnergyChartsCountry> of(Region region) {
    String code = region.code().strip().toUpperCase(Locale.ROOT);
    String iso = code.equals("UK") ? "GB" : code;
    return Stream.of(values()).filter(country -> country.name().equals(iso)).findFirst();
  }

  /** Every bidding zone that has prices. */
  static List<String> allZones() {
    return Stream.of(values()).flatMap(country -> country.zones.stream()).distinct().toList();
  }

  /** The country's name in English. */
  String place() {
    return place;
  }

  /** Its bidding zones; empty where the API has no prices. */
  List<String> zones() {
    return zones;
  }

  /** As a request names it. */
  String parameter() {
    return this == GB ? "uk" : name().toLowerCase(Locale.ROOT);
  }
}
