package chase.carbon.neso;

import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.GramsPerKwh;
import chase.carbon.Provenance;
import chase.carbon.ProviderCheck;
import chase.carbon.Region;
import chase.carbon.SignalKind;
import chase.carbon.fixtures.TestClock;
import chase.carbon.fixtures.TestProviderServer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NesoTest {
  @RegisterExtension static final TestProviderServer SERVER = new TestProviderServer();

  private final TestClock clock = new TestClock("2026-09-02T16:10:00Z");

  @Test
  void theRunningHalfHourIsReadWithEverythingItSays() throws Exception {
    SERVER.returnsJson("/intensity", now(101, "134"));
    assertThat(neso("GB").current())
        .isEqualTo(
            new CarbonIntensity(
                new GramsPerKwh(134),
                new SignalKind(SignalKind.Margin.AVERAGE, SignalKind.EmissionScope.DIRECT),
                new Provenance.Measured(),
                "neso",
                new Region("GB"),
                Instant.parse("2026-09-02T16:00:00Z"),
                Instant.parse("2026-09-02T16:30:00Z"),
                clock.instant(),
                clock.instant(),
                Optional.empty()));
  }

  @Test
  void withoutAMeasurementTheForecastForNowIsCalledOne() throws Exception {
    SERVER.returnsJson("/intensity", now(101, "null"));
    CarbonIntensity current = neso("GB").current();
    assertThat(current.value()).isEqualTo(new GramsPerKwh(101));
    assertThat(current.provenance()).isEqualTo(new Provenance.ForecastByProvider(Duration.ZERO));
  }

  @Test
  void aHalfHourThatJustEndedWillDoAndAnOlderOneWillNot() throws Exception {
    SERVER.returnsJson("/intensity", now(101, "134"));
    clock.pass(Duration.ofMinutes(45));
    assertThat(neso("GB").current().age(clock.instant())).isEqualTo(Duration.ofMinutes(25));
    clock.pass(Duration.ofMinutes(6));
    CarbonUnavailable refused = refused("GB");
    assertThat(refused.reason()).isIn(FailureReason.NO_DATA, FailureReason.CLOCK_SKEW);
    assertThat(refused).hasMessageContaining("they end at 2026-09-02T16:30:00Z");
  }

  @ParameterizedTest
  @CsvSource({
    "RG10, postcode/RG10",
    "sw1a, postcode/SW1A",
    "13, regionid/13",
    "London, regionid/13",
    "north west england, regionid/3"
  })
  void aRegionIsRequestedByPostcodeNumberOrName(String region, String path) throws Exception {
    SERVER.returnsJson("/regional/" + path, regional());
    clock.pass(Duration.between(clock.instant(), Instant.parse("2018-01-20T12:10:00Z")));
    CarbonIntensity current = neso(region).current();
    assertThat(current.value()).isEqualTo(new GramsPerKwh(266));
    assertThat(current.provenance()).isEqualTo(new Provenance.ForecastByProvider(Duration.ZERO));
    assertThat(current.region()).isEqualTo(new Region(region));
  }

  @Test
  void theForecastBeginsNowAndIsRequestedByTheMinute() throws Exception {
    SERVER.returnsJson(
        "/intensity/.*/fw48h",
        data(
            period("2026-09-02T15:30Z", "2026-09-02T16:00Z", "90", "91"),
            period("2026-09-02T16:00Z", "2026-09-02T16:30Z", "101", "null"),
            period("2026-09-02T16:00Z", "2026-09-02T16:30Z", "102", "null"),
            period("2026-09-02T16:30Z", "2026-09-02T17:00Z", "null", "null"),
            period("2026-09-02T17:00Z", "2026-09-02T17:30Z", "120", "null")));
    List<CarbonIntensity> ahead = neso("GB").forecast();
    assertThat(ahead)
        .extracting(CarbonIntensity::value)
        .containsExactly(new GramsPerKwh(102), new GramsPerKwh(120));
    assertThat(ahead.getLast().provenance())
        .isEqualTo(new Provenance.ForecastByProvider(Duration.ofMinutes(50)));
    SERVER.verify(getRequestedFor(urlEqualTo("/intensity/2026-09-02T16:10Z/fw48h")));
  }

  @Test
  void aRegionsForecastComesInsideTheRegion() throws Exception {
    SERVER.returnsJson(
        "/regional/intensity/.*/fw48h/regionid/1",
        "{\"data\":{\"regionid\":1,\"shortname\":\"North Scotland\",\"data\":["
            + period("2026-09-02T16:00Z", "2026-09-02T16:30Z", "0", "null")
            + "]}}");
    assertThat(neso("1").forecast())
        .extracting(CarbonIntensity::value)
        .containsExactly(new GramsPerKwh(0));
  }

  @Test
  void theNationsPastIsMeasuredAndALongOneIsReadInPages() throws Exception {
    SERVER.returnsJson(
        "/intensity/2026-08-10.*",
        data(
            period("2026-08-10T00:00Z", "2026-08-10T00:30Z", "90", "91"),
            period("2026-08-10T00:30Z", "2026-08-10T01:00Z", "90", "null")));
    SERVER.returnsJson(
        "/intensity/2026-08-23.*",
        data(period("2026-08-23T00:00Z", "2026-08-23T00:30Z", "80", "81")));
    List<CarbonIntensity> past =
        neso("GB")
            .history(Instant.parse("2026-08-10T00:00:00Z"), Instant.parse("2026-08-25T00:00:00Z"));
    assertThat(past)
        .extracting(CarbonIntensity::value)
        .containsExactly(new GramsPerKwh(91), new GramsPerKwh(81));
    SERVER.verify(getRequestedFor(urlEqualTo("/intensity/2026-08-10T00:00Z/2026-08-23T00:00Z")));
    SERVER.verify(getRequestedFor(urlEqualTo("/intensity/2026-08-23T00:00Z/2026-08-25T00:00Z")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          200 | {}                                                                       | NO_DATA
          200 | {"data":[]}                                                              | NO_DATA
          200 | {"error":{"code":"500","message":"none"}}                                | NO_DATA
          200 | ``                                                                       | MALFORMED
          200 | <html>maintenance</html>                                                 | MALFORMED
          200 | {"data":"soon"}                                                          | MALFORMED
          200 | {"data":[{"from":"2026-09-02T16:00Z","to":"2026-09-02T16:30Z"}]}         | MALFORMED
          200 | {"data":[{"from":"16:00","to":"16:30","intensity":{"forecast":1}}]}      | MALFORMED
          200 | {"data":[{"from":"2026-09-02T16:00Z","to":"2026-09-02T16:30Z","intensity":{"forecast":-7}}]} | IMPLAUSIBLE
          200 | {"data":[{"from":"2026-09-02T16:30Z","to":"2026-09-02T16:00Z","intensity":{"forecast":9}}]} | MALFORMED
          400 | {"error":{"code":"400 Bad Request","message":"Please enter a valid path"}} | MALFORMED
          400 | {"error":{"code":"400","message":"Please enter a valid postcode"}}       | UNKNOWN_REGION
          403 | Forbidden                                                                | PROVIDER_DOWN
          404 | <html>gone</html>                                                        | PROVIDER_DOWN
          500 | {"error":{"code":"500 Internal Server Error","message":"Requested resource not found."}} | PROVIDER_DOWN
          429 | slow down                                                                | THROTTLED
          """)
  void whatIsNoAnswerIsNamedByWhatToDoAboutIt(int status, String body, FailureReason reason) {
    SERVER.returns(status, body);
    CarbonUnavailable refused = refused("GB");
    assertThat(refused.reason()).isEqualTo(reason);
    assertThat(refused).hasMessageStartingWith("neso GB: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UK", "France", "0", "18", "RG10 9RT", "RG10/../factors", "1 2"})
  void anUnknownRegionIsRefusedBeforeAnyCall(String region) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NesoArea.of(new Region(region)))
        .withMessageStartingWith("neso region: ");
  }

  @Test
  void theCheckNamesWhatTheProviderAllows() throws Exception {
    SERVER.returnsJson("/intensity", now(101, "134"));
    ProviderCheck access = neso("GB").check();
    assertThat(access.message()).startsWith("neso GB: may ask latest, history and forecast");
    SERVER.returns(500, "down");
    assertThat(neso("GB").check().failure()).contains(FailureReason.PROVIDER_DOWN);
  }

  private Neso neso(String region) {
    NesoArea area = NesoArea.of(new Region(region));
    return new Neso(SERVER.url(), area, SERVER.http(clock), clock);
  }

  private CarbonUnavailable refused(String region) {
    return catchThrowableOfType(CarbonUnavailable.class, () -> neso(region).current());
  }

  private static String now(int forecast, String actual) {
    return data(period("2026-09-02T16:00Z", "2026-09-02T16:30Z", "" + forecast, actual));
  }

  private static String data(String... periods) {
    return "{\"data\":[" + String.join(",", periods) + "]}";
  }

  private static String period(String from, String to, String forecast, String actual) {
    return "{\"from\":\"%s\",\"to\":\"%s\",\"intensity\":{\"forecast\":%s,\"actual\":%s,\"index\":\"moderate\"}}"
        .formatted(from, to, forecast, actual);
  }

  private static String regional() {
    return """
    {"data":[{"regionid":3,"dnoregion":"Electricity North West","shortname":"North West England",
      "postcode":"RG10","data":[{"from":"2018-01-20T12:00Z","to":"2018-01-20T12:30Z",
      "intensity":{"forecast":266,"index":"moderate"},
      "generationmix":[{"fuel":"gas","perc":43.6},{"fuel":"coal","perc":0.7}]}]}]}
    """;
  }
}
