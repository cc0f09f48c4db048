package chase.carbon.odre;

import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
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

class OdreTest {
  @RegisterExtension static final TestProviderServer SERVER = new TestProviderServer();

  private static final String RECORDS =
      "/api/explore/v2.1/catalog/datasets/eco2mix-national-tr/records";

  private final TestClock clock = new TestClock("2024-10-08T18:20:00Z");

  @Test
  void theNewestRowWithANumberIsTheNumberForNow() throws Exception {
    SERVER.returnsJson(RECORDS, results(row("2024-10-08T18:00:00+00:00", "32")));
    CarbonIntensity current = odre("FR").current();
    assertThat(current.value()).isEqualTo(new GramsPerKwh(32));
    assertThat(current.provenance()).isEqualTo(new Provenance.Measured());
    assertThat(current.kind().description()).isEqualTo("average, direct");
    assertThat(current.validFrom()).isEqualTo("2024-10-08T18:00:00Z");
    assertThat(current.validTo()).isEqualTo("2024-10-08T18:15:00Z");
    SERVER.verify(
        getRequestedFor(urlPathEqualTo(RECORDS))
            .withQueryParam("select", equalTo("date_heure,taux_co2"))
            .withQueryParam("where", equalTo("taux_co2 is not null"))
            .withQueryParam("order_by", equalTo("date_heure desc"))
            .withQueryParam("limit", equalTo("1")));
  }

  @Test
  void aRowOfHoursAgoIsNotThePresent() {
    SERVER.returnsJson(RECORDS, results(row("2024-10-08T14:45:00+00:00", "32")));
    assertThat(refused(odre("FR")))
        .hasMessage(
            "odre FR: no number for 2024-10-08T18:20:00Z; they end at 2024-10-08T15:00:00Z");
  }

  @Test
  void thePastIsReadByPagesOfADay() throws Exception {
    SERVER.returnsJson(
        RECORDS,
        results(
            row("2024-10-06T23:00:00+00:00", "20"),
            row("2024-10-06T23:15:00+00:00", "null"),
            row("2024-10-06T23:30:00+00:00", "21")));
    Instant from = Instant.parse("2024-10-06T20:00:00.5Z");
    assertThat(odre("FR").history(from, clock.instant()))
        .extracting(CarbonIntensity::value)
        .containsExactly(new GramsPerKwh(20), new GramsPerKwh(21));
    SERVER.verify(2, getRequestedFor(urlPathEqualTo(RECORDS)));
    SERVER.verify(
        1,
        getRequestedFor(urlPathEqualTo(RECORDS))
            .withQueryParam(
                "where",
                equalTo(
                    "taux_co2 is not null and date_heure >= date'2024-10-06T20:00:00Z'"
                        + " and date_heure < date'2024-10-07T20:00:00Z'"))
            .withQueryParam("order_by", equalTo("date_heure asc"))
            .withQueryParam("limit", equalTo("100")));
  }

  @Test
  void aWeekIsTheLongestPast() throws Exception {
    SERVER.returnsJson(RECORDS, results(row("2024-10-06T23:00:00+00:00", "20")));
    odre("FR").history(clock.instant().minus(Duration.ofDays(28)), clock.instant());
    SERVER.verify(7, getRequestedFor(urlPathEqualTo(RECORDS)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          200 | {"total_count":0,"results":[]}                          | NO_DATA | no number for 2024-10-08T18:20:00Z
          200 | {}                                                      | MALFORMED | the answer lacks results
          200 | {"results":[{"taux_co2":32}]}                           | MALFORMED | the answer lacks results[0].date_heure
          200 | {"results":[{"date_heure":"8/10","taux_co2":32}]}       | MALFORMED | the answer's results[0].date_heure is not a time with an offset
          200 | {"results":[{"date_heure":"2024-10-08T18:00:00+00:00","taux_co2":"low"}]} | MALFORMED | the answer's results[0].taux_co2 is not a number
          200 | {"results":[{"date_heure":"2024-10-08T18:00:00+00:00","taux_co2":32000}]} | IMPLAUSIBLE | the intensity 32000.0 gCO2/kWh cannot be true
          200 | {"results":[{"date_heure":"2024-10-08T18:00:00+00:00","taux_co2":null}]}  | NO_DATA | no number for 2024-10-08T18:00:00Z
          200 | <html>no</html>                                         | MALFORMED | answered 200 with a web page instead of JSON
          400 | {"error_code":"ODSQLError","message":"unknown field"}   | MALFORMED | the request was refused (400): unknown field
          403 | <html>no</html>                                         | PROVIDER_DOWN | the API was not reached (403): a web page
          429 | {"error":"quota exceeded"}                              | THROTTLED | too many requests (429): quota exceeded
          502 | <html>no</html>                                         | PROVIDER_DOWN | failure at the provider (502): a web page
          """)
  void whatIsNoAnswerIsNamedByWhatToDoAboutIt(
      int status, String body, FailureReason reason, String message) {
    SERVER.returns(status, body);
    CarbonUnavailable refused = refused(odre("FR"));
    assertThat(refused.reason()).isEqualTo(reason);
    assertThat(refused).hasMessage("odre FR: " + message);
  }

  @Test
  void theCheckNamesWhatTheProviderAllows() throws Exception {
    SERVER.returnsJson(RECORDS, results(row("2024-10-08T18:00:00+00:00", "32")));
    assertThat(odre("fr").check().message()).isEqualTo("odre fr: may ask latest and history");
  }

  @Test
  void anotherCountryIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> odre("DE"))
        .withMessage("odre region: must be FR, is DE");
  }

  private Odre odre(String region) {
    return new Odre(SERVER.url(), new Region(region), SERVER.http(clock), clock);
  }

  private static CarbonUnavailable refused(Odre odre) {
    return catchThrowableOfType(CarbonUnavailable.class, odre::current);
  }

  private static String results(String... rows) {
    return "{\"total_count\":%s,\"results\":[%s]}".formatted(rows.length, String.join(",", rows));
  }

  private static String row(String time, String grams) {
    return "{\"date_heure\":\"%s\",\"taux_co2\":%s}".formatted(time, grams);
  }
}
