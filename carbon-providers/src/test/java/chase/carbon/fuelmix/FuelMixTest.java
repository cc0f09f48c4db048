package chase.carbon.fuelmix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.Provenance;
import chase.carbon.ProviderCheck;
import chase.carbon.ProviderCheck.Ability;
import chase.carbon.Region;
import chase.carbon.SignalKind;
import chase.carbon.SignalKind.EmissionScope;
import chase.carbon.SignalKind.Margin;
import chase.carbon.fixtures.TestClock;
import chase.carbon.fixtures.TestProviderServer;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What all operators' pages have in common. */
class FuelMixTest {
  @RegisterExtension static final TestProviderServer SERVER = new TestProviderServer();

  private static final String CAISO =
      "Time,Natural Gas,Nuclear,Imports\n16:10,100,300,0\n16:15,300,100,0\n";

  private final TestClock clock = new TestClock("2026-11-20T00:22:00Z");

  @Test
  void aValueSaysWhatItIsAndForWhichFiveMinutes() throws Exception {
    SERVER.returns(200, CAISO);
    CarbonIntensity current = grid("CAISO").client(EmissionScope.DIRECT).current();
    assertThat(current.kind()).isEqualTo(new SignalKind(Margin.AVERAGE, EmissionScope.DIRECT));
    assertThat(current.provenance())
        .isEqualTo(new Provenance.Estimated("own calculation from the operator's mix"));
    assertThat(current.provider()).isEqualTo("fuel-mix");
    assertThat(current.region()).isEqualTo(new Region("CAISO"));
    assertThat(current.validFrom()).isEqualTo(Instant.parse("2026-11-20T00:15:00Z"));
    assertThat(current.age(clock.instant())).isEqualTo(Duration.ofMinutes(2));
    assertThat(current.value().value()).isEqualTo(277.5);
    assertThat(grid("CAISO").client(EmissionScope.LIFECYCLE).current().value().value())
        .isEqualTo(370.5);
  }

  @Test
  void rowsMayBeLateButNotForEver() throws Exception {
    SERVER.returns(200, CAISO);
    clock.pass(Duration.ofMinutes(28));
    assertThat(grid("CAISO").client().current().age(clock.instant()))
        .isEqualTo(Duration.ofMinutes(30));
    clock.pass(Duration.ofMinutes(1));
    assertThat(refused("CAISO")).hasMessageContaining("they end at 2026-11-20T00:20:00Z");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          403 | <html>Access Denied</html>        | PROVIDER_DOWN | the operator's site refuses this host's address
          403 | {"message":"Forbidden"}           | PROVIDER_DOWN | try another network, or http.proxy (403): Forbidden
          404 | <html>gone</html>                 | NO_DATA       | the operator has no such page (404)
          429 | slow down                         | THROTTLED     | too many requests (429)
          503 | <html>maintenance</html>          | PROVIDER_DOWN | failure at the provider (503)
          200 | <html>Pardon our interruption     | MALFORMED     | answered 200 with a web page instead of
          200 | ``                                | MALFORMED     | answered 200 with an empty body instead of
          200 | soon                              | MALFORMED     | answer
          """)
  void whatIsNoMixIsNamedByWhatToDoAboutIt(
      int status, String body, FailureReason reason, String message) {
    SERVER.returns(status, body);
    for (GridOperator operator : GridOperator.values()) {
      CarbonUnavailable refused = refused(operator.name());
      assertThat(refused)
          .hasMessageStartingWith("fuel-mix " + operator + ": ")
          .hasMessageContaining(message);
      assertThat(refused.reason()).isEqualTo(reason);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          CAISO | Time,Coal\\n16:15,\\n                                  | no number for
          CAISO | Hour,Coal\\n16:15,1\\n                                 | lacks the column Time, it has Hour, Coal
          CAISO | Time,Coal\\nnoon,1\\n                                  | Time is noon, which is not a time as HH:MM
          CAISO | Time,Coal\\n16:15,much\\n                              | Coal is much, which is not a number
          CAISO | Time,Coal\\n16:15,11111111111111111111111111111111111111111\\n | which is not a number
          CAISO | Time,Batteries\\n16:15,5\\n                            | nothing feeds the grid at
          NYISO | Time Stamp,Time Zone,Fuel Category\\n1,2,3\\n          | lacks the column Gen MW
          SPP   | GMT MKT Interval,Coal Market\\n2026,1\\n               | which is not a time as YYYY-MM-DD
          ERCOT | {"data":[]}                                            | answer's data is not an object
          ERCOT | {"data":{"2026-11-19":null,"x":{"soon":{"Coal":{"gen":1}}}}} | no number for
          MISO  | {"Fuel":{}}                                            | lacks Fuel.Type
          MISO  | {"Fuel":{"Type":[{"CATEGORY":"Coal","ACT":"1"}]}}      | no number for
          """)
  void aMixThatCannotBeReadIsRefusedByName(String operator, String body, String message) {
    SERVER.returns(200, body.replace("\\n", "\n"));
    assertThat(refused(operator))
        .hasMessageStartingWith("fuel-mix " + operator + ": ")
        .hasMessageContaining(message);
  }

