package chase.carbon.http;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.fixtures.TestClock;
import chase.carbon.http.CallCounts.CallOutcome;
import chase.carbon.http.CallLimiter.CallSpacing;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CallRulesTest {
  @RegisterExtension
  static final WireMockExtension SERVER =
      WireMockExtension.newInstance().options(wireMockConfig().dynamicPort()).build();

  private static final Duration BLINK = Duration.ofMillis(1);

  private final TestClock clock = new TestClock("2026-01-01T00:00:00Z");
  private final HttpTransport transport = new HttpTransport(HttpTransport.HttpTimeouts.DEFAULT);
  private final ProviderHttp http = asking(50, 2);

  @AfterEach
  void close() {
    transport.close();
  }

  @Test
  void aTemporaryFailureIsRepeatedAndHidden() throws Exception {
    answering(aResponse().withStatus(503), aResponse().withFault(Fault.EMPTY_RESPONSE), ok());
    assertThat(http.get(request()).isSuccess()).isTrue();
    assertThat(http.callCounts().total())
        .containsEntry(CallOutcome.FAILED, 2L)
        .containsEntry(CallOutcome.ANSWERED, 1L);
  }

  @Test
  void aLastingFailureIsReportedAfterTheLastRepetition() {
    answering(aResponse().withStatus(500));
    assertThat(refused(http).reason()).isEqualTo(FailureReason.PROVIDER_DOWN);
    assertThat(requests()).isEqualTo(3);
  }

  @Test
  void aRefusalIsNotRepeated() throws Exception {
    answering(aResponse().withStatus(403));
    http.get(request());
    assertThat(requests()).isEqualTo(1);
    assertThat(http.callCounts().total()).containsEntry(CallOutcome.REFUSED, 1L);
  }

  @Test
  void retryAfterIsKeptForEveryCaller() throws Exception {
    answering(aResponse().withStatus(429).withHeader("Retry-After", "300"), ok());
    assertThat(refused(http).retryAfter()).contains(Duration.ofMinutes(5));
    clock.pass(Duration.ofSeconds(299));
    CarbonUnavailable heldBack = refused(http);
    assertThat(heldBack.reason()).isEqualTo(FailureReason.THROTTLED);
    assertThat(heldBack.retryAfter()).contains(Duration.ofSeconds(1));
    assertThat(requests()).isEqualTo(1);
    clock.pass(Duration.ofSeconds(1));
    assertThat(http.get(request()).isSuccess()).isTrue();
    assertThat(http.callCounts().total())
        .containsEntry(CallOutcome.THROTTLED, 1L)
        .containsEntry(CallOutcome.HELD_BACK, 1L);
  }

  @Test
  void retryAfterOfAnOutageIsKeptAsWell() {
    answering(aResponse().withStatus(503).withHeader("Retry-After", "60"));
    refused(http);
    assertThat(refused(http).reason()).isEqualTo(FailureReason.PROVIDER_DOWN);
    assertThat(requests()).isEqualTo(1);
  }

  @Test
  void withoutRetryAfterTheRestDoublesUpToAnHour() {
    answering(aResponse().withStatus(429));
    for (long minutes : List.of(1, 2, 4, 8, 16, 32, 60, 60)) {
      Duration rest = refused(http).retryAfter().orElseThrow();
      assertThat(rest)
          .isBetween(Duration.ofMinutes(minutes), Duration.ofMinutes(minutes * 5 / 4 + 1));
      clock.pass(rest);
    }
    assertThat(requests()).isEqualTo(8);
  }

  @Test
  void aDayIsTheLongestRest() {
    answering(aResponse().withStatus(429).withHeader("Retry-After", "999999999"));
    assertThat(refused(http).retryAfter()).contains(Duration.ofDays(1));
  }

  @Test
  void aClockThatGoesBackDoesNotProlongTheRest() throws Exception {
    answering(aResponse().withStatus(429).withHeader("Retry-After", "60"), ok());
    refused(http);
    clock.pass(Duration.ofDays(-1));
    assertThat(refused(http).retryAfter()).contains(Duration.ofMinutes(1));
    clock.pass(Duration.ofMinutes(1));
    assertThat(http.get(request()).isSuccess()).isTrue();
  }

  @Test
  void noHourHasMoreCallsThanTheBudgetAllows() throws Exception {
    answering(ok());
    Deque<Duration> sent = new ArrayDeque<>();
    for (int second = 0; second < 3 * 3600; second += 10) {
      Duration now = Duration.ofSeconds(second);
      try {
        http.get(request());
        sent.addLast(now);
      } catch (CarbonUnavailable heldBack) {
        assertThat(heldBack.retryAfter()).isPresent();
      }
      sent.removeIf(at -> at.plusHours(1).compareTo(now) <= 0);
      assertThat(sent).hasSizeLessThanOrEqualTo(50);
      assertThat(http.callCounts().lastHour()).isEqualTo(sent.size());
      clock.pass(Duration.ofSeconds(10));
    }
    assertThat(sent).hasSizeGreaterThan(38);
    assertThat(http.callCounts().hourlyBudget()).isEqualTo(50);
  }

  @Test
  void repetitionsCountAgainstTheBudget() {
    answering(aResponse().withStatus(500));
    ProviderHttp poor = asking(5, 2);
    assertThat(refused(poor).retryAfter()).isPresent();
    assertThat(requests()).isEqualTo(1);
  }

  @Test
  void aSpentBudgetDoesNotHideWhyTheCallsBeforeFailed() {
    answering(aResponse().withStatus(500).withBody("out of order"));
    ProviderHttp poor = asking(5, 2);
    CarbonUnavailable refused = refused(poor);
    assertThat(refused.reason()).isEqualTo(FailureReason.PROVIDER_DOWN);
    assertThat(refused)
        .hasMessage(
            "test X: failure at the provider (500): out of order;"
                + " polled again when 5 calls an hour allow it");
  }

  @Test
  void aSpentBudgetDoesNotHideRedirectsThatLeadNowhere() {
    answering(aResponse().withStatus(302).withHeader("Location", "/now"));
    ProviderHttp poor = asking(20, 0);
    assertThat(refused(poor)).hasMessage("test X: more than 3 redirects");
    assertThat(refused(poor))
        .hasMessage("test X: more than 3 redirects; polled again when 20 calls an hour allow it");
  }

  @Test
  void aBudgetThatGoodCallsSpentIsCalledOurs() throws Exception {
    answering(ok());
    ProviderHttp poor = asking(5, 2);
    poor.get(request());
    CarbonUnavailable refused = refused(poor);
    assertThat(refused.reason()).isEqualTo(FailureReason.HELD_BACK);
    assertThat(refused).hasMessage("test X: held back by Chase, which may send 5 calls an hour");
  }

  @Test
  void aBudgetTooSmallToPollIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CallLimiter.CallRules.defaults("neso", 4))
        .withMessage("neso: calls-per-hour must be at least 5, is 4");
  }

  @Test
  void aMinimumTimeBetweenCallsHoldsWhateverTheBudget() throws Exception {
    answering(ok());
    ProviderHttp polite = asking(CallSpacing.of(Duration.ofMinutes(1)));
    polite.get(request());
    clock.pass(Duration.ofSeconds(59));
    CarbonUnavailable refused = refused(polite);
    assertThat(refused.reason()).isEqualTo(FailureReason.HELD_BACK);
    assertThat(refused.retryAfter()).contains(Duration.ofSeconds(1));
    assertThat(refused).hasMessage("test X: held back by Chase, which polls at most every 1 min");
    assertThat(polite.untilNextCall()).isEqualTo(Duration.ofSeconds(1));
    clock.pass(Duration.ofSeconds(1));
    polite.get(request());
    assertThat(requests()).isEqualTo(2);
  }

  @Test
  void aCallThatFailedAtTheProviderIsRepeatedNoSooner() {
    answering(aResponse().withStatus(500).withBody("out of order"));
    ProviderHttp polite = asking(new CallSpacing(Duration.ofMinutes(15), Duration.ofSeconds(10)));
    refused(polite);
    clock.pass(Duration.ofSeconds(9));
    CarbonUnavailable refused = refused(polite);
    assertThat(refused.reason()).isEqualTo(FailureReason.PROVIDER_DOWN);
    assertThat(refused)
        .hasMessage(
            "test X: failure at the provider (500): out of order;"
                + " polled again at most every 10 s");
    assertThat(requests()).isEqualTo(1);
    clock.pass(Duration.ofSeconds(1));
    refused(polite);
    assertThat(requests()).isEqualTo(2);
  }

  @Test
  void theLongerOfRetryAfterAndTheMinimumTimeCounts() {
    answering(aResponse().withStatus(429).withHeader("Retry-After", "2"));
    ProviderHttp polite = asking(CallSpacing.of(Duration.ofMinutes(1)));
    refused(polite);
    clock.pass(Duration.ofSeconds(2));
    CarbonUnavailable refused = refused(polite);
    assertThat(refused.reason()).isEqualTo(FailureReason.THROTTLED);
    assertThat(refused.retryAfter()).contains(Duration.ofSeconds(58));
    assertThat(requests()).isEqualTo(1);
  }

  @Test
  void aCallThatNeverReachedTheProviderDoesNotCount() {
    ProviderHttp polite = asking(CallSpacing.of(Duration.ofMinutes(1)));
    ProviderRequest nowhere = ProviderRequest.to("test X", URI.create("http://localhost:1"), "now");
    for (int time = 0; time < 2; time++) {
      assertThatThrownBy(() -> polite.get(nowhere))
          .hasMessage("test X: no connection to localhost");
    }
    assertThat(polite.untilNextCall()).isZero();
  }

  @Test
  void aRedirectBelongsToTheCallThatLedThere() throws Exception {
    answering(aResponse().withStatus(302).withHeader("Location", "/moved"));
    SERVER.stubFor(get(urlPathEqualTo("/moved")).willReturn(ok()));
    ProviderHttp polite = asking(CallSpacing.of(Duration.ofMinutes(1)));
    assertThat(polite.get(request()).isSuccess()).isTrue();
    assertThat(polite.untilNextCall()).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void aSpacedCallIsNotRepeatedAtOnce() {
    CallSpacing spacing = CallSpacing.of(Duration.ofMinutes(1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CallLimiter.CallRules("miso", 60, 1, BLINK, spacing))
        .withMessage("miso: a call that must keep a distance to the next is not repeated at once");
  }

  private ProviderHttp asking(CallSpacing spacing) {
    return new ProviderHttp(transport, CallLimiter.CallRules.spaced("test", 1000, spacing), clock);
  }

  private ProviderHttp asking(int callsPerHour, int retries) {
    return new ProviderHttp(
        transport, new CallLimiter.CallRules("test", callsPerHour, retries, BLINK), clock);
  }

  private static ResponseDefinitionBuilder ok() {
    return okJson("{}");
  }

  /** One answer after another, the last for ever. */
  private static void answering(ResponseDefinitionBuilder... answers) {
    for (int n = 0; n < answers.length; n++) {
      SERVER.stubFor(
          get(urlPathEqualTo("/now"))
              .inScenario("answers")
              .whenScenarioStateIs(n == 0 ? Scenario.STARTED : "after " + n)
              .willSetStateTo("after " + Math.min(n + 1, answers.length - 1))
              .willReturn(answers[n]));
    }
    if (answers.length == 1) {
      SERVER.stubFor(get(urlPathEqualTo("/now")).willReturn(answers[0]));
    }
  }

  private static int requests() {
    return SERVER.findAll(getRequestedFor(urlPathEqualTo("/now"))).size();
  }

  private static ProviderRequest request() {
    return ProviderRequest.to("test X", URI.create("http://localhost:" + SERVER.getPort()), "now");
  }

  private static CarbonUnavailable refused(ProviderHttp http) {
    return catchThrowableOfType(CarbonUnavailable.class, () -> http.get(request()));
  }
}
