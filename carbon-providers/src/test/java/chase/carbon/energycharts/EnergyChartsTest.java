package chase.carbon.energycharts;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.GramsPerKwh;
import chase.carbon.Provenance;
import chase.carbon.Region;
import chase.carbon.fixtures.TestClock;
import chase.carbon.fixtures.TestProviderServer;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnergyChartsTest {
  @RegisterExtension static final TestProviderServer SERVER = new TestProviderServer();

  /** Four quarters of an hour of which two are measured; the last begins at 12:45. */
  private static final String HOUR =
      """
      {"unix_seconds":[1795953600,1795954500,1795955400,1795956300],
       "co2eq":[491.5,488.2,null,null],
       "co2eq_forecast":[480.0,481.0,505.0,498.7],
       "deprecated":false}
      """;

  private final TestClock clock = new TestClock("2026-11-29T12:20:00Z");
  private final EnergyCharts germany = charts("DE");

  @Test
  void theRunningQuarterIsReadAsMeasuredWithEverythingItSays() throws Exception {
    SERVER.returnsJson("/co2eq", HOUR);
    assertThat(germany.current())
        .isEqualTo(
            new CarbonIntensity(
                new GramsPerKwh(488.2),
                EnergyCharts.KIND,
                new Provenance.Measured(),
                "energy-charts",
                new Region("DE"),
                Instant.parse("2026-11-29T12:15:00Z"),
                Instant.parse("2026-11-29T12:30:00Z"),
                clock.instant(),
                clock.instant(),
                java.util.Optional.empty()));
  }

  @Test
  void whatIsNotMeasuredYetIsTheForecastAndSaysSo() throws Exception {
    SERVER.returnsJson("/co2eq", HOUR);
    clock.pass(Duration.ofMinutes(15));
    assertThat(germany.current().value()).isEqualTo(new GramsPerKwh(505));
    assertThat(germany.current().provenance())
        .isEqualTo(new Provenance.ForecastByProvider(Duration.ZERO));
  }

  @Test
  void theForecastBeginsNowAndNamesHowFarAheadItWasMade() throws Exception {
    SERVER.returnsJson("/co2eq", HOUR);
    assertThat(germany.forecast())
        .extracting(one -> one.value().value() + " " + one.provenance())
        .containsExactly(
            "481.0 ForecastByProvider[ahead=PT0S]",
            "505.0 ForecastByProvider[ahead=PT10M]",
            "498.7 ForecastByProvider[ahead=PT25M]");
  }

  @Test
  void thePastIsWhatWasMeasured() throws Exception {
    SERVER.returnsJson("/co2eq", HOUR);
    assertThat(germany.history(clock.instant().minus(Duration.ofDays(2)), Instant.MAX))
        .extracting(CarbonIntensity::value)
        .containsExactly(new GramsPerKwh(491.5), new GramsPerKwh(488.2));
  }

  @Test
  void oneCallAnswersThePastThePresentAndTheForecast() throws Exception {
    SERVER.returnsJson("/co2eq", HOUR);
    EnergyCharts spaced = spaced();
    spaced.check();
    spaced.history(clock.instant().minus(Duration.ofDays(28)), clock.instant());
    spaced.current();
    spaced.forecast();
    SERVER.verify(
        1,
        getRequestedFor(urlPathEqualTo("/co2eq"))
            .withQueryParam("country", equalTo("de"))
            .withQueryParam("start", equalTo("2026-11-01"))
            .withQueryParam("end", equalTo("2026-11-30")));
  }

  @Test
  void theNumberForNowMovesOutOfTheLastResponseWhileNoCallIsDue() throws Exception {
    SERVER.returnsJson("/co2eq", HOUR);
    EnergyCharts spaced = spaced();
    assertThat(spaced.current().value()).isEqualTo(new GramsPerKwh(488.2));
    clock.pass(Duration.ofMinutes(14));
    assertThat(spaced.current().value()).isEqualTo(new GramsPerKwh(505));
    SERVER.verify(1, getRequestedFor(urlPathEqualTo("/co2eq")));
    clock.pass(Duration.ofMinutes(1));
    spaced.current();
    SERVER.verify(2, getRequestedFor(urlPathEqualTo("/co2eq")));
    SERVER.verify(
        1,
        getRequestedFor(urlPathEqualTo("/co2eq")).withQueryParam("start", equalTo("2026-11-28")));
  }

  @Test
  void whereTheLastResponseEndsTheNextCallIsAwaited() throws Exception {
    SERVER.returnsJson("/co2eq", HOUR);
    EnergyCharts spaced = spaced();
    clock.pass(Duration.ofMinutes(39));
    assertThat(spaced.current().value()).isEqualTo(new GramsPerKwh(498.7));
    clock.pass(Duration.ofMinutes(2));
    CarbonUnavailable waiting = refused(spaced);
    assertThat(waiting.reason()).isEqualTo(FailureReason.NO_DATA);
    assertThat(waiting.retryAfter()).contains(Duration.ofMinutes(13));
  }

  @Test
  void aRetryAfterIsKeptAndTheNextCallMadeRightAfterIt() throws Exception {
    SERVER.stubFor(
        get(urlPathEqualTo("/co2eq"))
            .willReturn(aResponse().withStatus(429).withHeader("Retry-After", "60")));
    EnergyCharts spaced = spaced();
    CarbonUnavailable throttled = refused(spaced);
    assertThat(throttled.reason()).isEqualTo(FailureReason.THROTTLED);
    assertThat(throttled.retryAfter()).contains(Duration.ofMinutes(1));
    SERVER.returnsJson("/co2eq", HOUR);
    clock.pass(Duration.ofSeconds(59));
    assertThat(refused(spaced).reason()).isEqualTo(FailureReason.THROTTLED);
    clock.pass(Duration.ofSeconds(1));
    assertThat(spaced.current().value()).isEqualTo(new GramsPerKwh(488.2));
  }

  @ParameterizedTest
  @CsvSource({"900, 12:30", "1800, 12:30", "3600, 13:00"})
  void thePeriodIsTheDifferenceOfTheTimes(int step, String end) throws Exception {
    long noon = 1795953600;
    SERVER.returnsJson(
        "/co2eq",
        "{\"unix_seconds\":[%d,%d,%d],\"co2eq\":[100,100,100],\"co2eq_forecast\":[null,null,null]}"
            .formatted(noon - step, noon, noon + step));
    assertThat(charts("uk").current().validTo()).isEqualTo("2026-11-29T" + end + ":00Z");
    SERVER.verify(
        getRequestedFor(urlPathEqualTo("/co2eq")).withQueryParam("country", equalTo("uk")));
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-29T21:59:00Z, 2026-11-30",
    "2026-11-29T22:00:00Z, 2026-12-01",
    "2026-07-01T22:30:00Z, 2026-07-03"
  })
  void theNextDayIsRequestedFromTheCountrysMidnightOn(String now, String end) throws Exception {
    SERVER.returns(404, "{\"detail\":\"No content available\"}");
    clock.pass(Duration.between(clock.instant(), Instant.parse(now)));
    assertThat(refused(germany).reason()).isEqualTo(FailureReason.NO_DATA);
    SERVER.verify(getRequestedFor(urlPathEqualTo("/co2eq")).withQueryParam("end", equalTo(end)));
  }

  @Test
  void withoutForecastTheNewestMeasurementCountsAndTheForecastIsMissing() throws Exception {
    SERVER.returnsJson(
        "/co2eq", HOUR.replaceAll("(?s)\"co2eq_forecast\":.*]", "\"co2eq_forecast\":null"));
    clock.pass(Duration.ofHours(2));
    assertThat(germany.current().value()).isEqualTo(new GramsPerKwh(488.2));
    CarbonUnavailable none =
        catchThrowableOfType(CarbonUnavailable.class, () -> germany.forecast());
    assertThat(none).hasMessage("energy-charts DE: the answer has no forecast");
    assertThat(none.reason()).isEqualTo(FailureReason.NO_DATA);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          200 | {"unix_seconds":[],"co2eq":[],"co2eq_forecast":[]} | NO_DATA | there are no numbers
          200 | {"unix_seconds":[1795953600,1795954500],"co2eq":[null,null],"co2eq_forecast":[null,null]} | NO_DATA | all 2 numbers are null
          200 | {"unix_seconds":[1795953600,1795954500],"co2eq":[1],"co2eq_forecast":[1,2]} | MALFORMED | the answer has 2 times but 1 numbers of co2eq
          200 | {"unix_seconds":[1795953600,1795954500],"co2eq":[1,2],"co2eq_forecast":[1,2,3]} | MALFORMED | the answer has 2 times but 3 numbers of co2eq_forecast
          200 | {"unix_seconds":[1795953600,1796040000],"co2eq":[1,2],"co2eq_forecast":[1,2]} | MALFORMED | the times are 86400 s apart, not a minute to an hour
          200 | {"unix_seconds":[1795953600000],"co2eq":[1],"co2eq_forecast":[1]} | MALFORMED | the answer has no time that can be true
          200 | {"unix_seconds":[1795953600,1795954500]}           | MALFORMED | the answer lacks co2eq
          200 | {"unix_seconds":"now","co2eq":[1]}                 | MALFORMED | the answer's unix_seconds is not a list
          200 | {"unix_seconds":[1795953600,1795954500],"co2eq":[9e9,9e9]} | IMPLAUSIBLE | the intensity 9.0E9 gCO2/kWh cannot be true
          200 | {"unix_seconds":[1795867200,1795868100],"co2eq":[300,300]} | NO_DATA | no number for 2026-11-29T12:20:00Z; they end at 2026-11-28T12:30:00Z
          200 | {}                                                 | MALFORMED | the answer lacks unix_seconds
          200 | ``                                                 | MALFORMED | answered 200 with an empty body instead of JSON
          200 | <html>no</html>                                    | MALFORMED | answered 200 with a web page instead of JSON
          400 | {"detail":"no such country"}                       | UNKNOWN_REGION | the API does not know it (400): no such country
          404 | {"detail":"Not Found"}                             | NO_DATA   | nothing is published (404): Not Found
          404 | <html>no</html>                                    | PROVIDER_DOWN | the API was not reached (404): a web page
          403 | <html>no</html>                                    | PROVIDER_DOWN | the API was not reached (403): a web page
          422 | {"detail":"bad date"}                              | MALFORMED | the request was refused (422): bad date
          502 | <html>no</html>                                    | PROVIDER_DOWN | failure at the provider (502): a web page
          """)
  void whatIsNoAnswerIsNamedByWhatToDoAboutIt(
      int status, String body, FailureReason reason, String message) {
    SERVER.returns(status, body);
    CarbonUnavailable refused = refused(germany);
    assertThat(refused.reason()).isEqualTo(reason);
    assertThat(refused).hasMessage("energy-charts DE: " + message);
  }

  @Test
  void aRefusalOfTheWholePastDoesNotKeepThePresentAway() throws Exception {
    SERVER.returns(422, "{\"detail\":\"too much\"}");
    refused(germany);
    SERVER.returnsJson("/co2eq", HOUR);
    germany.current();
    SERVER.verify(
        1,
        getRequestedFor(urlPathEqualTo("/co2eq")).withQueryParam("start", equalTo("2026-11-28")));
  }

  @Test
  void aPageInTheApisSteadIsNamedAndNotAwaitedForAQuarterOfAnHour() throws Exception {
    SERVER.returns(200, "<html>log in</html>");
    EnergyCharts spaced = spaced();
    spaced.check();
    CarbonUnavailable waiting = refused(spaced);
    assertThat(waiting)
        .hasMessage(
            "energy-charts DE: answered 200 with a web page instead of JSON;"
                + " polled again at most every 10 s");
    SERVER.returnsJson("/co2eq", HOUR);
    clock.pass(Duration.ofSeconds(10));
    assertThat(spaced.current().value()).isEqualTo(new GramsPerKwh(488.2));
  }

  @Test
  void aBrokenPlaceCostsThatPlaceAlone() throws Exception {
    SERVER.returnsJson("/co2eq", HOUR.replace("488.2", "\"many\"").replace("480.0", "-3"));
    assertThat(germany.current().value()).isEqualTo(new GramsPerKwh(481));
  }

  @Test
  void anApiThatIsToEndIsAnnouncedOnce() throws Exception {
    SERVER.returnsJson("/co2eq", HOUR.replace("false", "true"));
    assertThat(germany.notice()).isEmpty();
    assertThat(germany.check().message())
        .isEqualTo(
            "energy-charts DE: may ask latest, history and forecast; "
                + germany.notice().orElseThrow());
    SERVER.returnsJson("/co2eq", HOUR);
    germany.current();
    assertThat(germany.notice()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"DE", "de", " De "})
  void aCountrysCodeIsTakenInAnyCase(String code) throws Exception {
    SERVER.returnsJson("/co2eq", HOUR);
    assertThat(charts(code).current().region()).isEqualTo(new Region(code));
    SERVER.verify(
        getRequestedFor(urlPathEqualTo("/co2eq")).withQueryParam("country", equalTo("de")));
  }

  @Test
  void anUnknownCountryIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> charts("DE-LU"))
        .withMessage("energy-charts region: must be a country's code such as DE, is DE-LU");
  }

  @Test
  void theCountriesAreListedByTheirCodesAndNames() {
    assertThat(EnergyCharts.REGIONS)
        .extracting(served -> served.region() + " " + served.place())
        .contains("DE Germany", "GB Great Britain", "FR France")
        .isSorted();
  }

  private EnergyCharts charts(String region) {
    return new EnergyCharts(SERVER.url(), new Region(region), SERVER.http(clock), clock);
  }

  private EnergyCharts spaced() {
    return new EnergyCharts(
        SERVER.url(), new Region("DE"), SERVER.http(clock, EnergyCharts.SPACING), clock);
  }

  private static CarbonUnavailable refused(EnergyCharts charts) {
    return catchThrowableOfType(CarbonUnavailable.class, charts::current);
  }
}
