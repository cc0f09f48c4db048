package chase.carbon.electricitymaps;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
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
import chase.carbon.Region;
import chase.carbon.SignalKind;
import chase.carbon.SignalKind.EmissionScope;
import chase.carbon.SignalKind.Margin;
import chase.carbon.electricitymaps.ElectricityMaps.ZoneOptions;
import chase.carbon.fixtures.TestClock;
import chase.carbon.fixtures.TestHttp;
import chase.carbon.http.HttpTransport;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ElectricityMapsTest {
  @RegisterExtension
  static final WireMockExtension SERVER =
      WireMockExtension.newInstance().options(wireMockConfig().dynamicPort()).build();

  private static final Region MISO = new Region("US-MIDW-MISO");
  private static final String TOKEN = "hush-hush-42";
  private static final TestClock CLOCK = new TestClock("2024-09-24T03:10:00Z");
  private static final HttpTransport TRANSPORT =
      new HttpTransport(HttpTransport.HttpTimeouts.DEFAULT);

  private static final String V3 =
      """
      {"zone":"US-MIDW-MISO","carbonIntensity":466,"datetime":"2024-09-24T03:00:00.000Z",
       "updatedAt":"2024-09-24T02:47:02.408Z","createdAt":"2024-09-21T03:45:20.860Z",
       "emissionFactorType":"lifecycle","isEstimated":true,
       "estimationMethod":"TIME_SLICER_AVERAGE"}
      """;

  @AfterAll
  static void close() {
    TRANSPORT.close();
  }

  @Test
  void theThirdVersionIsReadWithEverythingItSays() throws Exception {
    answering("/v3", okJson(V3));
    assertThat(source("/v3", EmissionScope.LIFECYCLE).current())
        .isEqualTo(
            new CarbonIntensity(
                new GramsPerKwh(466),
                new SignalKind(Margin.AVERAGE, EmissionScope.LIFECYCLE),
                new Provenance.Estimated("TIME_SLICER_AVERAGE"),
                "electricity-maps",
                MISO,
                Instant.parse("2024-09-24T03:00:00Z"),
                Instant.parse("2024-09-24T04:00:00Z"),
                Instant.parse("2024-09-24T02:47:02.408Z"),
                CLOCK.instant(),
                Optional.empty()));
  }

  @Test
  void theFourthVersionIsReadAlike() throws Exception {
    answering("/v3", okJson(V3));
    answering("/v4", okJson(with("\"temporalGranularity\":\"hourly\",\"flowTraced\":true")));
    assertThat(source("/v4", EmissionScope.LIFECYCLE).current())
        .isEqualTo(source("/v3", EmissionScope.LIFECYCLE).current());
  }

  @Test
  void theZoneIsAlwaysNamedAndNeverGuessed() throws Exception {
    answering("/v4", okJson(V3.replace("lifecycle", "direct")));
    source("/v4", EmissionScope.DIRECT).current();
    SERVER.verify(
        getRequestedFor(urlPathEqualTo("/v4/carbon-intensity/latest"))
            .withHeader("auth-token", equalTo(TOKEN))
            .withQueryParam("zone", equalTo("US-MIDW-MISO"))
            .withQueryParam("disableCallerLookup", equalTo("true"))
            .withQueryParam("emissionFactorType", equalTo("direct")));
  }

  @Test
  void aMeasuredValueIsMarkedAsMeasured() throws Exception {
    answering(
        V3.replace("\"isEstimated\":true", "\"isEstimated\":false")
            .replace("\"TIME_SLICER_AVERAGE\"", "null"));
    assertThat(source().current().provenance()).isEqualTo(new Provenance.Measured());
  }

  @Test
  void aNumberThatDoesNotSayHowItCameAboutCountsAsEstimated() throws Exception {
    answering(
        """
        {"zone":"US-MIDW-MISO","carbonIntensity":466.5,"datetime":"2024-09-24T03:00:00.000Z"}
        """);
    CarbonIntensity intensity = source().current();
    assertThat(intensity.provenance()).isEqualTo(new Provenance.Estimated("unstated"));
    assertThat(intensity.value()).isEqualTo(new GramsPerKwh(466.5));
    assertThat(intensity.publishedAt()).isEqualTo(intensity.fetchedAt());
  }

  @Test
  void anotherWayToEstimateIsKept() throws Exception {
    answering(V3.replace("TIME_SLICER_AVERAGE", "GENERAL_PURPOSE_ZONE_DEVELOPMENT"));
    assertThat(source().current().provenance())
        .isEqualTo(new Provenance.Estimated("GENERAL_PURPOSE_ZONE_DEVELOPMENT"));
  }

  @ParameterizedTest
  @CsvSource({
    "hourly, 2024-09-24T04:00:00Z",
    "15_minutes, 2024-09-24T03:15:00Z",
    "5_minutes, 2024-09-24T03:05:00Z"
  })
  void theNumberHoldsForItsGranularity(String granularity, Instant end) throws Exception {
    answering(with("\"temporalGranularity\":\"" + granularity + "\""));
    assertThat(source().current().validTo()).isEqualTo(end);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          401 | ''                                                  | BAD_KEY
          401 | {"message":"Invalid auth-token hush-hush-42"}       | BAD_KEY
          401 | Token unauthorized for zoneKey=DE                   | NOT_ENTITLED
          403 | {"error":"Token unauthorized for zoneKey \\"DE\\""} | NOT_ENTITLED
          403 | {"error":"forbidden"}                               | NOT_ENTITLED
          403 | <html>hush-hush-42 is blocked</html>                | PROVIDER_DOWN
          403 | {"error":"Endpoint not available"}                  | ENDPOINT_NOT_IN_PLAN
          404 | Endpoint not available, hush-hush-42                | ENDPOINT_NOT_IN_PLAN
          404 | {"error":"No recent data for zone \\"US-MIDW-MISO\\""} | NO_DATA
          404 | {"error":"Zone 'US-MIDW-MISO' does not exist."}     | UNKNOWN_REGION
          404 | {"message":"no Route matched with those values"}    | PROVIDER_DOWN
          404 | ''                                                  | PROVIDER_DOWN
          400 | {"error":"Missing argument: \\"lat\\""}             | MALFORMED
          400 | {"error":"Zone does not exist"}                     | UNKNOWN_REGION
          429 | {"error":"slow down, hush-hush-42"}                 | THROTTLED
          500 | {"error":"hush-hush-42"}                            | PROVIDER_DOWN
          503 | Service Unavailable                                 | PROVIDER_DOWN
          """)
  void aRefusalIsNamedByWhatToDoAboutIt(int status, String body, FailureReason reason) {
    answering("/v4", aResponse().withStatus(status).withBody(body));
    CarbonUnavailable refused = refused();
    assertThat(refused.reason()).isEqualTo(reason);
    assertThat(refused)
        .hasMessageStartingWith("electricity-maps US-MIDW-MISO: ")
        .hasMessageContaining("(" + status + ")");
    assertThat(refused.toString()).doesNotContain(TOKEN).doesNotContain("\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"status\":\"no-data\"}",
        "{\"status\":\"no-data\",\"zone\":\"US-MIDW-MISO\",\"carbonIntensity\":null}",
        "{\"error\":\"No recent data for zone\"}",
        "{\"error\":\"stale\",\"carbonIntensity\":466,\"datetime\":\"2024-09-24T03:00:00.000Z\"}",
        "{\"zone\":\"US-MIDW-MISO\",\"datetime\":\"2024-09-24T03:00:00.000Z\"}",
        "{\"_disclaimer\":\"x\",\"status\":\"ok\",\"countryCode\":\"DE\",\"data\":{"
            + "\"datetime\":\"2026-06-05T22:00:00.000Z\",\"carbonIntensity\":386}}",
        "{}"
      })
  void anAnswerWithoutANumberIsNoData(String body) {
    answering(body);
    assertThat(refused().reason()).isEqualTo(FailureReason.NO_DATA);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<html>Welcome</html>",
        "{\"zone\":\"US-MIDW-MISO\",\"carbonIntensity\":\"466\"}",
        "{\"zone\":\"US-MIDW-MISO\",\"carbonIntensity\":466}",
        "{\"carbonIntensity\":466,\"datetime\":\"yesterday\"}",
        "{\"carbonIntensity\":466,\"datetime\":\"2024-09-24T03:00:00\"}",
        "{\"carbonIntensity\":466,\"datetime\":\"2024-09-24T03:00:00Z\","
            + "\"temporalGranularity\":\"fortnightly\"}",
        "{\"carbonIntensity\":NaN,\"datetime\":\"2024-09-24T03:00:00Z\"}",
        "{\"carbonIntensity\":466,"
      })
  void anAnswerThatCannotBeUnderstoodIsMalformed(String body) {
    answering(body);
    assertThat(refused().reason()).isEqualTo(FailureReason.MALFORMED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-12", "3000", "1e9", "1e999"})
  void aNumberThatCannotBeTrueIsImplausible(String number) {
    answering(V3.replace("466", number));
    assertThat(refused().reason()).isEqualTo(FailureReason.IMPLAUSIBLE);
  }

  @Test
  void aSandboxIsNotTakenForTheGrid() {
    answering(V3.replace("TIME_SLICER_AVERAGE", "SANDBOX_MODE_DATA"));
    CarbonUnavailable refused = refused();
    assertThat(refused.reason()).isEqualTo(FailureReason.IMPLAUSIBLE);
    assertThat(refused).hasMessageContaining("sandbox");
  }

  @Test
  void aNumberOfAnotherZoneOrKindIsRefused() {
    answering(V3.replace("\"zone\":\"US-MIDW-MISO\"", "\"zone\":\"DE\""));
    assertThat(refused())
        .hasMessage("electricity-maps US-MIDW-MISO: asked for zone US-MIDW-MISO, got DE");
    answering(V3.replace("lifecycle", "direct"));
    assertThat(refused())
        .hasMessage(
            "electricity-maps US-MIDW-MISO: asked for emissionFactorType lifecycle, got direct");
  }

  @Test
  void aHostileFieldCannotBreakTheLineOrTellTheToken() {
    answering(V3.replace("US-MIDW-MISO", "DE\\nERROR " + TOKEN + "x".repeat(9000)));
    assertThat(refused().getMessage())
        .contains("got DE ERROR ***xxx")
        .doesNotContain("\n")
        .hasSizeLessThan(500);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0001-01-01T00:00:00Z",
        "1969-12-31T23:00:00Z",
        "1980-01-01T00:00:00Z",
        "2199-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "+292278994-08-17T07:12:55Z",
        "+1000000000-12-31T23:59:59.999999999Z",
        "-1000000000-01-01T00:00:00Z"
      })
  void noDateIsMoreThanNoNumber(String date) throws Exception {
    answering(V3.replace("2024-09-24T03:00:00.000Z", date));
    assertThat(refused().reason()).isIn(FailureReason.NO_DATA, FailureReason.MALFORMED);
    answering(V3.replace("2024-09-24T02:47:02.408Z", date));
    assertThat(source().current().value()).isEqualTo(new GramsPerKwh(466));
  }

  @Test
  void whatIsUnreadableBesideTheNumberDoesNotCostIt() throws Exception {
    for (String field :
        new String[] {"zone", "updatedAt", "createdAt", "emissionFactorType", "isEstimated"}) {
      answering(V3.replaceFirst("(\"" + field + "\"):(\"[^\"]*\"|true)", "$1:[7]"));
      assertThat(source().current().value()).as(field).isEqualTo(new GramsPerKwh(466));
    }
  }

  @Test
  void theComingHourIsTakenButNoFurtherFuture() throws Exception {
    answering(V3.replace("03:00:00.000Z", "04:00:00.000Z"));
    assertThat(source().current().validFrom()).isEqualTo(Instant.parse("2024-09-24T04:00:00Z"));
    answering(V3.replace("03:00:00.000Z", "05:00:00.000Z"));
    CarbonUnavailable refused = refused();
    assertThat(refused.reason()).isEqualTo(FailureReason.NO_DATA);
    assertThat(refused).hasMessageContaining("but here it is");
  }

  @Test
  void theTokenIsNeitherPrintedNorTakenWithALineBreak() {
    URI url = ElectricityMaps.DEFAULT_URL;
    assertThat(new ZoneOptions(url, TOKEN, MISO, EmissionScope.DIRECT, 24).toString())
        .isEqualTo("electricity-maps US-MIDW-MISO (direct) at https://api.electricitymaps.com/v4");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ZoneOptions(url, TOKEN + "\n", MISO, EmissionScope.DIRECT, 24))
        .withMessage(
            "electricity-maps token: character 13 is a line break, which is not allowed there");
  }

  @Test
  void anUnstatedScopeIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            new ZoneOptions(ElectricityMaps.DEFAULT_URL, TOKEN, MISO, EmissionScope.UNSTATED, 24))
        .withMessage("electricity-maps scope: must be lifecycle or direct");
  }

  private static String with(String more) {
    return V3.replace("\"isEstimated\"", more + ",\"isEstimated\"");
  }

  private static void answering(String body) {
    answering("/v4", okJson(body));
  }

  private static void answering(String version, ResponseDefinitionBuilder response) {
    SERVER.stubFor(get(urlPathEqualTo(version + "/carbon-intensity/latest")).willReturn(response));
  }

  private static ElectricityMaps source() {
    return source("/v4", EmissionScope.LIFECYCLE);
  }

  private static ElectricityMaps source(String version, EmissionScope scope) {
    URI url = URI.create("http://localhost:" + SERVER.getPort() + version);
    return new ElectricityMaps(
        new ZoneOptions(url, TOKEN, MISO, scope, 24), TestHttp.over(TRANSPORT, CLOCK), CLOCK);
  }

  private static CarbonUnavailable refused() {
    return catchThrowableOfType(CarbonUnavailable.class, () -> source().current());
  }
}
