package chase.carbon.electricitymaps;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.GramsPerKwh;
import chase.carbon.Provenance;
import chase.carbon.ProviderCheck;
import chase.carbon.ProviderCheck.Ability;
import chase.carbon.Region;
import chase.carbon.SignalKind.EmissionScope;
import chase.carbon.electricitymaps.ElectricityMaps.ZoneOptions;
import chase.carbon.fixtures.TestClock;
import chase.carbon.fixtures.TestHttp;
import chase.carbon.http.HttpTransport;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a key's plan gives besides the number for now. */
class ZonePlanTest {
  @RegisterExtension
  static final WireMockExtension SERVER =
      WireMockExtension.newInstance().options(wireMockConfig().dynamicPort()).build();

  private static final Region MISO = new Region("US-MIDW-MISO");
  private static final String TOKEN = "hush-hush-42";
  private static final String DATE = "Sun, 01 Dec 2024 06:30:00 GMT";
  private static final TestClock CLOCK = new TestClock("2024-12-01T06:30:00Z");
  private static final HttpTransport TRANSPORT =
      new HttpTransport(HttpTransport.HttpTimeouts.DEFAULT);

  @AfterAll
  static void close() {
    TRANSPORT.close();
  }

  @Test
  void theHistoryKeepsWhatWasMeasuredApartFromWhatWasEstimated() throws Exception {
    answering(
        "carbon-intensity/history",
        okJson(
            """
            {"zone":"US-MIDW-MISO","history":[
             {"zone":"US-MIDW-MISO","carbonIntensity":419,"datetime":"2024-11-30T07:00:00.000Z",
              "updatedAt":"2024-12-01T00:47:09.213Z","createdAt":"2024-11-27T07:42:21.627Z",
              "emissionFactorType":"lifecycle","isEstimated":false,"estimationMethod":null},
             {"zone":"US-MIDW-MISO","carbonIntensity":501,"datetime":"2024-11-30T06:00:00.000Z",
              "updatedAt":"2024-12-01T05:44:10.595Z","createdAt":"2024-11-28T06:43:54.038Z",
              "emissionFactorType":"lifecycle","isEstimated":true,
              "estimationMethod":"TIME_SLICER_AVERAGE"},
             {"zone":"US-MIDW-MISO","carbonIntensity":null,"datetime":"2024-11-30T08:00:00.000Z"},
             {"zone":"US-MIDW-MISO","carbonIntensity":0,"datetime":"2024-11-30T09:00:00.000Z"},
             {"zone":"US-MIDW-MISO","carbonIntensity":430,"datetime":"2024-12-01T06:00:00.000Z"}]}
            """));
    List<CarbonIntensity> day = maps().history(Instant.EPOCH, CLOCK.instant());
    assertThat(day)
        .extracting(CarbonIntensity::value)
        .containsExactly(new GramsPerKwh(501), new GramsPerKwh(419));
    assertThat(day)
        .extracting(CarbonIntensity::provenance)
        .containsExactly(
            new Provenance.Estimated("TIME_SLICER_AVERAGE"), new Provenance.Measured());
    SERVER.verify(
        getRequestedFor(urlPathEqualTo("/v4/carbon-intensity/history"))
            .withHeader("auth-token", equalTo(TOKEN))
            .withQueryParam("zone", equalTo("US-MIDW-MISO"))
            .withQueryParam("disableCallerLookup", equalTo("true")));
  }

  @Test
  void aHistoryOfASandboxIsRefused() {
    answering(
        "carbon-intensity/history",
        okJson(
            """
            {"zone":"US-MIDW-MISO","history":[{"carbonIntensity":419,
             "datetime":"2024-11-30T07:00:00.000Z","estimationMethod":"SANDBOX_MODE_DATA"}]}
            """));
    CarbonUnavailable refused =
        catchThrowableOfType(
            CarbonUnavailable.class, () -> maps().history(Instant.EPOCH, CLOCK.instant()));
    assertThat(refused.reason()).isEqualTo(FailureReason.IMPLAUSIBLE);
  }

