package chase.carbon.fuelmix;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonUnavailable;
import chase.carbon.Region;
import chase.carbon.SignalKind.EmissionScope;
import chase.carbon.fixtures.TestClock;
import chase.carbon.fixtures.TestProviderServer;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** California's page: rows have a time of day and no date. */
class CaisoTest {
  @RegisterExtension static final TestProviderServer SERVER = new TestProviderServer();

  private static final String HEAD =
      "Time,Solar,Wind,Geothermal,Biomass,Biogas,Small hydro,Coal,Nuclear,Natural Gas,Large Hydro,"
          + "Batteries,Imports,Other";
  private static final String NOW = "/outlook/current/fuelsource.csv";
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  /** 10:22 in California, in summer. */
  private final TestClock clock = new TestClock("2026-08-20T17:22:00Z");

  @Test
  void theLastRowWithNumbersIsTheNewestAndThoseToComeAreBlank() throws Exception {
    says(
        NOW,
        HEAD,
        "10:10,9000,1500,700,200,150,250,3,2250,6000,1500,-3000,-800,0",
        "10:15,9000,1500,700,200,150,250,0,2250,6000,1500,-3000,-800,0",
        "10:20,,,,,,,,,,,,,");
    CarbonIntensity current = caiso().current();
    assertThat(current.validFrom()).isEqualTo(Instant.parse("2026-08-20T17:15:00Z"));
    assertThat(current.validTo()).isEqualTo(Instant.parse("2026-08-20T17:20:00Z"));
    assertThat(current.provenance()).isEqualTo(MixSeries.PROVENANCE);
    double power = 9000 + 1500 + 700 + 350 + 1750 + 2250 + 6000;
    double grams =
        9000 * 48 + 1500 * 11 + 700 * 38 + 350 * 230 + 1750 * 24 + 2250 * 12 + 6000 * 490;
    assertThat(current.value().value()).isCloseTo(grams / power, within(1e-9));
  }

  @Test
  void aByteOrderMarkCarriageReturnsAndOtherCapitalsDoNotMatter() throws Exception {
    says(
        NOW,
        "\uFEFF" + HEAD.replace("Natural Gas", "Natural gas") + "\r",
        row("10:15", 490) + "\r");
    assertThat(caiso().current().validFrom()).isEqualTo(Instant.parse("2026-08-20T17:15:00Z"));
  }

  @Test
  void justAfterMidnightThePageMayStillBeYesterdays() throws Exception {
    clock.pass(Duration.between(clock.instant(), Instant.parse("2026-08-21T07:04:00Z")));
    says(NOW, HEAD, row("23:50", 1), row("23:55", 2));
    assertThat(caiso().current().validFrom()).isEqualTo(Instant.parse("2026-08-21T06:55:00Z"));
  }

  @Test
  void aPageMayEndWithTheFirstRowOfTheNextDay() throws Exception {
    clock.pass(Duration.between(clock.instant(), Instant.parse("2026-08-21T07:07:00Z")));
    says(NOW, HEAD, row("23:50", 1), row("23:55", 2), row("00:00", 3));
    says("/outlook/history/20260820/fuelsource.csv", HEAD, row("00:00", 4), row("00:00", 5));
    says("/outlook/history/20260819/fuelsource.csv", HEAD, row("23:55", 4), row("00:00", 5));
    assertThat(caiso().current().validFrom()).isEqualTo(Instant.parse("2026-08-21T06:55:00Z"));
    assertThat(caiso().history(Instant.EPOCH, clock.instant()))
        .extracting(CarbonIntensity::validFrom)
        .containsExactly(
            Instant.parse("2026-08-20T06:55:00Z"),
            Instant.parse("2026-08-20T07:00:00Z"),
            Instant.parse("2026-08-21T06:50:00Z"),
            Instant.parse("2026-08-21T06:55:00Z"));
  }

  @Test
  void justAfterMidnightThePageMayBeTodaysWithOneRow() throws Exception {
    clock.pass(Duration.between(clock.instant(), Instant.parse("2026-08-21T07:04:00Z")));
    says(NOW, HEAD, row("00:00", 1), "00:05,,,,,,,,,,,,,");
    assertThat(caiso().current().validFrom()).isEqualTo(Instant.parse("2026-08-21T07:00:00Z"));
  }

  @Test
  void justAfterMidnightAPageWithoutRowsGivesWayToYesterdays() throws Exception {
    clock.pass(Duration.between(clock.instant(), Instant.parse("2026-08-21T07:04:00Z")));
    says(NOW, HEAD, "00:00,,,,,,,,,,,,,");
    says("/outlook/history/20260820/fuelsource.csv", HEAD, row("23:50", 1), row("23:55", 2));
    assertThat(caiso().current().validFrom()).isEqualTo(Instant.parse("2026-08-21T06:55:00Z"));
  }

