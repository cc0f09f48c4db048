package chase.carbon.http;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.fixtures.TestClock;
import chase.carbon.fixtures.TestHttp;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProviderHttpTest {
  @RegisterExtension
  static final WireMockExtension SERVER =
      WireMockExtension.newInstance().options(wireMockConfig().dynamicPort()).build();

  private static final HttpTransport.HttpTimeouts SHORT =
      new HttpTransport.HttpTimeouts(
          Duration.ofSeconds(2), Duration.ofMillis(400), Duration.ofMillis(1000));

  private final HttpTransport transport = new HttpTransport(HttpTransport.HttpTimeouts.DEFAULT);
  private final ProviderHttp http = TestHttp.over(transport, new TestClock("2026-01-01T00:00:00Z"));

  @AfterEach
  void close() {
    transport.close();
  }

  @Test
  void aQuestionCarriesItsParametersAndHeaders() throws Exception {
    SERVER.stubFor(get(urlPathEqualTo("/v4/now")).willReturn(okJson("{\"n\": 7}")));
    ProviderRequest request =
        ProviderRequest.to(
                "test", URI.create("http://localhost:" + SERVER.getPort() + "/v4/"), "now")
            .query("zone", "A & B")
            .header("auth-token", "key");
    assertThat(http.get(request).json().number("n")).contains(7.0);
    SERVER.verify(
        getRequestedFor(urlEqualTo("/v4/now?zone=A%20%26%20B"))
            .withHeader("auth-token", equalTo("key"))
            .withHeader("User-Agent", equalTo("chase (carbon-aware power limits)"))
            .withHeader("Accept", equalTo("application/json")));
  }

  @Test
  void theSecondsOfRetryAfterArePassedOn() {
    answering(aResponse().withStatus(429).withHeader("Retry-After", "120"));
    CarbonUnavailable refused = refused();
    assertThat(refused.reason()).isEqualTo(FailureReason.THROTTLED);
    assertThat(refused.retryAfter()).contains(Duration.ofMinutes(2));
    assertThat(refused).hasMessage("test X: too many requests (429): an empty body");
  }

  @Test
  void theDateOfRetryAfterIsMeasuredByTheGivenClock() {
    answering(
        aResponse().withStatus(429).withHeader("Retry-After", "Thu, 01 Jan 2026 00:10:00 GMT"));
    assertThat(refused().retryAfter()).contains(Duration.ofMinutes(10));
  }

  @Test
  void aRetryAfterInThePastMeansNow() {
    answering(
        aResponse().withStatus(429).withHeader("Retry-After", "Wed, 31 Dec 2025 23:00:00 GMT"));
    assertThat(refused().retryAfter()).contains(Duration.ZERO);
  }

  @ParameterizedTest
  @ValueSource(strings = {"soon", "-5", "1e3", "99999999999999999999"})
  void anUnreadableRetryAfterCountsAsNone(String value) {
    answering(aResponse().withStatus(429).withHeader("Retry-After", value));
    assertThat(refused().retryAfter().orElseThrow())
        .isBetween(Duration.ofMinutes(1), Duration.ofSeconds(75));
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 504})
  void aFailureAtTheProviderIsReportedWithItsText(int status) {
    answering(aResponse().withStatus(status).withBody("{\"error\": \"out\\nof order\"}"));
    CarbonUnavailable refused = refused();
    assertThat(refused.reason()).isEqualTo(FailureReason.PROVIDER_DOWN);
    assertThat(refused)
        .hasMessage("test X: failure at the provider (" + status + "): out of order");
  }

  @Test
  void aStatus404IsLeftToTheCaller() throws Exception {
    answering(aResponse().withStatus(404).withBody("{\"error\": \"no such zone\"}"));
    ProviderResponse response = http.get(request());
    assertThat(response.status()).isEqualTo(404);
    assertThat(response.errorText()).isEqualTo("no such zone");
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void aBrokenConnectionMeansThatTheProviderIsDown(Fault fault) {
    answering(aResponse().withFault(fault));
    CarbonUnavailable refused = refused();
    assertThat(refused.reason()).isEqualTo(FailureReason.PROVIDER_DOWN);
    assertThat(refused).hasMessageStartingWith("test X: the connection to localhost broke");
  }

  @Test
  void silenceEndsAtTheReadTimeout() {
    answering(ok("{}").withFixedDelay(900));
    assertThat(refusedSoon().reason()).isEqualTo(FailureReason.PROVIDER_DOWN);
  }

  @Test
  void aSlowDripEndsAtTheTimeoutForTheWholeCall() {
    answering(ok("x".repeat(100)).withChunkedDribbleDelay(20, 4000));
    CarbonUnavailable refused = refusedSoon();
    assertThat(refused.reason()).isEqualTo(FailureReason.PROVIDER_DOWN);
    assertThat(refused).hasMessage("test X: no complete answer from localhost within 1000 ms");
  }

  @Test
  void aClosedPortMeansThatTheProviderIsDown() {
    ProviderRequest nowhere = ProviderRequest.to("test X", URI.create("http://localhost:1"), "now");
    CarbonUnavailable refused = refused(nowhere);
    assertThat(refused.reason()).isEqualTo(FailureReason.PROVIDER_DOWN);
    assertThat(refused).hasMessage("test X: no connection to localhost");
  }

  @Test
  void anUnknownHostIsNamed() {
    ProviderRequest nowhere =
        ProviderRequest.to("test X", URI.create("http://no-such-host.invalid"), "now");
    assertThat(refused(nowhere))
        .hasMessage("test X: the host no-such-host.invalid cannot be resolved");
  }

  @Test
  void aServerWithoutTlsIsDistinguished() {
    URI https = URI.create("https://localhost:" + SERVER.getPort());
    CarbonUnavailable refused = refused(ProviderRequest.to("test X", https, "now"));
    assertThat(refused.reason()).isEqualTo(FailureReason.PROVIDER_DOWN);
    assertThat(refused).hasMessageStartingWith("test X: no secure connection to localhost");
  }

  @Test
  void anEndlessBodyIsNotRead() {
    answering(ok("x".repeat((int) ProviderResponse.MAX_BODY_BYTES + 1)));
    CarbonUnavailable refused = refused();
    assertThat(refused.reason()).isEqualTo(FailureReason.MALFORMED);
    assertThat(refused).hasMessage("test X: the answer is longer than 4 MiB");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 6, 40})
  void aGzipThatLiesIsADamagedAnswerAndNoBrokenConnection(int fromEnd) throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream packing = new GZIPOutputStream(packed)) {
      packing.write("{\"n\": 1, \"text\": \"enough to be cut and bent\"}".getBytes(UTF_8));
    }
    byte[] whole = packed.toByteArray();
    answering(aResponse().withHeader("Content-Encoding", "gzip").withBody(whole));
    assertThat(http.get(request()).json().number("n")).contains(1.0);
    byte[] bent = whole.clone();
    bent[bent.length - fromEnd] ^= 0x55; // its length, its checksum, its content
    for (byte[] lie : List.of(bent, Arrays.copyOf(whole, whole.length - fromEnd))) {
      answering(aResponse().withHeader("Content-Encoding", "gzip").withBody(lie));
      CarbonUnavailable refused = refused();
      assertThat(refused.reason()).isEqualTo(FailureReason.MALFORMED);
      assertThat(refused)
          .hasMessage("test X: the answer is damaged: its gzip compression cannot be undone");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<html><body>Hello</body></html>", "not json", "[1]", "7", "{"})
  void aBodyThatIsNoJsonObjectIsMalformed(String body) throws Exception {
    answering(ok(body));
    ProviderResponse response = http.get(request());
    CarbonUnavailable refused = catchThrowableOfType(CarbonUnavailable.class, response::json);
    assertThat(refused.reason()).isEqualTo(FailureReason.MALFORMED);
    assertThat(refused).hasMessageMatching("test X: answered 200 with .* instead of JSON");
  }

  @Test
  void aBodyThatWouldTakeMuchMoreMemoryThanItHasBytesIsNotRead() throws Exception {
    answering(ok("{\"a\":[" + "{},".repeat(ProviderResponse.MAX_JSON_TOKENS / 2) + "{}]}"));
    ProviderResponse json = http.get(request());
    CarbonUnavailable refused = catchThrowableOfType(CarbonUnavailable.class, json::json);
    assertThat(refused.reason()).isEqualTo(FailureReason.MALFORMED);
    assertThat(refused)
        .hasMessage("test X: the answer's JSON has over 200000 parts, or is too deep");
    assertThat(json.errorText()).startsWith("{\"a\":[{},{}").hasSizeLessThan(300);
    answering(ok("a,b\n".repeat(ProviderResponse.MAX_TABLE_CELLS / 2 + 1)));
    ProviderResponse table = http.get(request());
    assertThat(catchThrowableOfType(CarbonUnavailable.class, table::tableLines))
        .hasMessage("test X: the answer's table has over 50000 cells");
  }

  @Test
  void thirtyDaysOfFiveMinutesAreRead() throws Exception {
    String row = "{\"at\":\"2026-11-30T00:00:00Z\",\"end\":\"\",\"area\":\"DK1\",\"grams\":1},";
    answering(ok("{\"a\":[" + row.repeat(30 * 288) + "{}]}"));
    assertThat(http.get(request()).json().objects("a").orElseThrow()).hasSize(30 * 288 + 1);
  }

  @Test
  void aNumberOfMoreDigitsThanAnyTrueOneHasIsNone() throws Exception {
    answering(okJson("{\"most\": \"" + "1".repeat(40) + "\", \"n\": \"" + "1".repeat(41) + "\"}"));
    JsonBody body = http.get(request()).json();
    assertThat(body.number("most")).isPresent();
    assertThat(catchThrowableOfType(CarbonUnavailable.class, () -> body.number("n")))
        .hasMessage("test X: the answer's n is not a number");
  }

  @Test
  void aRedirectOnTheSameServerIsFollowed() throws Exception {
    answering(aResponse().withStatus(302).withHeader("Location", "/moved?zone=X"));
    SERVER.stubFor(get(urlEqualTo("/moved?zone=X")).willReturn(okJson("{\"n\": 1}")));
    assertThat(http.get(request()).json().number("n")).contains(1.0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://127.0.0.1:1/now", "https://localhost/now", "http://localhost:1/"})
  void aRedirectToAnotherServerIsNotFollowed(String elsewhere) {
    answering(aResponse().withStatus(301).withHeader("Location", elsewhere));
    CarbonUnavailable refused = refused();
    assertThat(refused.reason()).isEqualTo(FailureReason.PROVIDER_DOWN);
    assertThat(refused).hasMessageContaining("localhost redirects to http");
  }

  @Test
  void aRedirectInCirclesEnds() {
    answering(aResponse().withStatus(302).withHeader("Location", "/now"));
    assertThat(refused()).hasMessage("test X: more than 3 redirects");
  }

  @Test
  void aRedirectToNowhereIsReported() {
    answering(aResponse().withStatus(302));
    assertThat(refused()).hasMessageContaining("redirects to nowhere");
  }

  @Test
  void whatTheProviderEchoesOfASecretIsHidden() throws Exception {
    answering(aResponse().withStatus(400).withBody("bad key hush-hush in request"));
    ProviderRequest request = request().header("auth-token", "hush-hush").hiding("hush-hush");
    assertThat(http.get(request).errorText()).isEqualTo("bad key *** in request");
    assertThat(request.toString()).doesNotContain("hush");
  }

  @Test
  void longWordsAreShortened() throws Exception {
    answering(aResponse().withStatus(400).withBody("x".repeat(1000)));
    assertThat(http.get(request()).errorText()).hasSize(203).endsWith("...");
  }

  @Test
  void noCredentialIsSentUnlessRequested() throws Exception {
    answering(ok("{}"));
    http.get(request());
    SERVER.verify(getRequestedFor(urlPathEqualTo("/now")).withHeader("Authorization", absent()));
  }

  private static void answering(ResponseDefinitionBuilder response) {
    SERVER.stubFor(get(urlPathEqualTo("/now")).willReturn(response));
  }

  private static ProviderRequest request() {
    return ProviderRequest.to("test X", URI.create("http://localhost:" + SERVER.getPort()), "now");
  }

  private static CarbonUnavailable refusedSoon() {
    try (HttpTransport hasty = new HttpTransport(SHORT)) {
      ProviderHttp http = TestHttp.over(hasty, new TestClock("2026-01-01T00:00:00Z"));
      return catchThrowableOfType(CarbonUnavailable.class, () -> http.get(request()));
    }
  }

  private CarbonUnavailable refused() {
    return refused(request());
  }

  private CarbonUnavailable refused(ProviderRequest request) {
    return catchThrowableOfType(CarbonUnavailable.class, () -> http.get(request));
  }
}
