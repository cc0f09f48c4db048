package chase.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.fixtures.NoLocalActions;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** {@code chase signal zones}, for which no daemon runs. */
class ZonesCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int chase(String line) {
    return ChaseCommand.run(
        line.split(" ", -1), new NoLocalActions(), new PrintWriter(out), new PrintWriter(err));
  }

  @Test
  void onePlaceIsShownWithWhatToWrite() {
    assertThat(chase("signal zones dk1")).isZero();
    assertThat(out.toString().lines())
        .containsExactly(
            "PLACE         PROVIDER          carbon.region  KEY    FORECAST    PRICE",
            "West Denmark  energinet         DK1            none   9 to 36 h   DK1",
            "              electricity-maps  DK-DK1         token  paid plans  -",
            "",
            "carbon:",
            "  provider: energinet",
            "  region: DK1");
  }

  @Test
  void ofSeveralPlacesWhatToWriteIsThatOfTheFirst() {
    assertThat(chase("signal zones texas")).isZero();
    assertThat(out.toString())
        .endsWith(
            """

            # Texas (ERCOT)
            carbon:
              provider: fuel-mix
              region: ERCOT
            """);
  }

  @Test
  void aProviderWithAKeyIsWrittenWithIt() {
    assertThat(chase("signal zones pjm")).isZero();
    assertThat(out.toString())
        .endsWith(
            """
            carbon:
              provider: pjm
              region: PJM
              pjm:
                key-file: /etc/chase/pjm.key
            """);
  }

  @Test
  void scriptsGetEveryCellAndWholeRows() {
    assertThat(chase("signal zones dk1 --no-headers -o place,provider,region")).isZero();
    assertThat(out.toString().lines())
        .containsExactly(
            "West Denmark  energinet         DK1", "West Denmark  electricity-maps  DK-DK1");
    assertThat(chase("signal zones DK1 --json")).isZero();
    assertThat(out.toString())
        .contains("\"place\" : \"West Denmark\"", "\"carbon_regions\" : [ \"DK-DK1\" ]");
  }

  @Test
  void whatIsNotFoundFailsWithTheNearestName() {
    assertThat(chase("signal zones Germny")).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo(
            "chase: no place, code or provider begins with 'Germny'; did you mean 'Germany'?\n");
    err.getBuffer().setLength(0);
    assertThat(chase("signal zones frnace")).isEqualTo(1);
    assertThat(err.toString()).endsWith("'frnace'; did you mean 'France'?\n");
    assertThat(chase("signal zones -o plce")).isEqualTo(2);
  }

  @Test
  void everythingIsListedInTheWidthOfATerminal() {
    assertThat(chase("signal zones")).isZero();
    assertThat(out.toString().lines().count()).isGreaterThan(300);
    assertThat(out.toString().lines())
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
  }
}
