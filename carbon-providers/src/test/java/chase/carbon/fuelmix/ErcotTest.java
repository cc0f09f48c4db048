package chase.carbon.fuelmix;

import static org.assertj.core.api.Assertions.assertThat;

import chase.carbon.fixtures.TestClock;
import chase.carbon.fixtures.TestProviderServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Texas's page: JSON by day, time and fuel. */
class ErcotTest {
  @RegisterExtension static final TestProviderServer SERVER = new TestProviderServer();

  private static final String PAGE = "/api/1/services/read/dashboards/fuel-mix.json";

  private final TestGrid texas =
      new TestGrid(SERVER, "ERCOT", new TestClock("2026-09-10T05:12:00Z"));

  @Test
  void theKeysComeInAnyOrderAndTheLatestTimeCounts() throws Exception {
    says(
        day(
            "2026-09-10",
            at("2026-09-10 00:04:58-0500", 100, 300),
            at("2026-09-10 00:00:01-0500", 1, 3)),
        day(
            "2026-09-09",
            at("2026-09-09 23:54:58-0500", 300, 100),
            at("2026-09-09 23:49:57-0500", 40, 360)));
    assertThat(texas.current()).isEqualTo("2026-09-10T05:05:00Z to 2026-09-10T05:10:00Z: 92.5");
    assertThat(texas.past())
        .containsExactly(
            "2026-09-10T04:50:00Z to 2026-09-10T04:55:00Z: 37.0",
            "2026-09-10T04:55:00Z to 2026-09-10T05:00:00Z: 277.5",
            "2026-09-10T05:00:00Z to 2026-09-10T05:05:00Z: 92.5",
            "2026-09-10T05:05:00Z to 2026-09-10T05:10:00Z: 92.5");
  }

  @Test
  void theHourThatComesTwiceIsToldApartByTheOffset() throws Exception {
    texas.clock().pass(Duration.ofDays(53));
    says(
        day(
            "2026-11-01",
            at("2026-11-01 01:30:00-0500", 100, 300),
            at("2026-11-01 01:30:00-0600", 300, 100)));
    assertThat(texas.past())
        .containsExactly(
            "2026-11-01T06:30:00Z to 2026-11-01T06:35:00Z: 92.5",
            "2026-11-01T07:30:00Z to 2026-11-01T07:35:00Z: 277.5");
  }

  @Test
  void aTimeWithoutAllItsFuelsIsLeftOut() throws Exception {
    says(
        day(
            "2026-09-10",
            at("2026-09-10 00:00:00-0500", 100, 300),
            "\"2026-09-10 00:05:00-0500\":{\"Wind\":{\"gen\":300},\"Natural Gas\":{}}"));
    assertThat(texas.current()).isEqualTo("2026-09-10T05:00:00Z to 2026-09-10T05:05:00Z: 92.5");
  }

  @Test
  void ofTwoTimesForFiveMinutesTheNearerCounts() throws Exception {
    says(
        day(
            "2026-09-10",
            at("2026-09-10 00:06:40-0500", 400, 0),
            at("2026-09-10 00:04:58-0500", 100, 300),
            at("2026-09-10 00:03:10-0500", 0, 400)));
    assertThat(texas.past()).containsExactly("2026-09-10T05:05:00Z to 2026-09-10T05:10:00Z: 92.5");
  }

  private static void says(String... days) {
    SERVER.returnsJson(
        PAGE,
        "{\"lastUpdated\":\"x\",\"types\":[\"Coal\"],\"data\":{" + String.join(",", days) + "}}");
  }

  private static String day(String date, String... times) {
    return "\"" + date + "\":{" + String.join(",", times) + "}";
  }

  private static String at(String time, int gas, int wind) {
    return "\"%s\":{\"Wind\":{\"gen\":%s},\"Power Storage\":{\"gen\":-12.5},\"Natural Gas\":{\"gen\":\"%s\"}}"
        .formatted(time, wind, gas);
  }
}
