package chase.carbon.watttime;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.Coordinates;
import chase.carbon.GramsPerKwh;
import chase.carbon.Provenance;
import chase.carbon.ProviderCheck;
import chase.carbon.ProviderCheck.Ability;
import chase.carbon.Region;
import chase.carbon.fixtures.TestClock;
import chase.carbon.fixtures.TestProviderServer;
import chase.carbon.watttime.WattTime.AccountOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an account's plan gives besides the number for now. */
class WattTimePlanTest {
  @RegisterExtension static final TestProviderServer SERVER = new TestProviderServer();

  private static final Region CAISO = new Region("CAISO_NORTH");
  private static final Coordinates NEWARK = new Coordinates(40.7357, -74.1724);

  private final TestClock clock = new TestClock("2022-07-15T00:02:00Z");

  @BeforeEach
  void logInWorks() {
    SERVER.returnsJson("/login", "{\"token\":\"first.jwt\"}");
  }

  @Test
  void theForecastReachesFromNowAsFarAsRequested() throws Exception {
    SERVER.returnsJson(
        "/v3/forecast",
        body(
            "{\"point_time\":\"2022-07-14T23:55:00+00:00\",\"value\":900}",
            "{\"point_time\":\"2022-07-15T00:00:00+00:00\",\"value\":1000}",
            "{\"point_time\":\"2022-07-15T00:05:00Z\",\"value\":null}",
            "{\"point_time\":\"2022-07-15T00:10:00+00:00\",\"value\":0}"));
    List<CarbonIntensity> ahead = wattTime().forecast();
    assertThat(ahead)
        .extracting(CarbonIntensity::value)
        .containsExactly(new GramsPerKwh(453.59237), new GramsPerKwh(0));
    assertThat(ahead)
        .extracting(CarbonIntensity::provenance)
        .containsExactly(
            new Provenance.ForecastByProvider(Duration.ZERO),
            new Provenance.ForecastByProvider(Duration.ofMinutes(10)));
    SERVER.verify(
        getRequestedFor(urlPathEqualTo("/v3/forecast"))
            .withHeader("Authorization", equalTo("Bearer first.jwt"))
            .withQueryParam("horizon_hours", equalTo("24")));
  }

  @Test
  void thePastIsReadInPagesAndMarksImputedPoints() throws Exception {
    SERVER.returnsJson(
        "/v3/historical",
        """
        {"data":[{"point_time":"2022-06-01T00:00:00Z","value":870,"imputed_data_used":true,
                  "last_updated":"2023-10-01T00:00:00Z"},
                 {"point_time":"2022-06-01T00:05:00Z","value":871}],
         "meta":{"data_point_period_seconds":300,"region":"CAISO_NORTH","signal_type":"co2_moer",
                 "model":{"date":"2023-03-01","type":"binned_regression"},
                 "units":"lbs_co2_per_mwh"}}
        """);
    List<CarbonIntensity> past =
        wattTime()
            .history(Instant.parse("2022-06-01T00:00:00Z"), Instant.parse("2022-07-10T00:00:00Z"));
    assertThat(past)
        .extracting(CarbonIntensity::provenance)
        .containsExactly(
            new Provenance.Estimated("imputed"), new Provenance.Estimated("binned_regression"));
    assertThat(past.getFirst().modelDate()).contains(LocalDate.parse("2023-03-01"));
    verifyPiece("2022-06-01T00:00:00Z", "2022-06-30T23:55:00Z");
    verifyPiece("2022-07-01T00:00:00Z", "2022-07-09T23:55:00Z");
  }

  @Test
  void anAccountThatMayDoEverythingSaysSo() throws Exception {
    SERVER.returnsJson("/v3/forecast", running());
    SERVER.returnsJson("/v3/my-access", access("CAISO_NORTH", "v3/forecast", "v3/historical"));
    ProviderCheck access = wattTime().check();
    assertThat(access.abilities()).containsExactlyInAnyOrder(Ability.values());
    assertThat(access.message())
        .startsWith("watttime CAISO_NORTH: may ask latest, history and forecast");
  }

  @Test
  void anAccountForAnotherRegionNamesIt() throws Exception {
    SERVER.stubFor(
        get(urlPathEqualTo("/v3/forecast"))
            .willReturn(
                aResponse()
                    .withStatus(403)
                    .withBody(
                        "Invalid scope. You do not have sufficient access to this resource.")));
    SERVER.returnsJson("/v3/my-access", access("PJM_NJ", "v3/forecast"));
    ProviderCheck access = wattTime().check();
    assertThat(access.failure()).contains(FailureReason.NOT_ENTITLED);
    assertThat(access.regions()).containsExactly(new Region("PJM_NJ"));
    assertThat(access.message()).contains("the account does not cover this region (403)");
  }

  @Test
  void aWrongPasswordIsDistinguished() throws Exception {
    SERVER.stubFor(get(urlPathEqualTo("/login")).willReturn(aResponse().withStatus(401)));
    assertThat(wattTime().check().failure()).contains(FailureReason.BAD_KEY);
  }

