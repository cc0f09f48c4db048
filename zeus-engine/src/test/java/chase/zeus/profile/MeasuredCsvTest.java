package chase.zeus.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeasuredCsvTest {
  private static final String HEADER =
      "power_limit_watts,power_watts,throughput,samples,power_deviation_watts,throughput_deviation";
  private static final MeasuredProfile PROFILE =
      MeasuredProfiles.profile(
          MeasuredProfiles.point(100, 98.382, 1.0 / 3),
          MeasuredProfiles.point(250, 220.25, 2.84e-4));

  @Test
  void whatIsWrittenIsReadBack() {
    String text = MeasuredCsv.write(PROFILE);
    assertThat(text).startsWith(HEADER + "\n100.0,98.382,0.333").endsWith("\n");
    assertThat(MeasuredCsv.parse("m.csv", text)).isEqualTo(PROFILE);
    assertThat(MeasuredCsv.parse("m.csv", text.replace("\n", "\r\n"))).isEqualTo(PROFILE);
  }

  @Test
  void anotherHeaderIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MeasuredCsv.parse("m.csv", "power_limit_watts,power_watts,throughput\n"))
        .withMessage("m.csv:1: the header must be " + HEADER);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MeasuredCsv.parse("m.csv", HEADER))
        .withMessage("m.csv:2: no power limits follow the header");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "150,120,2              | expected 6 columns, found 3",
        "150,120,NaN,9,1,1      | throughput is not a number: 'NaN'",
        "150,-120,2,9,1,1       | power_watts must be finite and above 0: -120",
        "0,120,2,9,1,1          | power_limit_watts must be finite and above 0: 0",
        "150,120,2,0.5,1,1      | samples must be finite and at least 1: 0.5",
        "150,120,2,1e999,1,1    | samples must be finite and at least 1: 1e999",
        "150,120,2,9,-1,1       | power_deviation_watts must be finite and not below 0: -1",
        "150,120,2,9,1,x        | throughput_deviation is not a number: 'x'",
        "100,120,2,9,1,1        | power_limit_watts must rise from line to line, but 100.0 follows"
            + " 100.0",
        "90,120,2,9,1,1         | power_limit_watts must rise from line to line, but 90.0 follows"
            + " 100.0"
      })
  void aBadLineIsRefusedByItsNumber(String line, String what) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MeasuredCsv.parse("m.csv", HEADER + "\n100,90,1,4,0,0\n" + line))
        .withMessage("m.csv:3: " + what);
  }
}
