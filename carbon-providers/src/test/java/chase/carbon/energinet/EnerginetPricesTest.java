package chase.carbon.energinet;

import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.EnergyPrice;
import chase.carbon.MoneyPerMwh;
import chase.carbon.Provenance;
import chase.carbon.Region;
import chase.carbon.fixtures.TestClock;
import chase.carbon.fixtures.TestProviderServer;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnerginetPricesTest {
  @RegisterExtension static final TestProviderServer SERVER = new TestProviderServer();

  private static final Currency EUR = Currency.getInstance("EUR");
  private static final Currency DKK = Currency.getInstance("DKK");

  private final TestClock clock = new TestClock("2026-09-03T21:50:00Z");

  @Test
  void aQuarterOfAnHourIsReadWithEverythingItSays() throws Exception {
    SERVER.returnsJson("/dataset/DayAheadPrices", quarters());
    assertThat(prices(EUR).current())
        .isEqualTo(
            new EnergyPrice(
                new MoneyPerMwh(134.940002, EUR),
                new Provenance.Measured(),
                "energinet",
                new Region("DK2"),
                Instant.parse("2026-09-03T21:45:00Z"),
                Instant.parse("2026-09-03T22:00:00Z"),
                clock.instant(),
                clock.instant()));
    SERVER.verify(
        getRequestedFor(urlPathEqualTo("/dataset/DayAheadPrices"))
            .withQueryParam("filter", equalTo("{\"PriceArea\":[\"DK2\"]}"))
            .withQueryParam("sort", equalTo("TimeUTC asc")));
  }

  @Test
  void whatIsSettledComesInOrderAndMayBeNegative() throws Exception {
    SERVER.returnsJson("/dataset/DayAheadPrices", quarters());
    List<EnergyPrice> ahead = prices(DKK).settled();
    assertThat(ahead)
        .extracting(price -> price.value().toString())
        .containsExactly("1008.65 DKK/MWh", "-37.30 DKK/MWh");
  }

  @Test
  void pricesByTheHourLastAnHour() throws Exception {
    SERVER.returnsJson(
        "/dataset/DayAheadPrices",
        records(row("2026-09-03T21:00:00", "1", "7"), row("2026-09-03T22:00:00", "2", "14")));
    assertThat(prices(EUR).current().validTo()).isEqualTo(Instant.parse("2026-09-03T22:00:00Z"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"records":[]}                                                                          | NO_DATA
          {}                                                                                      | MALFORMED
          {"records":[{"TimeUTC":"2026-09-03T21:45:00","PriceArea":"DK2"}]}                       | NO_DATA
          {"records":[{"TimeUTC":"2026-09-03T21:45:00","PriceArea":"DK1","DayAheadPriceEUR":1}]}  | IMPLAUSIBLE
          {"records":[{"TimeUTC":"2026-09-03T21:45:00","PriceArea":"DK2","DayAheadPriceEUR":1e9}]} | IMPLAUSIBLE
          {"records":[{"TimeUTC":"soon","PriceArea":"DK2","DayAheadPriceEUR":1}]}                 | MALFORMED
          """)
  void whatIsNoPriceIsNamed(String body, FailureReason reason) {
    SERVER.returnsJson("/dataset/DayAheadPrices", body);
    CarbonUnavailable refused =
        catchThrowableOfType(CarbonUnavailable.class, () -> prices(EUR).current());
    assertThat(refused.reason()).isEqualTo(reason);
  }

  @Test
  void anUnknownZoneOrCurrencyIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> prices("FR", EUR))
        .withMessage("energinet price region: must be one of DK1, DK2, DE, NO2, SE3, SE4, is FR");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> prices("DK1", Currency.getInstance("USD")))
        .withMessage("energinet price currency: must be EUR or DKK, is USD");
  }

  private EnerginetPrices prices(Currency currency) {
    return prices("DK2", currency);
  }

  private EnerginetPrices prices(String area, Currency currency) {
    return new EnerginetPrices(SERVER.url(), new Region(area), currency, SERVER.http(clock), clock);
  }

  private static String quarters() {
    return records(
        row("2026-09-03T21:30:00", "140", "1046.5"),
        row("2026-09-03T21:45:00", "134.940002", "1008.649527"),
        row("2026-09-03T22:00:00", "-5", "-37.3"));
  }

  private static String records(String... rows) {
    return "{\"total\":3,\"dataset\":\"DayAheadPrices\",\"records\":["
        + String.join(",", rows)
        + "]}";
  }

  private static String row(String time, String euros, String crowns) {
    return "{\"TimeUTC\":\"%s\",\"TimeDK\":\"2026-09-03T23:45:00\",\"PriceArea\":\"DK2\",\"DayAheadPriceEUR\":%s,\"DayAheadPriceDKK\":%s}"
        .formatted(time, euros, crowns);
  }
}
