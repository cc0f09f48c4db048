package chase.carbon.energycharts;

import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.GramsPerKwh;
import chase.carbon.Region;
import chase.carbon.RejectReason;
import chase.carbon.fixtures.TestClock;
import chase.carbon.fixtures.TestProviderServer;
import chase.carbon.plausibility.PlausibilityGuard;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Why there is no number, for as long as no call may be made that could bring one. */
class EnergyChartsCauseTest {
  @RegisterExtension static final TestProviderServer SERVER = new TestProviderServer();

  private static final String GOOD =
      """
      {"unix_seconds":[1795953600,1795954500,1795955400],
       "co2eq":[491.5,488.2,null],"co2eq_forecast":[480.0,481.0,505.0]}
      """;

  private final TestClock clock = new TestClock("2026-11-29T12:20:00Z");
  private final EnergyCharts charts =
      new EnergyCharts(
          SERVER.url(), new Region("DE"), SERVER.http(clock, EnergyCharts.SPACING), clock);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"unix_seconds":[],"co2eq":[]} | NO_DATA | there are no numbers
          {"unix_seconds":[1795953600,1795954500],"co2eq":[null,null]} | NO_DATA | all 2 numbers are null
          {"unix_seconds":[1795953600,1795954500],"co2eq":[330305,null]} | IMPLAUSIBLE | the intensity 330305.0 gCO2/kWh cannot be true
          {"unix_seconds":[1795694400,1795695300],"co2eq":[300,300]} | NO_DATA | no number for 2026-11-29T12:20:00Z; they end at 2026-11-26T12:30:00Z
          {"unix_seconds":[1795953600,1795954500,1796212800],"co2eq":[300,300,300]} | NO_DATA | measurements up to 2026-12-02T12:00:00Z, but here it is 2026-11-29T12:20:00Z
          """)
  void whatIsWrongWithTheLastResponseStaysTheCauseWhileNoCallIsDue(
      String body, FailureReason reason, String message) throws Exception {
    SERVER.returns(200, body);
    charts.check();
    PlausibilityGuard guard = new PlausibilityGuard(EnergyCharts.KIND);
    CarbonUnavailable again =
        catchThrowableOfType(CarbonUnavailable.class, () -> guard.current(charts, clock));
    assertThat(again).hasMessage("energy-charts DE: " + message);
    assertThat(again.reason()).isEqualTo(reason);
    assertThat(again.retryAfter()).contains(Duration.ofMinutes(15));
    assertThat(guard.rejected().last()).isPresent();
    SERVER.verify(1, getRequestedFor(urlPathEqualTo("/co2eq")));
    SERVER.returnsJson("/co2eq", GOOD);
    clock.pass(Duration.ofMinutes(15));
    assertThat(charts.current().value()).isEqualTo(new GramsPerKwh(505));
  }

  @Test
  void aSeriesThatWasMovedIntoTheFutureHasNoNumberForNow() throws Exception {
    SERVER.returnsJson(
        "/co2eq",
        "{\"unix_seconds\":[1795953600,1795954500,1795955400,1795956300],"
            + "\"co2eq\":[300,300,300,300],\"co2eq_forecast\":[300,300,300,300]}");
    CarbonUnavailable moved = refused(charts);
    assertThat(moved.rejectReason()).contains(RejectReason.FUTURE_DATED);
    assertThat(moved).hasMessageContaining("measurements up to 2026-11-29T12:45:00Z");
    clock.pass(Duration.ofMinutes(15));
    assertThat(charts.current().value()).isEqualTo(new GramsPerKwh(300));
  }

  @Test
  void aPathThatIsRefusedStaysTheCauseUntilTheNextCall() {
    SERVER.returns(404, "{\"detail\":\"No content available\"}");
    refused(charts);
    assertThat(refused(charts))
        .hasMessage(
            "energy-charts DE: nothing is published (404): No content available;"
                + " polled again at most every 10 s");
  }

  private static CarbonUnavailable refused(EnergyCharts charts) {
    return catchThrowableOfType(CarbonUnavailable.class, charts::current);
  }
}
