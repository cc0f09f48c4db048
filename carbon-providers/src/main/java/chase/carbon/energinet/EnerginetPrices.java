package chase.carbon.energinet;

import chase.carbon.CarbonUnavailable;
import chase.carbon.EnergyPrice;
import chase.carbon.PriceProvider;
import chase.carbon.Region;
import chase.carbon.ServedRegion;
import chase.carbon.http.BaseUrl;
import chase.carbon.http.ProviderHttp;
import chase.carbon.http.ProviderResponse;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The day-ahead market's prices of Denmark and its neighbours, without tax and tariff. The prices
 * of the next day appear in the early afternoon.
 */
public final class EnerginetPrices implements PriceProvider {
  /** The bidding zones that have prices. */
  public static final List<ServedRegion> REGIONS =
      List.of(
          ServedRegion.of("DK1", "West Denmark"),
          ServedRegion.of("DK2", "East Denmark"),
          ServedRegion.of("DE", "Germany"),
          ServedRegion.of("NO2", "South-West Norway"),
          ServedRegion.of("SE3", "South Central Sweden"),
          ServedRegion.of("SE4", "South Sweden"));

  private static final Set<String> CURRENCIES = Set.of("EUR", "DKK");
  private static final String DATASET = "DayAheadPrices";
  private static final Duration LOOK_BACK = Duration.ofHours(1);

  private final EnerginetDataset dataset;
  private final Currency currency;
  private final InstantSource clock;

  /**
   * A client that has not called yet.
   *
   * @param currency EUR or DKK
   * @throws IllegalArgumentException when the URL is unfit, the area none of {@link #REGIONS}, or
   *     the currency another
   */
  public EnerginetPrices(
      URI url, Region area, Currency currency, ProviderHttp http, InstantSource clock) {
    List<String> areas = ServedRegion.codes(REGIONS);
    if (!areas.contains(area.code())) {
      throw new IllegalArgumentException(
          Energinet.PROVIDER
              + " price region: must be one of "
              + String.join(", ", areas)
              + ", is "
              + area);
    }
    if (!CURRENCIES.contains(currency.getCurrencyCode())) {
      throw new IllegalArgumentException(
          Energinet.PROVIDER + " price currency: must be EUR or DKK, is " + currency);
    }
    this.dataset =
        new EnerginetDataset(BaseUrl.checked(Energinet.PROVIDER + " url", url), area, http);
    this.currency = currency;
    this.clock = clock;
  }

  @Override
  public String provider() {
    return Energinet.PROVIDER;
  }

  @Override
  public Region region() {
    return dataset.area();
  }

  @Override
  public Optional<String> attribution() {
    return Optional.of(Energinet.ATTRIBUTION);
  }

  @Override
  public EnergyPrice current() throws CarbonUnavailable, InterruptedException {
    Instant now = clock.instant();
    return prices(now).read().latest(now, Duration.ZERO);
  }

  @Override
  public List<EnergyPrice> settled() throws CarbonUnavailable, InterruptedException {
    Instant now = clock.instant();
    return prices(now).read().upcoming(now);
  }

  private PriceParser prices(Instant now) throws CarbonUnavailable, InterruptedException {
    ProviderResponse response =
        dataset.rows(DATASET, PriceParser.TIME, now.minus(LOOK_BACK), Optional.empty());
    return new PriceParser(response.json(), region(), currency, now);
  }
}