  @Test
  void coordinatesThatLieElsewhereAreRemarked() throws Exception {
    SERVER.returnsJson("/v3/forecast", running());
    SERVER.returnsJson("/v3/my-access", access("CAISO_NORTH", "v3/forecast"));
    SERVER.returnsJson(
        "/v3/region-from-loc",
        "{\"region\":\"PJM_NJ\",\"region_full_name\":\"PJM New"
            + " Jersey\",\"signal_type\":\"co2_moer\"}");
    assertThat(wattTime(Optional.of(NEWARK)).check().message())
        .endsWith("; 40.7357, -74.1724 lies in PJM_NJ");
    SERVER.verify(
        getRequestedFor(urlPathEqualTo("/v3/region-from-loc"))
            .withQueryParam("latitude", equalTo("40.7357"))
            .withQueryParam("longitude", equalTo("-74.1724"))
            .withQueryParam("signal_type", equalTo("co2_moer")));
  }

  @Test
  void aPlaceOnNoMapHasNoRegion() {
    SERVER.stubFor(
        get(urlPathEqualTo("/v3/region-from-loc"))
            .willReturn(
                aResponse().withStatus(404).withBody("{\"error\":\"no region at coordinates\"}")));
    CarbonUnavailable refused =
        catchThrowableOfType(CarbonUnavailable.class, () -> wattTime().regionAt(NEWARK));
    assertThat(refused.reason()).isEqualTo(FailureReason.UNKNOWN_REGION);
  }

  @ParameterizedTest
  @CsvSource({
    "91, 0, latitude must be from -90 to 90 degrees: 91.0",
    "-90.1, 0, latitude must be from -90 to 90 degrees: -90.1",
    "0, 181, longitude must be from -180 to 180 degrees: 181.0",
    "NaN, 0, latitude must be from -90 to 90 degrees: NaN"
  })
  void coordinatesOutOfRangeAreRefused(double latitude, double longitude, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Coordinates(latitude, longitude))
        .withMessage(message);
  }

  @Test
  void loginsAreHeldBackLongBeforeWattTimeHoldsThemBack() {
    SERVER.stubFor(get(urlPathEqualTo("/login")).willReturn(aResponse().withStatus(401)));
    WattTime wattTime = wattTime();
    for (int attempt = 0; attempt < 30; attempt++) {
      assertThatThrownBy(wattTime::current).isInstanceOf(CarbonUnavailable.class);
    }
    CarbonUnavailable heldBack = catchThrowableOfType(CarbonUnavailable.class, wattTime::current);
    assertThat(heldBack.reason()).isEqualTo(FailureReason.HELD_BACK);
    assertThat(heldBack.retryAfter()).isPresent();
    assertThat(SERVER.findAll(getRequestedFor(urlPathEqualTo("/login")))).hasSize(5);
  }

  @ParameterizedTest
  @CsvSource({"0", "-1", "73"})
  void aHorizonThatTheApiDoesNotKnowIsRefused(int hours) {
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            new AccountOptions(WattTime.DEFAULT_URL, "me", "hush", CAISO, hours, Optional.empty()))
        .withMessage("watttime horizon-hours: must be from 1 to 72, is " + hours);
  }

  private WattTime wattTime() {
    return wattTime(Optional.empty());
  }

  private WattTime wattTime(Optional<Coordinates> place) {
    AccountOptions options = new AccountOptions(SERVER.url(), "me", "hush", CAISO, 24, place);
    return new WattTime(options, SERVER.http(clock), clock);
  }

  private static void verifyPiece(String start, String end) {
    SERVER.verify(
        getRequestedFor(urlPathEqualTo("/v3/historical"))
            .withQueryParam("start", equalTo(start))
            .withQueryParam("end", equalTo(end))
            .withQueryParam("include_imputed_marker", equalTo("true")));
  }

  private static String running() {
    return body("{\"point_time\":\"2022-07-15T00:00:00+00:00\",\"value\":1000}");
  }

  private static String body(String... points) {
    return "{\"data\":["
        + String.join(",", points)
        + "],\"meta\":{\"data_point_period_seconds\":300,\"region\":\"CAISO_NORTH\",\"warnings\":[],"
        + "\"signal_type\":\"co2_moer\",\"model\":{\"date\":\"2023-03-01\"},"
        + "\"units\":\"lbs_co2_per_mwh\",\"generated_at\":\"2022-07-15T00:00:00+00:00\"}}";
  }

  private static String access(String region, String... endpoints) {
    String list =
        String.join(
            ",", List.of(endpoints).stream().map(e -> "{\"endpoint\":\"" + e + "\"}").toList());
    return "{\"signal_types\":[{\"signal_type\":\"health_damage\",\"regions\":[]},"
        + "{\"signal_type\":\"co2_moer\",\"regions\":[{\"region\":\""
        + region
        + "\",\"region_full_name\":\"A region\",\"endpoints\":["
        + list
        + "]}]}]}";
  }
}