  @Test
  void theForecastBeginsWithTheRunningHour() throws Exception {
    answering(
        "carbon-intensity/forecast",
        okJson(
            """
            {"zone":"US-MIDW-MISO","updatedAt":"2024-12-01T05:45:00.000Z",
             "temporalGranularity":"hourly","forecast":[
             {"datetime":"2024-12-01T05:00:00.000Z","carbonIntensity":400},
             {"datetime":"2024-12-01T06:00:00.000Z","carbonIntensity":410},
             {"datetime":"2024-12-01T07:00:00.000Z","carbonIntensity":{"value":225}},
             {"datetime":"2024-12-01T08:00:00.000Z","carbonIntensity":null}]}
            """));
    List<CarbonIntensity> ahead = maps().forecast();
    assertThat(ahead)
        .extracting(CarbonIntensity::value)
        .containsExactly(new GramsPerKwh(410), new GramsPerKwh(225));
    assertThat(ahead)
        .extracting(CarbonIntensity::provenance)
        .containsExactly(
            new Provenance.ForecastByProvider(Duration.ofMinutes(15)),
            new Provenance.ForecastByProvider(Duration.ofMinutes(75)));
    assertThat(ahead.getFirst().covers(CLOCK.instant())).isTrue();
    SERVER.verify(
        getRequestedFor(urlPathEqualTo("/v4/carbon-intensity/forecast"))
            .withQueryParam("horizonHours", equalTo("24")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          200 | {"forecast":[]}                                                             | NO_DATA
          200 | {"error":"no"}                                                              | NO_DATA
          200 | {"status":"no-data"}                                                        | NO_DATA
          200 | {"forecast":[{"datetime":"2024-11-01T00:00:00Z","carbonIntensity":1}]}      | NO_DATA
          200 | {"forecast":[{"datetime":"2099-01-01T00:00:00Z","carbonIntensity":999}]}    | NO_DATA
          200 | {"forecast":[{"carbonIntensity":999}]}                                      | MALFORMED
          200 | {"forecast":[{"datetime":"2024-12-01T06:00:00Z","carbonIntensity":99999}]}  | IMPLAUSIBLE
          200 | {"forecast":{}}                                                             | MALFORMED
          200 | <html></html>                                                               | MALFORMED
          403 | Endpoint not available                                                      | ENDPOINT_NOT_IN_PLAN
          """)
  void aForecastThatIsNoneIsNamed(int status, String body, FailureReason reason) {
    answering("carbon-intensity/forecast", aResponse().withStatus(status).withBody(body));
    CarbonUnavailable refused =
        catchThrowableOfType(CarbonUnavailable.class, () -> maps().forecast());
    assertThat(refused.reason()).isEqualTo(reason);
  }

  @Test
  void aKeyWithEverythingSaysSo() throws Exception {
    answering("carbon-intensity/latest", latest());
    zonesOfKey("{\"US-MIDW-MISO\":{\"zoneName\":\"MISO\",\"access\":[\"*\"]}}");
    ProviderCheck access = maps().check();
    assertThat(access.usable()).isTrue();
    assertThat(access.abilities()).containsExactlyInAnyOrder(Ability.values());
    assertThat(access.message())
        .isEqualTo("electricity-maps US-MIDW-MISO: may ask latest, history and forecast");
  }

  @Test
  void aKeyWithoutForecastAndWithOtherZonesSaysSo() throws Exception {
    answering("carbon-intensity/latest", latest());
    zonesOfKey(
        """
        {"US-MIDW-MISO":{"zoneName":"MISO","access":["carbon-intensity/history"]},
         "NL":{"zoneName":"Netherlands","access":["*"]}}
        """);
    assertThat(maps().check().message())
        .isEqualTo("electricity-maps US-MIDW-MISO: may ask latest and history; also of NL");
  }

  @Test
  void zonesThatFailForATrialKeyLeaveTheNumberForNow() throws Exception {
    answering("carbon-intensity/latest", latest());
    answering("zones", aResponse().withStatus(500));
    assertThat(maps().check().message()).isEqualTo("electricity-maps US-MIDW-MISO: may ask latest");
  }

  @Test
  void aKeyForAnotherZoneIsDistinguishedFromARetiredZone() throws Exception {
    answering(
        "carbon-intensity/latest",
        aResponse().withStatus(404).withBody("{\"error\":\"No recent data for zone\"}"));
    zonesOfKey("{\"NL\":{\"zoneName\":\"Netherlands\",\"access\":[\"*\"]}}");
    zonesWithoutAKey("{\"NL\":{},\"US-MIDW-MISO\":{}}");
    ProviderCheck other = maps().check();
    assertThat(other.failure()).contains(FailureReason.NOT_ENTITLED);
    assertThat(other.regions()).containsExactly(new Region("NL"));
    zonesWithoutAKey("{\"NL\":{},\"US-MIDW-MISO-NEW\":{}}");
    ProviderCheck retired = maps().check();
    assertThat(retired.failure()).contains(FailureReason.UNKNOWN_REGION);
    assertThat(retired.message())
        .isEqualTo("electricity-maps US-MIDW-MISO: no such zone, or one retired");
    assertThat(retired.regions()).contains(new Region("US-MIDW-MISO-NEW"));
  }

  @Test
  void aZoneOfTheKeyWithoutANumberHasNoData() throws Exception {
    answering(
        "carbon-intensity/latest",
        aResponse().withStatus(404).withBody("{\"error\":\"No recent data for zone\"}"));
    zonesOfKey("{\"US-MIDW-MISO\":{\"access\":[\"*\"]}}");
    assertThat(maps().check().failure()).contains(FailureReason.NO_DATA);
  }

  @Test
  void aBadKeyAndAnOutageAreDistinguished() throws Exception {
    answering("carbon-intensity/latest", aResponse().withStatus(401));
    ProviderCheck bad = maps().check();
    assertThat(bad.failure()).contains(FailureReason.BAD_KEY);
    assertThat(bad.message())
        .isEqualTo("electricity-maps US-MIDW-MISO: the token is not accepted (401): an empty body");
    answering("carbon-intensity/latest", aResponse().withStatus(502));
    assertThat(maps().check().failure()).contains(FailureReason.PROVIDER_DOWN);
  }

  @Test
  void aClockThatIsWrongIsNamedByTheProvidersTime() throws Exception {
    answering(
        "carbon-intensity/latest", latest().withHeader("Date", "Sun, 01 Dec 2024 06:20:00 GMT"));
    zonesOfKey("{\"US-MIDW-MISO\":{\"access\":[\"*\"]}}");
    ProviderCheck skewed = maps().check();
    assertThat(skewed.failure()).contains(FailureReason.CLOCK_SKEW);
    assertThat(skewed.message())
        .isEqualTo(
            "electricity-maps US-MIDW-MISO: may ask latest, history and forecast; but this host's"
                + " clock is 600 s ahead of the provider's");
  }

  @Test
  void aNumberFromTheFutureOfAHostThatIsBehindIsAClocksFault() {
    answering(
        "carbon-intensity/latest",
        okJson("{\"carbonIntensity\":466,\"datetime\":\"2024-12-01T12:00:00.000Z\"}")
            .withHeader("Date", "Sun, 01 Dec 2024 12:30:00 GMT"));
    CarbonUnavailable refused =
        catchThrowableOfType(CarbonUnavailable.class, () -> maps().current());
    assertThat(refused.reason()).isEqualTo(FailureReason.CLOCK_SKEW);
    assertThat(refused).hasMessageContaining("this host's clock is 21600 s behind the provider's");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 23, 73, -24})
  void aHorizonThatTheApiDoesNotKnowIsRefused(int hours) {
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            new ZoneOptions(ElectricityMaps.DEFAULT_URL, TOKEN, MISO, EmissionScope.DIRECT, hours))
        .withMessage("electricity-maps horizon-hours: must be 6, 24, 48 or 72, is " + hours);
  }

  private static ResponseDefinitionBuilder latest() {
    return okJson("{\"carbonIntensity\":466,\"datetime\":\"2024-12-01T06:00:00.000Z\"}")
        .withHeader("Date", DATE);
  }

  private static void answering(String path, ResponseDefinitionBuilder response) {
    SERVER.stubFor(get(urlPathEqualTo("/v4/" + path)).willReturn(response));
  }

  private static void zonesOfKey(String body) {
    SERVER.stubFor(
        get(urlPathEqualTo("/v4/zones"))
            .withHeader("auth-token", equalTo(TOKEN))
            .willReturn(okJson(body)));
  }

  private static void zonesWithoutAKey(String body) {
    SERVER.stubFor(
        get(urlPathEqualTo("/v4/zones"))
            .withHeader("auth-token", absent())
            .willReturn(okJson(body)));
  }

  private static ElectricityMaps maps() {
    URI url = URI.create("http://localhost:" + SERVER.getPort() + "/v4");
    return new ElectricityMaps(
        new ZoneOptions(url, TOKEN, MISO, EmissionScope.LIFECYCLE, 24),
        TestHttp.over(TRANSPORT, CLOCK),
        CLOCK);
  }
}
