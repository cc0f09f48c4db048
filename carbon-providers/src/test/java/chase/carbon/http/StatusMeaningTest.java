package chase.carbon.http;

import static chase.carbon.http.StatusMeaning.phrase;
import static chase.carbon.http.StatusMeaning.status;
import static chase.carbon.http.StatusMeaning.webPage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.fixtures.TestClock;
import chase.carbon.fixtures.TestProviderServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class StatusMeaningTest {
  @RegisterExtension static final TestProviderServer SERVER = new TestProviderServer();

  private static final StatusMeaning MEANING =
      StatusMeaning.of(
          webPage("not reached"),
          phrase("zone", FailureReason.UNKNOWN_REGION, "no such zone"),
          status(403, FailureReason.PROVIDER_DOWN, "blocked")
              .when(response -> response.bodyContains("firewall")),
          status(403, FailureReason.NOT_ENTITLED, "not in the plan"));

  @Test
  void aSuccessIsReturned() throws Exception {
    SERVER.returnsJson("/now", "{\"n\":7}");
    assertThat(get().json().number("n")).contains(7.0);
  }

  @Test
  void theFirstRuleThatFitsCounts() {
    assertFailure(403, "<html>zone</html>", FailureReason.PROVIDER_DOWN);
    assertFailure(403, "{\"error\":\"Zone X is gone\"}", FailureReason.UNKNOWN_REGION);
    assertFailure(403, "{\"error\":\"firewall\"}", FailureReason.PROVIDER_DOWN);
    assertFailure(403, "{\"error\":\"no\"}", FailureReason.NOT_ENTITLED);
  }

  @Test
  void whatNoRuleFitsWasRefused() {
    assertFailure(418, "{\"error\":\"short and stout\"}", FailureReason.MALFORMED);
  }

  @Test
  void theMessageHoldsTheStatusAndWhatTheProviderWrites() {
    SERVER.returns(403, "{\"error\":\"ask your\\nadministrator\"}");
    assertThat(catchThrowableOfType(CarbonUnavailable.class, this::get))
        .hasMessage("test X: not in the plan (403): ask your administrator");
  }

  private void assertFailure(int status, String body, FailureReason reason) {
    SERVER.returns(status, body);
    assertThat(catchThrowableOfType(CarbonUnavailable.class, this::get).reason()).isEqualTo(reason);
  }

  private ProviderResponse get() throws CarbonUnavailable, InterruptedException {
    return SERVER
        .http(new TestClock("2026-03-01T00:00:00Z"))
        .get(ProviderRequest.to("test X", SERVER.url(), "now"), MEANING);
  }
}
