package chase.carbon.fuelmix;

import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import chase.carbon.CarbonUnavailable;
import chase.carbon.Region;
import chase.carbon.SignalKind.EmissionScope;
import chase.carbon.fixtures.TestClock;
import chase.carbon.fixtures.TestProviderServer;
import chase.carbon.http.HttpTransport;
import chase.carbon.http.ProviderHttp;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** MISO's page: JSON by fuel, numbers in quotes, standard time all the year. */
class MisoTest {
  @RegisterExtension static final TestProviderServer SERVER = new TestProviderServer();

  private static final HttpTransport TRANSPORT =
      new HttpTransport(HttpTransport.HttpTimeouts.DEFAULT);

  private final TestClock clock = new TestClock("2026-09-10T15:32:00Z");
  private final TestGrid midwest = new TestGrid(SERVER, "MISO", clock);

  @AfterAll
  static void close() {
    TRANSPORT.close();
  }

  @ParameterizedTest
  @CsvSource({
    "2026-09-10T15:32:00Z, 2026-09-10 10:25:00 AM, 2026-09-10T15:25:00Z",
    "2026-01-10T15:32:00Z, 2026-01-10 10:25:00 AM, 2026-01-10T15:25:00Z",
    "2026-07-04T17:02:00Z, 2026-07-04 12:00:00 PM, 2026-07-04T17:00:00Z",
    "2026-07-04T05:02:00Z, 2026-07-04 12:00:00 AM, 2026-07-04T05:00:00Z"
  })
  void timesAreEasternStandardAllTheYear(String now, String written, String start)
      throws Exception {
    clock.pass(Duration.between(clock.instant(), Instant.parse(now)));
    SERVER.returnsJson("/api/FuelMix/Today", body(type(written, "Coal", "30866")));
    assertThat(midwest.current()).startsWith(start + " to ").endsWith(": 760.0");
  }

  @Test
  void numbersAreTextsAndNegativeOnesAreLeftOut() throws Exception {
    String time = "2026-09-10 10:25:00 AM";
    SERVER.returnsJson(
        "/api/FuelMix/Today",
        body(
            type(time, "Coal", "100"),
            type(time, "Wind", "300"),
            type(time, "Imports", "-2500"),
            type(time, "Battery Storage", "-40")));
    assertThat(midwest.current()).isEqualTo("2026-09-10T15:25:00Z to 2026-09-10T15:30:00Z: 190.0");
  }

  @Test
  void theStartTakesOneCallAndEachMinuteAfterItOneAtMost() throws Exception {
    SERVER.returnsJson(
        "/api/FuelMix/Today",
        body(
            type("2026-09-10 12:00:00 AM", "Coal", "100"),
            type("2026-09-10 12:00:00 AM", "Wind", "300"),
            type("2026-09-10 10:25:00 AM", "Wind", "100"),
            type("2026-09-10 10:25:00 AM", "Coal", "300")));
    SERVER.returnsJson("/api/FuelMix", body(type("2026-09-10 10:30:00 AM", "Coal", "300")));
    FuelMix client = miso(36_000);
    assertThat(client.check().usable()).isTrue();
    assertThat(client.history(Instant.EPOCH, clock.instant())).hasSize(2);
    for (int second = 0; second < 60; second++) {
      assertThat(client.current().validFrom()).isEqualTo(Instant.parse("2026-09-10T15:25:00Z"));
      clock.pass(Duration.ofSeconds(1));
    }
    SERVER.verify(1, getRequestedFor(urlPathMatching(".*")));
    clock.pass(Duration.ofSeconds(1));
    assertThat(client.current().validFrom()).isEqualTo(Instant.parse("2026-09-10T15:30:00Z"));
    SERVER.verify(1, getRequestedFor(urlPathEqualTo("/api/FuelMix")));
    SERVER.verify(2, getRequestedFor(urlPathMatching(".*")));
  }

  @Test
  void aCallThatFailedIsNotRepeatedWithinAMinuteEither() {
    SERVER.returns(503, "maintenance");
    FuelMix client = miso(36_000);
    for (int second = 0; second < 60; second++) {
      assertThatExceptionOfType(CarbonUnavailable.class)
          .isThrownBy(client::current)
          .withMessageContaining("failure at the provider (503)");
      clock.pass(Duration.ofSeconds(1));
    }
    SERVER.verify(1, getRequestedFor(urlPathMatching(".*")));
  }

  @Test
  void whileNoCallMayBeMadeTheReasonOfTheLastStays() {
    SERVER.returns(403, "<html>");
    FuelMix client = miso(60);
    for (int time = 0; time < 2; time++) {
      assertThatExceptionOfType(CarbonUnavailable.class)
          .isThrownBy(client::current)
          .withMessageContaining("the operator's site refuses this host's address");
    }
    SERVER.verify(1, getRequestedFor(urlPathMatching(".*")));
  }

  @Test
  void whatIsLeftOfThePauseIsToldWithTheReason() {
    SERVER.returns(200, "soon");
    FuelMix client = miso(3600);
    CarbonUnavailable first = catchThrowableOfType(CarbonUnavailable.class, client::current);
    clock.pass(Duration.ofSeconds(40));
    CarbonUnavailable again = catchThrowableOfType(CarbonUnavailable.class, client::current);
    assertThat(again).hasMessageStartingWith(first.getMessage());
    assertThat(again.reason()).isEqualTo(CarbonUnavailable.FailureReason.MALFORMED);
    assertThat(again.retryAfter()).contains(Duration.ofSeconds(20));
    SERVER.verify(1, getRequestedFor(urlPathMatching(".*")));
  }

  @ParameterizedTest
  @CsvSource({"404, gone", "500, broken", "200, soon"})
  void whereThePageOfTheDayFailsThatOfTheNewestRowIsAskedForNext(int status, String text)
      throws Exception {
    SERVER.returns(status, text);
    SERVER.returnsJson("/api/FuelMix", body(type("2026-09-10 10:30:00 AM", "Coal", "300")));
    FuelMix client = miso(3600);
    assertThatExceptionOfType(CarbonUnavailable.class).isThrownBy(client::current);
    assertThatExceptionOfType(CarbonUnavailable.class).isThrownBy(client::current);
    clock.pass(Duration.ofMinutes(1));
    assertThat(client.current().validFrom()).isEqualTo(Instant.parse("2026-09-10T15:30:00Z"));
    assertThatExceptionOfType(CarbonUnavailable.class)
        .isThrownBy(() -> client.history(Instant.EPOCH, clock.instant()));
    clock.pass(Duration.ofMinutes(1));
    assertThat(client.current().validFrom()).isEqualTo(Instant.parse("2026-09-10T15:30:00Z"));
  }

  private FuelMix miso(int callsPerHour) {
    Region miso = new Region("MISO");
    return new FuelMix(
        new FuelMix.GridOptions(Optional.of(SERVER.url()), miso, EmissionScope.DIRECT),
        new ProviderHttp(TRANSPORT, FuelMix.callRules(miso, callsPerHour), clock),
        clock);
  }

  private static String body(String... types) {
    return "{\"RefId\":\"10-Sep-2026 - Interval 10:25"
        + " EST\",\"TotalMW\":\"90140\",\"Fuel\":{\"Type\":["
        + String.join(",", types)
        + "]}}";
  }

  private static String type(String time, String fuel, String megawatts) {
    return """
    {"INTERVALEST":"%s","CATEGORY":"%s","ACT":"%s","FUEL_CATEGORY":"%s  (%s MW)"}\
    """
        .formatted(time, fuel, megawatts, fuel, megawatts);
  }
}
