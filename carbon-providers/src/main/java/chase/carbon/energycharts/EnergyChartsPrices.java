package chase.carbon.energycharts;

import chase.carbon.CarbonUnavailable;
import chase.carbon.EnergyPrice;
import chase.carbon.PriceProvider;
import chase.carbon.Region;
import chase.carbon.ServedRegion;
import chase.carbon.http.BaseUrl;
import chase.carbon.http.CallLimiter.CallSpacing;
import chase.carbon.http.JsonBody;
import chase.carbon.http.ProviderHttp;
import chase.carbon.http.ProviderRequest;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The day-ahead prices of Europe's bidding zones in euros, without tax and tariff, by quarters of
 * an hour (Switzerland's by hours). Those of the next day appear in the early afternoon. What their
 * licence allows depends on the zone and comes with each response.
 */
public final class EnergyChartsPrices implements PriceProvider {
  /** The API takes two price calls a minute from one address. */
  public static final CallSpacing SPACING = CallSpacing.of(Duration.ofSeconds(30));

  /** Where there are prices; a country stands for its bidding zone. */
  public static final List<ServedRegion> REGIONS = EnergyChartsCountry.priced();

  /** What a price's region may be: a bidding zone, or a country that has one. */
  public static final List<String> AREAS =
      Stream.concat(
              EnergyChartsCountry.allZones().stream(),
              REGIONS.stream().map(served -> served.region().code()))
          .distinct()
          .toList();

  private static final String SUBJECT = EnergyCharts.PROVIDER + " price region: ";
  private static final String OPERATOR = "Energy-Charts.info (Fraunhofer ISE)";

  private final URI url;
  private final Region zone;
  private final ProviderHttp http;
  private final InstantSource clock;
  private final DeprecationNotice deprecation;
  private volatile Optional<PriceAnswer> last = Optional.empty();
  private volatile Optional<String> licence = Optional.empty();

  /**
   * A client that has not called yet.
   *
   * @param area a bidding zone such as {@code DE-LU}, or the code of a country that has one
   * @param currency euros
   * @param http how it is called, with {@link #SPACING}
   * @throws IllegalArgumentException when the URL is unfit, the currency another, or the area has
   *     no prices or several; the message then names its zones
   */
  public EnergyChartsPrices(
      URI url, Region area, Currency currency, ProviderHttp http, InstantSource clock) {
    if (!currency.equals(PriceAnswer.EURO)) {
      throw new IllegalArgumentException(
          EnergyCharts.PROVIDER + " price currency: must be EUR, is " + currency);
    }
    this.url = BaseUrl.checked(EnergyCharts.PROVIDER + " url", url);
    this.zone = zone(area);
    this.http = http;
    this.clock = clock;
    this.deprecation = new DeprecationNotice(subject(), "price");
  }

  private static Region zone(Region area) {
    String code = area.code().strip();
    Optional<String> named =
        EnergyChartsCountry.allZones().stream().filter(code::equalsIgnoreCase).findFirst();
    if (named.isPresent()) {
      return new Region(named.get());
    }
    EnergyChartsCountry country =
        EnergyChartsCountry.of(area)
            .orElseThrow(() ->
                new IllegalArgumentException(
                    SUBJECT
                        + "must be a bidding zone such as DE-LU, or a country with one, is "
                        + area));
    List<String> zones = country.zones();
    if (zones.isEmpty()) {
      throw new IllegalArgumentException(SUBJECT + country.place() + " has no prices here");
    }
    if (zones.size() > 1) {
      throw new IllegalArgumentException(
          SUBJECT
              + country.place()
              + " has several bidding zones, name one of "
              + String.join(", ", zones));
    }
    return new Region(zones.getFirst());
  }

  @Override
  public String provider() {
    return EnergyCharts.PROVIDER;
  }

  /** The bidding zone. */
  @Override
  public Region region() {
    return zone;
  }

  /** As the last response states it of this zone. */
  @Override
  public Optional<String> attribution() {
    return Optional.of("prices: " + OPERATOR + licence.map(text -> ", " + text).orElse(""));
  }

  @Override
  public Optional<String> notice() {
    return deprecation.text();
  }

  /** From the last response while no new one is due: its prices are settled. */
  @Override
  public EnergyPrice current() throws CarbonUnavailable, InterruptedException {
    Optional<PriceAnswer> known = last.filter(answer -> http.untilNextCall().isPositive());
    return (known.isPresent() ? known.get() : call()).rows().latest(clock.instant(), Duration.ZERO);
  }

  @Override
  public List<EnergyPrice> settled() throws CarbonUnavailable, InterruptedException {
    return call().rows().upcoming(clock.instant());
  }

  private PriceAnswer call() throws CarbonUnavailable, InterruptedException {
    Instant now = clock.instant();
    ProviderRequest request =
        ProviderRequest.to(subject(), url, "price")
            .query("bzn", zone.code())
            .query("start", EnergyCharts.utcDate(now))
            .query("end", EnergyCharts.utcDate(now.plus(EnergyCharts.TOMORROW)));
    JsonBody body = http.get(request, EnergyCharts.STATUS).json();
    deprecation.update(body.optionalPart(() -> body.bool("deprecated")).orElse(false));
    PriceAnswer answer = PriceAnswer.of(body, zone, clock.instant());
    licence = answer.licence();
    last = Optional.of(answer);
    return answer;
  }

  private String subject() {
    return EnergyCharts.PROVIDER + " " + zone;
  }
}
