package chase.carbon.watttime;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.GramsPerKwh;
import chase.carbon.Provenance;
import chase.carbon.Region;
import chase.carbon.SignalKind;
import chase.carbon.SignalKind.EmissionScope;
import chase.carbon.SignalKind.Margin;
import chase.carbon.fixtures.TestClock;
import chase.carbon.fixtures.TestHttp;
import chase.carbon.http.HttpTransport;
import chase.carbon.http.ProviderHttp;
import chase.carbon.watttime.WattTime.AccountOptions;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WattTimeTest {
  @RegisterExtension
  static final WireMockExtension SERVER =
      WireMockExtension.newInstance().options(wireMockConfig().dynamicPort()).build();

  private static final Region CAISO = new Region("CAISO_NORTH");
  private static final String PASSWORD = "hush hush";

  private static final String FORECAST =
      """
      {"data":[{"point_time":"2022-07-15T00:00:00+00:00","value":1048.4131919701972},
               {"point_time":"2022-07-15T00:05:00+00:00","value":1051.0880801214637}],
       "meta":{"data_point_period_seconds":300,"region":"CAISO_NORTH",
               "warnings":[{"type":"EXAMPLE_WARNING","message":"This is just an example"}],
               "signal_type":"co2_moer","model":{"date":"2023-03-01"},
               "units":"lbs_co2_per_mwh","generated_at_period_seconds":300,
               "generated_at":"2022-07-15T00:00:00+00:00"}}
      """;

  private final TestClock clock = new TestClock("2022-07-15T00:02:00Z");
  private final HttpTransport transport = new HttpTransport(HttpTransport.HttpTimeouts.DEFAULT);
  private final ProviderHttp http = TestHttp.over(transport, clock);
  private final WattTime source =
      new WattTime(
          new AccountOptions(
              URI.create("http://localhost:" + SERVER.getPort()),
              "me",
              PASSWORD,
              CAISO,
              24,
              Optional.empty()),
          http,
          clock);

  @BeforeEach
  void logInWorks() {
    SERVER.stubFor(
        get(urlPathEqualTo("/login"))
            .withBasicAuth("me", PASSWORD)
            .willReturn(okJson("{\"token\":\"first.jwt\"}")));
  }

  @AfterEach
  void close() {
    transport.close();
  }

  @Test
  void theFirstPointOfTheForecastIsNow() throws Exception {
    answering(FORECAST);
    CarbonIntensity now = source.current();
    assertThat(now)
        .isEqualTo(
            new CarbonIntensity(
                GramsPerKwh.ofPoundsPerMwh(1048.4131919701972),
                new SignalKind(Margin.MARGINAL, EmissionScope.DIRECT),
                new Provenance.Estimated("model"),
                "watttime",
                CAISO,
                Instant.parse("2022-07-15T00:00:00Z"),
                Instant.parse("2022-07-15T00:05:00Z"),
                Instant.parse("2022-07-15T00:00:00Z"),
                clock.instant(),
                Optional.of(LocalDate.parse("2023-03-01"))));
    assertThat(now.value().value()).isCloseTo(475.552, within(0.001));
    SERVER.verify(
        getRequestedFor(urlPathEqualTo("/v3/forecast"))
            .withHeader("Authorization", equalTo("Bearer first.jwt"))
            .withQueryParam("region", equalTo("CAISO_NORTH"))
            .withQueryParam("signal_type", equalTo("co2_moer"))
            .withQueryParam("horizon_hours", equalTo("0")));
  }

  @Test
  void aTimeInZuluAndAWholeNumberAreReadAlike() throws Exception {
    answering(FORECAST.replace("+00:00", "Z").replace("1048.4131919701972", "870"));
    CarbonIntensity now = source.current();
    assertThat(now.value()).isEqualTo(GramsPerKwh.ofPoundsPerMwh(870));
    assertThat(now.validFrom()).isEqualTo(Instant.parse("2022-07-15T00:00:00Z"));
  }

  @Test
  void anOlderForecastSaysHowFarAheadItWas() throws Exception {
    answering(
        FORECAST.replace(
            "\"generated_at\":\"2022-07-15T00:00", "\"generated_at\":\"2022-07-14T23:50"));
    assertThat(source.current().provenance())
        .isEqualTo(new Provenance.ForecastByProvider(Duration.ofMinutes(10)));
  }

  @Test
  void aModelWithoutAReadableDateIsNoReasonToLoseTheNumber() throws Exception {
    answering(FORECAST.replace("2023-03-01", "spring"));
    assertThat(source.current().modelDate()).isEmpty();
    answering(FORECAST.replace("\"model\":{\"date\":\"2023-03-01\"},", ""));
    assertThat(source.current().modelDate()).isEmpty();
  }

  @Test
  void zeroIsTrueForAMarginalSignal() throws Exception {
    answering(FORECAST.replace("1048.4131919701972", "0"));
    assertThat(source.current().value()).isEqualTo(new GramsPerKwh(0));
  }

  @Test
  void warningsAreKeptInWhateverFormTheyCome() throws Exception {
    answering(FORECAST);
    source.current();
    assertThat(source.warnings()).containsExactly("EXAMPLE_WARNING: This is just an example");
    answering(FORECAST.replaceAll("\"warnings\":\\[.*?]", "\"warnings\":[\"MISSING_DATA\",{}]"));
    source.current();
    assertThat(source.warnings()).containsExactly("MISSING_DATA", "{}");
    answering(FORECAST.replaceAll("\"warnings\":\\[.*?],", ""));
    source.current();
    assertThat(source.warnings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {-10, 0, 4, 10})
  void aForecastThatBeginsNearNowIsTaken(long minutes) throws Exception {
    answering(FORECAST);
    clock.pass(Duration.ofMinutes(minutes - 2));
    assertThat(source.current().validFrom()).isEqualTo(Instant.parse("2022-07-15T00:00:00Z"));
  }

  @ParameterizedTest
  @ValueSource(longs = {-60, -11, 11, 1440})
  void aForecastThatBeginsFarFromNowIsNoNumberForNow(long minutes) {
    answering(FORECAST);
    clock.pass(Duration.ofMinutes(minutes - 2));
    CarbonUnavailable refused = refused();
    assertThat(refused.reason()).isEqualTo(FailureReason.NO_DATA);
    assertThat(refused)
        .hasMessage(
            "watttime CAISO_NORTH: the numbers begin at 2022-07-15T00:00:00Z, but here it is "
                + clock.instant());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          lbs_co2_per_mwh           | percentile     | IMPLAUSIBLE
          lbs_co2_per_mwh           | kg_co2_per_mwh | IMPLAUSIBLE
          "units"                   | "unit"         | MALFORMED
          co2_moer                  | health_damage  | IMPLAUSIBLE
          CAISO_NORTH               | PJM_NJ         | IMPLAUSIBLE
          period_seconds":300       | period_seconds":0         | MALFORMED
          "meta"                    | "beta"         | MALFORMED
          "data"                    | "date"         | MALFORMED
          "point_time"              | "time"         | MALFORMED
          """)
  void aChangedAnswerIsRefused(String was, String is, FailureReason reason) {
    answering(FORECAST.replace(was, is));
    assertThat(refused().reason()).isEqualTo(reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``                       | MALFORMED
          <html>Welcome</html>     | MALFORMED
          {}                       | MALFORMED
          {"data":[],"meta":{"data_point_period_seconds":300,"region":"CAISO_NORTH",\
          "signal_type":"co2_moer","units":"lbs_co2_per_mwh"}} | NO_DATA
          {"data":[7],"meta":{"data_point_period_seconds":300,"region":"CAISO_NORTH",\
          "signal_type":"co2_moer","units":"lbs_co2_per_mwh"}} | MALFORMED
          {"data":[{"point_time":"2022-07-15T00:00:00Z","value":37.1}],\
          "meta":{"data_point_period_seconds":300,"region":"CAISO_NORTH",\
          "model":{"date":"2023-03-01","type":"binned_regression"},\
          "signal_type":"co2_moer","units":"percentile"}} | IMPLAUSIBLE
          {"data":[{"point_time":"2022-07-15T00:00:00Z","value":1e400}],\
          "meta":{"data_point_period_seconds":300,"region":"CAISO_NORTH",\
          "signal_type":"co2_moer","units":"lbs_co2_per_mwh"}} | IMPLAUSIBLE
          """)
  void anAnswerWithoutAForecastIsRefused(String body, FailureReason reason) {
    answering(body);
    assertThat(refused().reason()).isEqualTo(reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          400 | {"error":"Invalid region, first.jwt"}  | UNKNOWN_REGION
          404 | {"error":"region not found"}           | UNKNOWN_REGION
          400 | {"error":"horizon_hours hush hush"}    | MALFORMED
          404 | <html>first.jwt</html>                 | PROVIDER_DOWN
          429 | Too Many Requests first.jwt            | THROTTLED
          500 | {"error":"first.jwt"}                  | PROVIDER_DOWN
          503 |                                        | PROVIDER_DOWN
          """)
  void aRefusedForecastIsNamedWithoutSecrets(int status, String body, FailureReason reason) {
    answering(aResponse().withStatus(status).withBody(body));
    CarbonUnavailable refused = refused();
    assertThat(refused.reason()).isEqualTo(reason);
    assertThat(refused)
        .hasMessageStartingWith("watttime CAISO_NORTH: ")
        .hasMessageContaining("(" + status + ")");
    assertThat(refused.toString()).doesNotContain("first.jwt").doesNotContain(PASSWORD);
  }

  private static void answering(String body) {
    answering(okJson(body));
  }

  private static void answering(ResponseDefinitionBuilder response) {
    SERVER.stubFor(get(urlPathEqualTo("/v3/forecast")).willReturn(response));
  }

  private CarbonUnavailable refused() {
    return catchThrowableOfType(CarbonUnavailable.class, () -> source.current());
  }
}