  @Test
  void aPageThatIsStuckSinceYesterdayIsNotTakenForToday() {
    SERVER.stubFor(
        get(urlPathEqualTo(NOW))
            .willReturn(
                aResponse()
                    .withHeader(
                        "Last-Modified", HTTP_DATE.format(Instant.parse("2026-08-19T17:20:00Z")))
                    .withBody(String.join("\n", HEAD, row("10:15", 1)))));
    assertThat(refused())
        .hasMessageContaining("they end at 2026-08-19T17:20:00Z")
        .extracting(CarbonUnavailable::reason)
        .isEqualTo(CarbonUnavailable.FailureReason.NO_DATA);
  }

  @Test
  void aDayOf23HoursHasNoSecondHour() throws Exception {
    clock.pass(Duration.between(clock.instant(), Instant.parse("2026-03-09T20:00:00Z")));
    says("/outlook/history/20260308/fuelsource.csv", day(2, false));
    List<CarbonIntensity> past =
        caiso()
            .history(Instant.parse("2026-03-08T08:00:00Z"), Instant.parse("2026-03-09T07:00:00Z"));
    assertThat(past).hasSize(23 * 12);
    assertThat(past.getFirst().validFrom()).isEqualTo(Instant.parse("2026-03-08T08:00:00Z"));
    assertThat(past.getLast().validTo()).isEqualTo(Instant.parse("2026-03-09T07:00:00Z"));
  }

  @Test
  void aDayOf25HoursHasOneHourTwice() throws Exception {
    clock.pass(Duration.between(clock.instant(), Instant.parse("2026-11-02T20:00:00Z")));
    says("/outlook/history/20261101/fuelsource.csv", day(-1, true));
    List<CarbonIntensity> past =
        caiso()
            .history(Instant.parse("2026-11-01T07:00:00Z"), Instant.parse("2026-11-02T08:00:00Z"));
    assertThat(past).hasSize(25 * 12);
    for (int place = 1; place < past.size(); place++) {
      assertThat(past.get(place).validFrom()).isEqualTo(past.get(place - 1).validTo());
    }
  }

  @Test
  void thePastIsTodayAndThreeDaysBefore() throws Exception {
    says(NOW, HEAD, row("10:10", 1), row("10:15", 2));
    for (String day : List.of("20260819", "20260818", "20260817", "20260816")) {
      says("/outlook/history/" + day + "/fuelsource.csv", day(-1, false));
    }
    List<CarbonIntensity> past =
        caiso().history(clock.instant().minus(Duration.ofDays(28)), clock.instant());
    assertThat(past).hasSize(3 * 288 + 2);
    assertThat(past.getFirst().validFrom()).isEqualTo(Instant.parse("2026-08-17T07:00:00Z"));
    assertThat(SERVER.getAllServeEvents()).hasSize(4);
  }

  @Test
  void aDayThatCannotBeHadEndsThePastThere() throws Exception {
    says(NOW, HEAD, row("10:15", 2));
    says("/outlook/history/20260819/fuelsource.csv", day(-1, false));
    assertThat(caiso().history(clock.instant().minus(Duration.ofDays(28)), clock.instant()))
        .hasSize(289);
  }

  @Test
  void aRowThatIsBeingWrittenIsLeftOut() throws Exception {
    says(NOW, HEAD, row("10:10", 1), "10:15,9000,1500,,,,,,,,,,,");
    assertThat(caiso().current().validFrom()).isEqualTo(Instant.parse("2026-08-20T17:10:00Z"));
  }

  private static String[] day(int missingHour, boolean twice) {
    return IntStream.range(0, 24)
        .boxed()
        .flatMap(hour ->
            IntStream.range(0, twice && hour == 1 ? 24 : 12)
                .mapToObj(five -> LocalTime.of(hour, five % 12 * 5)))
        .map(time -> time.getHour() == missingHour ? time + ",,,,,,,,,,,,," : row("" + time, 5000))
        .collect(() -> new ArrayList<>(List.of(HEAD)), List::add, List::addAll)
        .toArray(String[]::new);
  }

  private static String row(String time, int gas) {
    return time + ",100,100,700,200,150,250,0,2250," + gas + ",1500,300,900,0";
  }

  private static void says(String path, String... lines) {
    SERVER.stubFor(
        get(urlPathEqualTo(path)).willReturn(aResponse().withBody(String.join("\n", lines))));
  }

  private FuelMix caiso() {
    return new FuelMix(
        new FuelMix.GridOptions(
            Optional.of(SERVER.url()), new Region("CAISO"), EmissionScope.LIFECYCLE),
        SERVER.http(clock),
        clock);
  }

  private CarbonUnavailable refused() {
    return catchThrowableOfType(CarbonUnavailable.class, () -> caiso().current());
  }
}
