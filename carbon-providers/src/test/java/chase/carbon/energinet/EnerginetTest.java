package chase.carbon.energinet;

import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.GramsPerKwh;
import chase.carbon.Provenance;
import chase.carbon.Region;
import chase.carbon.fixtures.TestClock;
import chase.carbon.fixtures.TestProviderServer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnerginetTest {
  @RegisterExtension static final TestProviderServer SERVER = new TestProviderServer();

  private final TestClock clock = new TestClock("2023-12-20T12:12:00Z");

  @Test
  void theNewestMeasuredFiveMinutesAreTheNumberForNow() throws Exception {
    SERVER.returnsJson(
        "/dataset/CO2Emis", emissions(row("11:55:00", "90"), row("12:00:00", "94.0")));
    CarbonIntensity current = energinet().current();
    assertThat(current.value()).isEqualTo(new GramsPerKwh(94));
    assertThat(current.provenance()).isEqualTo(new Provenance.Measured());
    assertThat(current.validFrom()).isEqualTo(Instant.parse("2023-12-20T12:00:00Z"));
    assertThat(current.validTo()).isEqualTo(Instant.parse("2023-12-20T12:05:00Z"));
    SERVER.verify(
        getRequestedFor(urlPathEqualTo("/dataset/CO2Emis"))
            .withQueryParam("start", equalTo("2023-12-20T11:12"))
            .withQueryParam("end", absent())
            .withQueryParam("filter", equalTo("{\"PriceArea\":[\"DK1\"]}"))
            .withQueryParam("sort", equalTo("Minutes5UTC asc")));
  }

  @ParameterizedTest
  @CsvSource({"11:45:00, 90", "12:05:00, null"})
  void whenMeasurementsAreLateThePrognosisForNowWillDo(String time, String value) throws Exception {
    SERVER.returnsJson("/dataset/CO2Emis", emissions(row(time, value)));
    SERVER.returnsJson(
        "/dataset/CO2EmisProg", emissions(row("12:10:00", "70"), row("12:15:00", "60")));
    CarbonIntensity current = energinet().current();
    assertThat(current.value()).isEqualTo(new GramsPerKwh(70));
    assertThat(current.provenance()).isEqualTo(new Provenance.ForecastByProvider(Duration.ZERO));
  }

  @Test
  void aZeroIsReadAfterSmallNumbersAndOneAfterOthersIsAMissingNumber() throws Exception {
    SERVER.returnsJson(
        "/dataset/CO2Emis",
        emissions(row("11:50:00", "3"), row("11:55:00", "1"), row("12:00:00", "0")));
    assertThat(energinet().current().value()).isEqualTo(new GramsPerKwh(0));
    SERVER.returnsJson(
        "/dataset/CO2Emis",
        emissions(row("11:50:00", "301"), row("11:55:00", "300"), row("12:00:00", "0")));
    assertThat(energinet().current().value()).isEqualTo(new GramsPerKwh(300));
  }

  @Test
  void thePrognosisBeginsNow() throws Exception {
    SERVER.returnsJson(
        "/dataset/CO2EmisProg",
        emissions(row("12:05:00", "80"), row("12:10:00", "70"), row("12:15:00", "60")));
    List<CarbonIntensity> ahead = energinet().forecast();
    assertThat(ahead)
        .extracting(CarbonIntensity::provenance)
        .containsExactly(
            new Provenance.ForecastByProvider(Duration.ZERO),
            new Provenance.ForecastByProvider(Duration.ofMinutes(3)));
  }

  @Test
  void thePastIsRequestedInUtcInEverySeasonAndCutToTheRange() throws Exception {
    SERVER.returnsJson(
        "/dataset/CO2Emis",
        emissions(row("09:55:00", "80"), row("10:00:00", "70"), row("12:00:00", "60")));
    List<CarbonIntensity> past =
        energinet()
            .history(Instant.parse("2023-12-20T10:00:00Z"), Instant.parse("2023-12-20T11:00:00Z"));
    assertThat(past)
        .extracting(CarbonIntensity::value)
        .containsExactly(new GramsPerKwh(80), new GramsPerKwh(70));
    SERVER.verify(
        getRequestedFor(urlPathEqualTo("/dataset/CO2Emis"))
            .withQueryParam("start", equalTo("2023-12-20T10:00"))
            .withQueryParam("end", equalTo("2023-12-20T13:00")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          200 | {"total":0,"records":[]}                    | NO_DATA
          200 | {}                                          | MALFORMED
          200 | ``                                          | MALFORMED
          200 | <html>no</html>                             | MALFORMED
          200 | {"records":[{"PriceArea":"DK1","CO2Emission":7}]} | MALFORMED
          200 | {"records":[{"Minutes5UTC":"2023-12-20T12:10:00","PriceArea":"DK2","CO2Emission":7}]} | IMPLAUSIBLE
          200 | {"records":[{"Minutes5UTC":"2023-12-20T12:10:00","PriceArea":"DK1","CO2Emission":"low"}]} | MALFORMED
          400 | {"message":"Unknown column"}                | MALFORMED
          404 | <html>no</html>                             | PROVIDER_DOWN
          429 | Too many requests                           | THROTTLED
          502 | <html>no</html>                             | PROVIDER_DOWN
          """)
  void whatIsNoAnswerIsNamedByWhatToDoAboutIt(int status, String body, FailureReason reason) {
    SERVER.returns(status, body);
    CarbonUnavailable refused =
        catchThrowableOfType(CarbonUnavailable.class, () -> energinet().current());
    assertThat(refused.reason()).isEqualTo(reason);
    assertThat(refused).hasMessageStartingWith("energinet DK1: ");
  }

  @Test
  void theCheckNamesWhatTheProviderAllows() throws Exception {
    SERVER.returnsJson("/dataset/CO2EmisProg", emissions(row("12:10:00", "70")));
    assertThat(energinet().check().message())
        .startsWith("energinet DK1: may ask latest, history and forecast");
  }

  @Test
  void anAreaWithoutNumbersIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Energinet(SERVER.url(), new Region("SE3"), SERVER.http(clock), clock))
        .withMessage("energinet region: must be DK1 or DK2, is SE3");
  }

  private Energinet energinet() {
    return new Energinet(SERVER.url(), new Region("DK1"), SERVER.http(clock), clock);
  }

  private static String emissions(String... rows) {
    return "{\"total\":1465496,\"limit\":4,\"dataset\":\"CO2Emis\",\"records\":["
        + String.join(",", rows)
        + "]}";
  }

  private static String row(String time, String grams) {
    return "{\"Minutes5UTC\":\"2023-12-20T%s\",\"Minutes5DK\":\"2023-12-20T13:00:00\",\"PriceArea\":\"DK1\",\"CO2Emission\":%s}"
        .formatted(time, grams);
  }
}