  @Test
  void aRowWithoutStorageIsComplete() throws Exception {
    SERVER.returns(200, "Time,Natural Gas,Nuclear,Batteries\n16:10,100,300,-50\n16:15,300,100,\n");
    assertThat(grid("CAISO").current()).startsWith("2026-11-20T00:15:00Z");
  }

  @Test
  void aFuelThatStaysAwayForHalfAnHourIsNoneAnyMore() throws Exception {
    StringBuilder page = new StringBuilder("Time,Natural Gas,Nuclear,Coal\n");
    for (int minute = 0; minute < 60; minute += 5) {
      page.append(
          String.format(Locale.ROOT, "15:%02d,100,300,%s\n", minute, minute > 40 ? "" : "7"));
    }
    page.append("16:00,100,300,\n16:05,100,300,\n16:10,100,300,\n16:15,100,300,\n");
    SERVER.returns(200, page.toString());
    assertThat(
            grid("CAISO")
                .client()
                .history(clock.instant().minus(Duration.ofHours(2)), clock.instant()))
        .hasSize(9 + 2)
        .extracting(CarbonIntensity::validFrom)
        .contains(
            Instant.parse("2026-11-19T23:40:00Z"),
            Instant.parse("2026-11-20T00:10:00Z"),
            Instant.parse("2026-11-20T00:15:00Z"));
  }

  @ParameterizedTest
  @EnumSource
  void noDamageMakesMoreThanARefusal(GridOperator operator) throws Exception {
    long seed = Long.getLong("chase.seed", 20_261_130L);
    Random random = new Random(seed);
    for (int round = 0; round < 60; round++) {
      StringBuilder body = new StringBuilder(DocumentedPages.of(operator));
      for (int hits = random.nextInt(4); hits >= 0; hits--) {
        int place = random.nextInt(body.length());
        switch (random.nextInt(3)) {
          case 0 -> body.setCharAt(place, (char) random.nextInt(0x3000));
          case 1 -> body.delete(place, Math.min(body.length(), place + random.nextInt(40)));
          default -> body.insert(place, body.charAt(random.nextInt(body.length())));
        }
      }
      SERVER.returns(200, body.toString());
      try {
        double grams = grid(operator.name()).client().current().value().value();
        assertThat(grams).as("seed %d, round %d: %s", seed, round, body).isBetween(0.0, 760.0);
      } catch (CarbonUnavailable refused) {
        assertThat(refused.getMessage())
            .as("seed %d, round %d", seed, round)
            .startsWith("fuel-mix " + operator + ": ")
            .doesNotContain("\n");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"PJM", "caiso", "US-CAL-CISO", "ISO-NE"})
  void anOperatorWithoutAPageIsRefusedBeforeAnyCall(String region) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> grid(region).client())
        .withMessage("fuel-mix region: must be CAISO, ERCOT, NYISO, MISO or SPP, is " + region);
  }

  @Test
  void theRegionsAreListedWithTheirPlaces() {
    assertThat(FuelMix.REGIONS)
        .hasSize(GridOperator.values().length)
        .anyMatch(one -> one.place().equals("California (CAISO)"));
  }

  @Test
  void theCheckNamesWhatThePagesGive() throws Exception {
    SERVER.returns(200, CAISO);
    ProviderCheck access = grid("CAISO").client().check();
    assertThat(access.message()).isEqualTo("fuel-mix CAISO: may ask latest and history");
    assertThat(access.abilities()).containsExactlyInAnyOrder(Ability.LATEST, Ability.HISTORY);
    SERVER.returns(403, "<html>");
    assertThat(grid("CAISO").client().check().failure()).contains(FailureReason.PROVIDER_DOWN);
  }

  private TestGrid grid(String operator) {
    return new TestGrid(SERVER, operator, clock);
  }

  private CarbonUnavailable refused(String operator) {
    return catchThrowableOfType(CarbonUnavailable.class, () -> grid(operator).client().current());
  }
}
