package chase.carbon.coverage;

import chase.carbon.Region;
import chase.carbon.ServedRegion;
import chase.carbon.coverage.ServedPlace.Offer;
import chase.carbon.electricitymaps.ElectricityMaps;
import chase.carbon.electricitymaps.KnownZones;
import chase.carbon.energinet.Energinet;
import chase.carbon.energinet.EnerginetPrices;
import chase.carbon.energycharts.EnergyCharts;
import chase.carbon.energycharts.EnergyChartsPrices;
import chase.carbon.fuelmix.FuelMix;
import chase.carbon.neso.Neso;
import chase.carbon.odre.Odre;
import chase.carbon.pjm.Pjm;
import chase.carbon.watttime.WattTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Every place that a provider is known to serve. Two providers serve the same place where they call
 * it by the same name; their codes may differ.
 */
public final class Coverage {
  /**
   * A provider with the regions that it lists.
   *
   * @param carbon where it has the carbon intensity
   * @param price where it has the price
   */
  public record ListedProvider(
      ProviderTerms terms, List<ServedRegion> carbon, List<ServedRegion> price) {
    /** Copies the lists. */
    public ListedProvider {
      carbon = List.copyOf(carbon);
      price = List.copyOf(price);
    }
  }

  private static final String AVERAGE_DIRECT = "average, direct";
  private static final String AVERAGE_LIFECYCLE = "average, lifecycle";
  private static final String MARGINAL_DIRECT = "marginal, direct";
  private static final String OPEN = "CC BY 4.0";

  private final List<ListedProvider> providers;
  private final List<ServedPlace> places;

  private Coverage(List<ListedProvider> providers) {
    this.providers = List.copyOf(providers);
    this.places = places(providers);
  }

  /** What is known with this version of Chase; of several providers the better one comes first. */
  public static Coverage known() {
    return new Coverage(
        List.of(
            new ListedProvider(
                new ProviderTerms(
                    Neso.PROVIDER, ProviderTerms.NO_KEY, "30 min", "48 h", AVERAGE_DIRECT, OPEN),
                Neso.REGIONS,
                List.of()),
            new ListedProvider(
                new ProviderTerms(
                    Energinet.PROVIDER,
                    ProviderTerms.NO_KEY,
                    "5 min",
                    "9 to 36 h",
                    AVERAGE_DIRECT,
                    OPEN),
                Energinet.REGIONS,
                EnerginetPrices.REGIONS),
            new ListedProvider(
                new ProviderTerms(
                    EnergyCharts.PROVIDER,
                    ProviderTerms.NO_KEY,
                    "15 min",
                    "to midnight",
                    AVERAGE_LIFECYCLE,
                    OPEN),
                EnergyCharts.REGIONS,
                EnergyChartsPrices.REGIONS),
            new ListedProvider(
                new ProviderTerms(
                    Odre.PROVIDER,
                    ProviderTerms.NO_KEY,
                    "15 min",
                    ProviderTerms.NO_FORECAST,
                    AVERAGE_DIRECT,
                    "Licence Ouverte 2.0"),
                Odre.REGIONS,
                List.of()),
            new ListedProvider(
                new ProviderTerms(
                    FuelMix.PROVIDER,
                    ProviderTerms.NO_KEY,
                    "5 min",
                    ProviderTerms.NO_FORECAST,
                    AVERAGE_LIFECYCLE,
                    "none is named"),
                FuelMix.REGIONS,
                List.of()),
            new ListedProvider(
                new ProviderTerms(
                    Pjm.PROVIDER,
                    "free key",
                    "5 min",
                    ProviderTerms.NO_FORECAST,
                    MARGINAL_DIRECT,
                    "own use"),
                Pjm.REGIONS,
                List.of()),
            new ListedProvider(
                new ProviderTerms(
                    ElectricityMaps.PROVIDER,
                    "token",
                    "1 h",
                    "paid plans",
                    AVERAGE_LIFECYCLE,
                    "by plan; free: no business"),
                KnownZones.read(),
                List.of()),
            new ListedProvider(
                new ProviderTerms(
                    WattTime.PROVIDER,
                    "account",
                    "5 min",
                    "24 to 72 h",
                    MARGINAL_DIRECT,
                    "by subscription"),
                List.of(ServedRegion.of("CAISO_NORTH", "California (CAISO)")),
                List.of())));
  }

  private static List<ServedPlace> places(List<ListedProvider> providers) {
    Map<String, List<Offer>> offers = new LinkedHashMap<>();
    for (ListedProvider provider : providers) {
      Stream.concat(provider.carbon().stream(), provider.price().stream())
          .map(ServedRegion::place)
          .distinct()
          .forEach(place ->
              offers
                  .computeIfAbsent(place, none -> new ArrayList<>())
                  .add(
                      new Offer(
                          provider.terms(),
                          codes(provider.carbon(), place),
                          codes(provider.price(), place))));
    }
    return offers.entrySet().stream()
        .map(entry -> new ServedPlace(entry.getKey(), sorted(entry.getValue())))
        .sorted(
            Comparator.comparing((ServedPlace place) -> !place.isKeyless())
                .thenComparing(place -> PlaceWord.plain(place.name())))
        .toList();
  }

  /** Those without a key first, and of them those that have more than prices. */
  private static List<Offer> sorted(List<Offer> offers) {
    return offers.stream()
        .sorted(
            Comparator.comparing((Offer offer) -> !offer.terms().isKeyless())
                .thenComparing(offer -> !offer.hasCarbon()))
        .toList();
  }

  private static List<Region> codes(List<ServedRegion> regions, String place) {
    return regions.stream()
        .filter(served -> served.place().equals(place))
        .map(ServedRegion::region)
        .toList();
  }

  /** The providers, those without a key first. */
  public List<ListedProvider> providers() {
    return providers;
  }

  /** Every place, those that somebody serves without a key first, each time by their names. */
  public List<ServedPlace> places() {
    return places;
  }

  /**
   * The places that {@code word} means: the one of that code and those inside it; else those of
   * which a word of the name, a part of a code or the provider begins with it. Accents and case are
   * ignored. Of places that are found by their provider the other providers are left out.
   */
  public List<ServedPlace> matching(String word) {
    PlaceWord wanted = new PlaceWord(word);
    List<ServedPlace> inside = places.stream().filter(wanted::isCodeOfOrAround).toList();
    List<ServedPlace> priced =
        inside.isEmpty() ? places.stream().filter(wanted::isPriceCodeOf).toList() : inside;
    return priced.isEmpty() ? places.stream().flatMap(wanted::found).toList() : priced;
  }

  /**
   * The place of that code or name, accents and case ignored; the first where there are several.
   */
  public Optional<ServedPlace> of(Region region) {
    PlaceWord wanted = new PlaceWord(region.code());
    return places.stream()
        .filter(wanted::isCodeOf)
        .findFirst()
        .or(() -> places.stream().filter(wanted::isNameOf).findFirst())
        .or(() -> places.stream().filter(wanted::isPriceCodeOf).findFirst());
  }

  /** Every code and name, for suggestions. */
  public List<String> words() {
    return places.stream()
        .flatMap(place -> Stream.concat(place.codes().map(Region::code), Stream.of(place.name())))
        .distinct()
        .toList();
  }
}
