package chase.carbon.energycharts;

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
import chase.carbon.http.CallLimiter.CallSpacing;
import java.time.Duration;
import java.time.Instant;
import java.util.Currency;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnergyChartsPricesTest {
  @RegisterExtension static final TestProviderServer SERVER = new TestProviderServer();

  private static final Currency EUR = Currency.getInstance("EUR");
  private static final String PRICES =
      """
      {"license_info":"CC BY 4.0 (creativecommons.org/licenses/by/4.0) from Bundesnetzagentur | SMARD.de",
       "unix_seconds":[1795953600,1795954500,1795955400],
       "price":[81.25,-3.5,null],"unit":"EUR / MWh","deprecated":false}
      """;

  private final TestClock clock = new TestClock("2026-11-29T12:10:00Z");

  @Test
  void aQuarterOfAnHourIsReadWithEverythingItSays() throws Exception {
    SERVER.returnsJson("/price", PRICES);
    assertThat(prices("DE").current())
        .isEqualTo(
            new EnergyPrice(
                new MoneyPerMwh(81.25, EUR),
                new Provenance.Measured(),
                "energy-charts",
                new Region("DE-LU"),
                Instant.parse("2026-11-29T12:00:00Z"),
                Instant.parse("2026-11-29T12:15:00Z"),
                clock.instant(),
                clock.instant()));
    SERVER.verify(
        getRequestedFor(urlPathEqualTo("/price"))
            .withQueryParam("bzn", equalTo("DE-LU"))
            .withQueryParam("start", equalTo("2026-11-29"))
            .withQueryParam("end", equalTo("2026-11-30")));
  }

  @Test
  void whatIsSettledMayBeNegativeAndEndsWhereNoneIsPublished() throws Exception {
    SERVER.returnsJson("/price", PRICES);
    assertThat(prices("DE-LU").settled())
        .extracting(price -> price.value().toString())
        .containsExactly("81.25 EUR/MWh", "-3.50 EUR/MWh");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          200 | {"unix_seconds":[1795953600],"price":[1],"unit":"EUR / kWh"} | MALFORMED | prices in 'EUR / kWh', where EUR / MWh is expected
          200 | {"unix_seconds":[1795953600],"price":[1]}                    | MALFORMED | the answer lacks unit
          200 | {"unix_seconds":[1795953600],"unit":"EUR / MWh"}             | MALFORMED | the answer lacks price
          200 | {"unix_seconds":[1795953600],"price":[],"unit":"EUR / MWh"}  | MALFORMED | the answer has 1 times but 0 numbers of price
          200 | {"unix_seconds":[1795953600],"price":[null],"unit":"EUR/MWh"} | NO_DATA  | no price for 2026-11-29T12:00:00Z
          200 | {"unix_seconds":[1795953600],"price":[1e9],"unit":"EUR / MWh"} | IMPLAUSIBLE | the price 1.0E9 cannot be true
          400 | {"detail":"bidding zone does not exist"}                     | UNKNOWN_REGION | the API does not know it (400): bidding zone does not exist
          404 | {"detail":"no content"}                                      | NO_DATA   | nothing is published (404): no content
          """)
  void whatIsNoPriceIsNamed(int status, String body, FailureReason reason, String message) {
    SERVER.returns(status, body);
    EnergyChartsPrices prices = prices("DE");
    CarbonUnavailable refused = catchThrowableOfType(CarbonUnavailable.class, prices::settled);
    assertThat(refused.reason()).isEqualTo(reason);
    assertThat(refused).hasMessage("energy-charts DE-LU: " + message);
  }

  @Test
  void aMinuteSeesTwoCallsAtMost() throws Exception {
    SERVER.returnsJson("/price", PRICES);
    EnergyChartsPrices prices =
        new EnergyChartsPrices(
            SERVER.url(),
            new Region("DE"),
            EUR,
            SERVER.http(clock, EnergyChartsPrices.SPACING),
            clock);
    prices.settled();
    clock.pass(Duration.ofSeconds(29));
    CarbonUnavailable waiting = catchThrowableOfType(CarbonUnavailable.class, prices::settled);
    assertThat(waiting.reason()).isEqualTo(FailureReason.HELD_BACK);
    clock.pass(Duration.ofSeconds(1));
    prices.settled();
    SERVER.verify(2, getRequestedFor(urlPathEqualTo("/price")));
  }

  @Test
  void whilePacedThePriceNowIsThatOfTheLastResponseAsLongAsItHasOne() throws Exception {
    SERVER.returnsJson("/price", PRICES);
    EnergyChartsPrices prices =
        new EnergyChartsPrices(
            SERVER.url(),
            new Region("DE"),
            EUR,
            SERVER.http(clock, CallSpacing.of(Duration.ofHours(1))),
            clock);
    prices.settled();
    assertThat(prices.current().value()).isEqualTo(new MoneyPerMwh(81.25, EUR));
    clock.pass(Duration.ofMinutes(15));
    assertThat(prices.current().value()).isEqualTo(new MoneyPerMwh(-3.5, EUR));
    clock.pass(Duration.ofMinutes(15));
    CarbonUnavailable over = catchThrowableOfType(CarbonUnavailable.class, prices::current);
    assertThat(over.reason()).isEqualTo(FailureReason.NO_DATA);
    SERVER.verify(1, getRequestedFor(urlPathEqualTo("/price")));
  }

  @Test
  void theLicenceIsThatOfTheResponse() throws Exception {
    SERVER.returnsJson("/price", PRICES);
    EnergyChartsPrices prices = prices("DE");
    assertThat(prices.attribution()).contains("prices: Energy-Charts.info (Fraunhofer ISE)");
    prices.settled();
    assertThat(prices.attribution())
        .contains(
            "prices: Energy-Charts.info (Fraunhofer ISE), from Bundesnetzagentur | SMARD.de, CC BY"
                + " 4.0");
    SERVER.returnsJson(
        "/price",
        PRICES.replaceAll(
            "\"CC BY[^\"]*\"",
            "\"The data provided herein is for private and internal use only. More follows.\""));
    prices.settled();
    assertThat(prices.attribution())
        .contains("prices: Energy-Charts.info (Fraunhofer ISE), for private and internal use only");
  }

  @Test
  void anApiThatIsToEndIsAnnounced() throws Exception {
    SERVER.returnsJson("/price", PRICES.replace("false", "true"));
    EnergyChartsPrices prices = prices("DE");
    prices.settled();
    assertThat(prices.notice())
        .contains("the provider calls price deprecated: it may end, look for a newer Chase");
  }

  @Test
  void anotherCurrencyIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            new EnergyChartsPrices(
                SERVER.url(),
                new Region("DE"),
                Currency.getInstance("DKK"),
                SERVER.http(clock),
                clock))
        .withMessage("energy-charts price currency: must be EUR, is DKK");
  }

  private EnergyChartsPrices prices(String area) {
    return new EnergyChartsPrices(SERVER.url(), new Region(area), EUR, SERVER.http(clock), clock);
  }
}
