package chase.carbon.watttime;

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

import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.Region;
import chase.carbon.fixtures.TestClock;
import chase.carbon.fixtures.TestHttp;
import chase.carbon.http.HttpTransport;
import chase.carbon.http.ProviderHttp;
import chase.carbon.watttime.WattTime.AccountOptions;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WattTimeLoginTest {
  @RegisterExtension
  static final WireMockExtension SERVER =
      WireMockExtension.newInstance().options(wireMockConfig().dynamicPort()).build();

  private static final Region CAISO = new Region("CAISO_NORTH");
  private static final String NOT_IN_PLAN =
      "Invalid scope. You do not have sufficient access to this resource. "
          + "Please note that all users are allowed free access to CAISO_NORTH.";
  private static final String CLOUDFRONT =
      """
      <!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">
      <HTML><HEAD><TITLE>ERROR: The request could not be satisfied</TITLE></HEAD></HTML>
      """;

  private final TestClock clock = new TestClock("2022-07-15T00:02:00Z");
  private final HttpTransport transport = new HttpTransport(HttpTransport.HttpTimeouts.DEFAULT);
  private final ProviderHttp http = TestHttp.over(transport, clock);
  private final WattTime source =
      new WattTime(
          options(URI.create("http://localhost:" + SERVER.getPort()), "me", "hush"), http, clock);

  @AfterEach
  void close() {
    transport.close();
  }

  @Test
  void oneLoginServesForTwentyFiveMinutes() throws Exception {
    logInGivesOneTokenAfterAnother();
    forecastIsOpenTo("jwt-1");
    source.current();
    clock.pass(Duration.ofMinutes(24));
    forecastIsOpenTo("jwt-1");
    source.current();
    assertThat(logins()).isEqualTo(1);
    clock.pass(Duration.ofMinutes(1));
    forecastIsOpenTo("jwt-2");
    source.current();
    assertThat(logins()).isEqualTo(2);
    assertThat(forecastsAsked("jwt-1")).isEqualTo(2);
    assertThat(forecastsAsked("jwt-2")).isEqualTo(1);
  }

  @Test
  void aClockThatWentBackMakesTheTokenOld() throws Exception {
    logInGivesOneTokenAfterAnother();
    forecastIsOpenTo("jwt-1");
    source.current();
    clock.pass(Duration.ofMinutes(-2));
    forecastIsOpenTo("jwt-2");
    source.current();
    assertThat(logins()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void aRevokedTokenIsReplacedWithoutTheCallerNoticing(int status) throws Exception {
    logInGivesOneTokenAfterAnother();
    forecastRefuses(aResponse().withStatus(status).withBody("{\"error\":\"expired\"}"));
    forecastIsOpenTo("jwt-2");
    assertThat(source.current().region()).isEqualTo(CAISO);
    assertThat(logins()).isEqualTo(2);
  }

  @Test
  void aTokenMayBeRevokedAgainAfterItWorked() throws Exception {
    logInGivesOneTokenAfterAnother();
    forecastRefuses(aResponse().withStatus(401));
    forecastIsOpenTo("jwt-2");
    source.current();
    SERVER.resetMappings();
    logInGivesOneTokenAfterAnother();
    forecastRefuses(aResponse().withStatus(401));
    forecastIsOpenTo("jwt-3");
    source.current();
    assertThat(logins()).isEqualTo(3);
  }

  @Test
  void aPlanThatDoesNotCoverTheRegionIsReportedWithoutLoginAfterLogin() {
    logInGivesOneTokenAfterAnother();
    forecastRefuses(aResponse().withStatus(403).withBody(NOT_IN_PLAN));
    for (int poll = 0; poll < 4; poll++) {
      CarbonUnavailable refused = refused();
      assertThat(refused.reason()).isEqualTo(FailureReason.NOT_ENTITLED);
      assertThat(refused)
          .hasMessage(
              "watttime CAISO_NORTH: the account does not cover this region (403): " + NOT_IN_PLAN);
      clock.pass(Duration.ofMinutes(5));
    }
    assertThat(logins()).isEqualTo(2);
    clock.pass(Duration.ofMinutes(5));
    assertThat(refused().reason()).isEqualTo(FailureReason.NOT_ENTITLED);
    assertThat(logins()).isEqualTo(4);
  }

  @Test
  void aPageOfTheContentNetworkIsNotAboutThePlan() {
    logInGivesOneTokenAfterAnother();
    forecastRefuses(
        aResponse()
            .withStatus(403)
            .withHeader("Server", "CloudFront")
            .withHeader("X-Cache", "Error from cloudfront")
            .withBody(CLOUDFRONT));
    CarbonUnavailable refused = refused();
    assertThat(refused.reason()).isEqualTo(FailureReason.PROVIDER_DOWN);
    assertThat(refused)
        .hasMessage("watttime CAISO_NORTH: refused before it reached the API (403): a web page");
    refused();
    assertThat(logins()).isEqualTo(2);
  }

  @Test
  void aFreshLoginThatIsNotAcceptedIsABadKey() {
    logInGivesOneTokenAfterAnother();
    forecastRefuses(aResponse().withStatus(401));
    assertThat(refused().reason()).isEqualTo(FailureReason.BAD_KEY);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          401 | {"error":"wrong hush"}    | BAD_KEY
          403 | ``                        | BAD_KEY
          403 | <html>hush</html>         | PROVIDER_DOWN
          404 | <html>hush</html>         | PROVIDER_DOWN
          400 | {"error":"no hush given"} | MALFORMED
          429 | Too Many Requests         | THROTTLED
          500 | oops                      | PROVIDER_DOWN
          200 | ``                        | MALFORMED
          200 | <html>hush</html>         | MALFORMED
          200 | {}                        | MALFORMED
          200 | {"token":null}            | MALFORMED
          200 | {"token":""}              | MALFORMED
          200 | {"token":7}               | MALFORMED
          200 | {"token":"a\\nhush"}      | MALFORMED
          """)
  void aFailedLoginIsNamedWithoutSecrets(int status, String body, FailureReason reason) {
    SERVER.stubFor(
        get(urlPathEqualTo("/login")).willReturn(aResponse().withStatus(status).withBody(body)));
    CarbonUnavailable refused = refused();
    assertThat(refused.reason()).isEqualTo(reason);
    assertThat(refused).hasMessageStartingWith("watttime CAISO_NORTH: ");
    assertThat(refused.toString()).doesNotContain("hush").doesNotContain("bWU6aHVzaA");
    assertThat(forecastsAsked("a")).isZero();
  }

  @Test
  void theLoginLimitIsPassedOn() {
    SERVER.stubFor(
        get(urlPathEqualTo("/login"))
            .willReturn(aResponse().withStatus(429).withHeader("Retry-After", "300")));
    assertThat(refused().retryAfter()).contains(Duration.ofMinutes(5));
  }

  @Test
  void theAccountIsCheckedAndItsPasswordNeverPrinted() {
    assertThat(options(WattTime.DEFAULT_URL, "me", "hush").toString())
        .isEqualTo("watttime CAISO_NORTH as me at https://api.watttime.org");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> options(WattTime.DEFAULT_URL, "me", "hush\n"))
        .withMessage("watttime password: character 5 is a line break, which is not allowed there");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> options(WattTime.DEFAULT_URL, "me:you", "hush"))
        .withMessage("watttime user: must not hold a colon");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> options(URI.create("https://api.watttime.org/v3"), "me", "hush"))
        .withMessageStartingWith("watttime url: must not end in /v3");
  }

  /** The n-th login gives the token jwt-n, counted over the whole test. */
  private void logInGivesOneTokenAfterAnother() {
    for (int n = logins() + 1; n <= logins() + 5; n++) {
      SERVER.stubFor(
          get(urlPathEqualTo("/login"))
              .withBasicAuth("me", "hush")
              .inScenario("logins")
              .whenScenarioStateIs(n == logins() + 1 ? Scenario.STARTED : "after " + (n - 1))
              .willSetStateTo("after " + n)
              .willReturn(okJson("{\"token\":\"jwt-" + n + "\"}")));
    }
  }

  private static void forecastRefuses(ResponseDefinitionBuilder refusal) {
    SERVER.stubFor(get(urlPathEqualTo("/v3/forecast")).willReturn(refusal));
  }

  private void forecastIsOpenTo(String token) {
    SERVER.stubFor(
        get(urlPathEqualTo("/v3/forecast"))
            .withHeader("Authorization", equalTo("Bearer " + token))
            .willReturn(okJson(forecast())));
  }

  private String forecast() {
    return """
    {"data":[{"point_time":"%s","value":870}],
     "meta":{"data_point_period_seconds":300,"region":"CAISO_NORTH","signal_type":"co2_moer",
             "units":"lbs_co2_per_mwh"}}
    """
        .formatted(clock.instant());
  }

  private static AccountOptions options(URI url, String user, String password) {
    return new AccountOptions(url, user, password, CAISO, 24, Optional.empty());
  }

  private static int logins() {
    return SERVER.findAll(getRequestedFor(urlPathEqualTo("/login"))).size();
  }

  private static int forecastsAsked(String token) {
    return SERVER
        .findAll(
            getRequestedFor(urlPathEqualTo("/v3/forecast"))
                .withHeader("Authorization", equalTo("Bearer " + token)))
        .size();
  }

  private CarbonUnavailable refused() {
    return catchThrowableOfType(CarbonUnavailable.class, () -> source.current());
  }
}
