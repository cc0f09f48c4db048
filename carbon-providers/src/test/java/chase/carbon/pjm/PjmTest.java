package chase.carbon.pjm;

import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.Provenance;
import chase.carbon.Region;
import chase.carbon.SignalKind;
import chase.carbon.SignalKind.EmissionScope;
import chase.carbon.SignalKind.Margin;
import chase.carbon.fixtures.TestClock;
import chase.carbon.fixtures.TestProviderServer;
import chase.carbon.http.CallLimiter.CallRules;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PjmTest {
  @RegisterExtension static final TestProviderServer SERVER = new TestProviderServer();

  private static final String MARGINAL = "/fivemin_marginal_emissions";
  private static final String MIX = "/gen_by_fuel";

  /** 10:07 in Philadelphia, in winter. */
  private final TestClock clock = new TestClock("2026-11-30T15:07:00Z");

  @Test
  void theMarginalRateComesInPoundsAndIsAKindOfItsOwn() throws Exception {
    SERVER.returnsJson(
        MARGINAL,
        items(rate("2026-11-30T15:00:00", 1, "1000"), rate("2026-11-30T14:55:00", 1, "9")));
    CarbonIntensity current = pjm("PJM", Margin.MARGINAL).current();
    assertThat(current.value().value()).isEqualTo(453.59237);
    assertThat(current.kind()).isEqualTo(new SignalKind(Margin.MARGINAL, EmissionScope.DIRECT));
    assertThat(current.validFrom()).isEqualTo(Instant.parse("2026-11-30T15:00:00Z"));
    assertThat(current.period()).isEqualTo(Duration.ofMinutes(5));
    assertThat(current.provenance())
        .isEqualTo(new Provenance.Estimated("the operator's marginal rate"));
  }

  @Test
  void theKeyGoesIntoTheHeaderAndTheNodeIntoTheQuery() throws Exception {
    SERVER.returnsJson(MARGINAL, items(rate("2026-11-30T15:00:00", 34_964_545, "0")));
    assertThat(pjm("DOM", Margin.MARGINAL).current().value().value()).isZero();
    SERVER.verify(
        getRequestedFor(urlPathEqualTo(MARGINAL))
            .withHeader("Ocp-Apim-Subscription-Key", equalTo("my-own-key"))
            .withQueryParam("pnode_id", equalTo("34964545"))
            .withQueryParam("startRow", equalTo("1"))
            .withQueryParam(
                "datetime_beginning_ept", equalTo("2026-11-27 10:06to2026-11-30 10:37")));
  }

  @Test
  void theAverageIsCalculatedFromTheGenerationOfAnHour() throws Exception {
    SERVER.returnsJson(
        MIX,
        items(
            fuel("2026-11-30T14:00:00", "Coal", "100"),
            fuel("2026-11-30T14:00:00", "Wind", "\"300\""),
            fuel("2026-11-30T14:00:00", "Storage", "-50"),
            fuel("11/30/2026 1:00:00 PM", "Coal", "300"),
            fuel("11/30/2026 1:00:00 PM", "Storage", "50"),
            fuel("11/30/2026 1:00:00 PM", "Wind", "100")));
    Pjm client = pjm("PJM", Margin.AVERAGE);
    assertThat(client.history(Instant.EPOCH, clock.instant()))
        .extracting(one -> one.validFrom() + " " + one.value().value())
        .containsExactly("2026-11-30T13:00:00Z 570.0", "2026-11-30T14:00:00Z 190.0");
    CarbonIntensity current = client.current();
    assertThat(current.kind()).isEqualTo(new SignalKind(Margin.AVERAGE, EmissionScope.DIRECT));
    assertThat(current.period()).isEqualTo(Duration.ofHours(1));
    assertThat(current.provenance())
        .isEqualTo(new Provenance.Estimated("own calculation from the operator's mix"));
    SERVER.verify(1, getRequestedFor(urlPathMatching(".*")));
  }

  @Test
  void theStartTakesOneCallAndLaterOnesReachAsFarAsWhatWasMissed() throws Exception {
    SERVER.returnsJson(MARGINAL, items(rate("2026-11-30T15:00:00", 1, "1000")));
    Pjm client = pjm("PJM", Margin.MARGINAL);
    assertThat(client.check().usable()).isTrue();
    assertThat(client.history(Instant.EPOCH, clock.instant())).hasSize(1);
    assertThat(client.current().validFrom()).isEqualTo(Instant.parse("2026-11-30T15:00:00Z"));
    SERVER.verify(1, getRequestedFor(urlPathMatching(".*")));
    clock.pass(Duration.ofMinutes(3));
    client.current();
    SERVER.verify(
        getRequestedFor(urlPathMatching(".*"))
            .withQueryParam(
                "datetime_beginning_ept", equalTo("2026-11-30 07:40to2026-11-30 10:40")));
  }

  @Test
  void aClockThatIsSetBackDoesNotStopTheCalls() throws Exception {
    SERVER.returnsJson(
        MARGINAL,
        items(rate("2026-11-30T14:00:00", 1, "900"), rate("2026-11-30T15:00:00", 1, "1000")));
    Pjm client = pjm("PJM", Margin.MARGINAL);
    client.current();
    clock.pass(Duration.ofHours(-1));
    assertThat(client.current().validFrom()).isEqualTo(Instant.parse("2026-11-30T14:00:00Z"));
    SERVER.verify(2, getRequestedFor(urlPathMatching(".*")));
  }

  @Test
  void thatItsDataAreNotToBePassedOnIsSaid() throws Exception {
    SERVER.returnsJson(MARGINAL, items(rate("2026-11-30T15:00:00", 1, "1000")));
    Pjm client = pjm("PJM", Margin.MARGINAL);
    assertThat(client.notice().orElseThrow())
        .contains("not to be passed on")
        .contains("metrics.outlook");
    assertThat(client.check().message()).endsWith("; " + client.notice().orElseThrow());
  }

  @Test
  void sixCallsAMinuteAreTheMostWhateverIsConfigured() {
    CallRules rules = Pjm.callRules(36_000);
    assertThat(rules.spacing().afterAnswer()).isEqualTo(Duration.ofSeconds(10));
    assertThat(rules.spacing().afterFailure()).isEqualTo(Duration.ofSeconds(10));
    assertThat(rules.retries()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          401 | { "statusCode": 401, "message": "Access denied due to invalid subscription key my-own-key." } | BAD_KEY | the key is wrong or has no subscription (401): Access denied due to invalid subscription key ***.
          403 | {"message":"Forbidden"} | BAD_KEY | the key may not be used (403): Forbidden
          403 | <html>blocked</html>    | PROVIDER_DOWN | the API was not reached
          404 | { "statusCode": 404, "message": "Resource not found" } | ENDPOINT_NOT_IN_PLAN | no such feed
          400 | {"errors":[{"field":"datetime_beginning_ept"}]} | MALFORMED | the request was refused (400)
          429 | { "statusCode": 429, "message": "Rate limit is exceeded. Try again in 3 seconds." } | THROTTLED | Rate limit is exceeded
          200 | {"items":[]}            | NO_DATA   | no number for
          200 | {"rows":[]}             | MALFORMED | lacks items
          200 | {"items":[{"datetime_beginning_utc":"2026-11-30T15:00:00","pnode_id":3,"marginal_co2_rate":9}]} | IMPLAUSIBLE | asked for node 1, got 3
          200 | {"items":[{"datetime_beginning_utc":"2026-11-30T15:00:00","pnode_id":1,"marginal_co2_rate":null}]} | NO_DATA | no rate for 2026-11-30T15:00:00Z
          200 | {"items":[{"datetime_beginning_utc":"2026-11-30T15:00:00","pnode_id":1,"marginal_co2_rate":-5}]} | IMPLAUSIBLE | cannot be true
          200 | {"items":[{"datetime_beginning_utc":"2026-11-30T15:00:00","pnode_id":1,"marginal_co2_rate":1e999}]} | IMPLAUSIBLE | cannot be true
          200 | {"items":[{"datetime_beginning_utc":"noon/x","pnode_id":1,"marginal_co2_rate":5}]} | MALFORMED | noon/x is not a time
          200 | <html>login</html>      | MALFORMED | with a web page instead of JSON
          """)
  void whatIsNoRateIsNamedByWhatToDoAboutIt(
      int status, String body, FailureReason reason, String message) {
    SERVER.returns(status, body);
    CarbonUnavailable refused =
        catchThrowableOfType(CarbonUnavailable.class, () -> pjm("PJM", Margin.MARGINAL).current());
    assertThat(refused).hasMessageStartingWith("pjm PJM: ").hasMessageContaining(message);
    assertThat(refused.reason()).isEqualTo(reason);
    assertThat(refused.getMessage()).doesNotContain("my-own-key");
  }

  @Test
  void aZoneHasAMarginalRateAndNoAverage() {
    assertThat(Pjm.REGIONS).anyMatch(one -> one.place().startsWith("Virginia"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pjm("DOM", Margin.AVERAGE))
        .withMessage("pjm region: the average is known of PJM as a whole only, not of DOM");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pjm("Virginia", Margin.MARGINAL))
        .withMessage("pjm region: must be PJM or one of its zones, is Virginia");
  }

  @Test
  void theKeyIsNotShown() {
    assertThat(options("PJM", Margin.MARGINAL).toString()).doesNotContain("my-own-key");
  }

  private Pjm pjm(String region, Margin margin) {
    return new Pjm(options(region, margin), SERVER.http(clock), clock);
  }

  private static Pjm.AreaOptions options(String region, Margin margin) {
    return new Pjm.AreaOptions(
        SERVER.url(), "my-own-key", new Region(region), margin, EmissionScope.DIRECT);
  }

  private static String items(String... items) {
    return "{\"links\":[],\"items\":[" + String.join(",", List.of(items)) + "],\"totalRows\":9}";
  }

  private static String rate(String time, long node, String pounds) {
    return """
    {"datetime_beginning_utc":"%s","datetime_beginning_ept":"x","pnode_id":%s,
     "pnode_name":"PJM-RTO","marginal_co2_rate":%s,"marginal_so2_rate":0.01}\
    """
        .formatted(time, node, pounds);
  }

  private static String fuel(String time, String fuel, String megawatts) {
    return """
    {"datetime_beginning_utc":"%s","datetime_beginning_ept":"x","fuel_type":"%s","mw":%s,
     "fuel_percentage_of_total":0.1,"is_renewable":false}\
    """
        .formatted(time, fuel, megawatts);
  }
}
