package chase.carbon.fuelmix;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import chase.carbon.fixtures.TestClock;
import chase.carbon.fixtures.TestProviderServer;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** New York's page: a row for each fuel, a page a day. */
class NyisoTest {
  @RegisterExtension static final TestProviderServer SERVER = new TestProviderServer();

  private static final String HEAD = "Time Stamp,Time Zone,Fuel Category,Gen MW";

  private final TestClock clock = new TestClock("2026-08-17T14:07:00Z");
  private final TestGrid newYork = new TestGrid(SERVER, "NYISO", clock);

  @Test
  void aTimeStampIsTheEndOfItsFiveMinutes() throws Exception {
    says(
        "20260817",
        mix("08/17/2026 10:00:00,EDT", 100, 300),
        mix("08/17/2026 10:05:00,EDT", 300, 100));
    assertThat(newYork.current()).isEqualTo("2026-08-17T14:00:00Z to 2026-08-17T14:05:00Z: 277.5");
  }

  @Test
  void theZoneStandsInAColumnOfItsOwn() throws Exception {
    nowIs("2026-11-01T07:00:00Z");
    says(
        "20261101",
        mix("11/01/2026 01:30:00,EDT", 100, 300),
        mix("11/01/2026 01:30:00,EST", 300, 100),
        mix("11/01/2026 01:35:00,PST", 300, 100));
    assertThat(newYork.past())
        .containsExactly(
            "2026-11-01T05:25:00Z to 2026-11-01T05:30:00Z: 92.5",
            "2026-11-01T06:25:00Z to 2026-11-01T06:30:00Z: 277.5");
  }

  @Test
  void justAfterMidnightThePageOfTheNewDayMayNotBeThere() throws Exception {
    nowIs("2026-08-18T04:03:00Z");
    says(
        "20260817",
        mix("08/17/2026 23:55:00,EDT", 100, 300),
        mix("08/18/2026 00:00:00,EDT", 300, 100));
    assertThat(newYork.current()).isEqualTo("2026-08-18T03:55:00Z to 2026-08-18T04:00:00Z: 277.5");
    says("20260818");
    assertThat(newYork.current()).isEqualTo("2026-08-18T03:55:00Z to 2026-08-18T04:00:00Z: 277.5");
    says("20260818", mix("08/18/2026 00:05:00,EDT", 100, 300));
    clock.pass(Duration.ofMinutes(3));
    assertThat(newYork.current()).isEqualTo("2026-08-18T04:00:00Z to 2026-08-18T04:05:00Z: 92.5");
  }

  @Test
  void yesterdaysPageAndTodaysMakeOnePast() throws Exception {
    nowIs("2026-08-18T04:07:00Z");
    says(
        "20260817",
        mix("08/17/2026 23:55:00,EDT", 100, 300),
        mix("08/18/2026 00:00:00,EDT", 300, 100));
    says("20260818", mix("08/18/2026 00:05:00,EDT", 100, 300));
    assertThat(newYork.past())
        .containsExactly(
            "2026-08-18T03:50:00Z to 2026-08-18T03:55:00Z: 92.5",
            "2026-08-18T03:55:00Z to 2026-08-18T04:00:00Z: 277.5",
            "2026-08-18T04:00:00Z to 2026-08-18T04:05:00Z: 92.5");
  }

  @Test
  void columnsAreFoundByTheirNamesAndRowsBetweenTwoMarksDoNotDisturb() throws Exception {
    SERVER.stubFor(
        get(urlPathEqualTo("/public/csv/rtfuelmix/20260817rtfuelmix.csv"))
            .willReturn(
                aResponse()
                    .withBody(
                        """
                        "Gen MWh","Fuel Category","Time Zone","Time Stamp"
                        "90","Dual Fuel","EDT","08/17/2026 10:05:00"
                        90,Wind,EDT,08/17/2026 10:05:00
                        500,Dual Fuel,EDT,08/17/2026 10:06:31
                        0,Wind,EDT,08/17/2026 10:06:31
                        """)));
    assertThat(newYork.current()).isEqualTo("2026-08-17T14:00:00Z to 2026-08-17T14:05:00Z: 185.0");
  }

  private void nowIs(String time) {
    clock.pass(Duration.between(clock.instant(), Instant.parse(time)));
  }

  private static void says(String day, String... mixes) {
    SERVER.stubFor(
        get(urlPathEqualTo("/public/csv/rtfuelmix/" + day + "rtfuelmix.csv"))
            .willReturn(aResponse().withBody(HEAD + "\n" + String.join("", mixes))));
  }

  private static String mix(String time, int gas, int hydro) {
    return time + ",Natural Gas," + gas + "\n" + time + ",Hydro," + hydro + "\n";
  }
}
