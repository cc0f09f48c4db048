package chase.zeus.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.unit.Watts;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProfileCsvTest {
  private static final String HEADER = "power_limit_watts,power_watts,throughput";
  private static final PowerProfile EXPECTED =
      new PowerProfile(
          List.of(
              new Point(new Watts(100), new Watts(98.382), 0.000147467105),
              new Point(new Watts(250), new Watts(220.25), 2.84e-4)));

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n"})
  void everyLineBecomesAPoint(String end) {
    String text = String.join(end, HEADER, "100,98.382,0.000147467105", "250.0, 220.25 ,2.84e-4");
    assertThat(ProfileCsv.parse("p.csv", text)).isEqualTo(EXPECTED);
    assertThat(ProfileCsv.parse("p.csv", text + end)).isEqualTo(EXPECTED);
  }

  @Test
  void marksAndCommasOfSpreadsheetsDoNotMatter() {
    String text =
        "\uFEFF"
            + HEADER
            + ",\r\n100,98.382,0.000147467105,,\r\n250.0, 220.25 ,2.84e-4 ,\r\n,,\r\n";
    assertThat(ProfileCsv.parse("p.csv", text)).isEqualTo(EXPECTED);
  }

  @Test
  void anErrorIsOneShortLineWhateverTheCellHolds() {
    String cell = "\u001b[2J\u202e" + "9x".repeat(50_000);
    assertThatThrownBy(() -> ProfileCsv.parse("p.csv", HEADER + "\n" + cell + ",90,1\n"))
        .message()
        .startsWith("p.csv:2: power_limit_watts is not a number: '?[2J?9x")
        .hasSizeLessThan(200)
        .doesNotContainPattern("\\p{Cntrl}|\u202e");
  }

  @Test
  void onePointIsAProfile() {
    assertThat(ProfileCsv.parse("p.csv", HEADER + "\n100,90,1").points()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "100,90,1\n",
        "power_watts,power_limit_watts,throughput\n100,90,1\n",
        "power_limit_watts,power_watts,throughput,note\n100,90,1,x\n"
      })
  void anotherHeaderIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProfileCsv.parse("p.csv", text))
        .withMessage("p.csv:1: the header must be " + HEADER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "\r\n"})
  void aHeaderAloneIsRefused(String end) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProfileCsv.parse("p.csv", HEADER + end))
        .withMessage("p.csv:2: no power limits follow the header");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "150,120       | expected 3 columns, found 2",
        "150,120,2,9   | expected 3 columns, found 4",
        "''            | expected 3 columns, found 1",
        "150,120,      | throughput is not a number: ''",
        "150,,2        | power_watts is not a number: ''",
        "15O,120,2     | power_limit_watts is not a number: '15O'",
        "150,120,fast  | throughput is not a number: 'fast'",
        "150,120,NaN   | throughput is not a number: 'NaN'",
        "150,120W,2    | power_watts is not a number: '120W'",
        "150d,120,2    | power_limit_watts is not a number: '150d'",
        "150,120,1e999 | throughput is too large: 1e999",
        "150,120,0     | throughput must be above 0: 0",
        "150,0.0,2     | power_watts must be above 0: 0.0",
        "-150,120,2    | power_limit_watts must be above 0: -150",
        "100,120,2     | power_limit_watts must rise from line to line, but 100.0 follows 100.0",
        "99.5,120,2    | power_limit_watts must rise from line to line, but 99.5 follows 100.0"
      })
  void aBadLineIsRefusedByItsNumber(String line, String what) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProfileCsv.parse("p.csv", HEADER + "\n100,90,1\n" + line + "\n250,220,3"))
        .withMessage("p.csv:3: " + what);
  }
}
