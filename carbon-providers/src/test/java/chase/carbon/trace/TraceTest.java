package chase.carbon.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import chase.carbon.GramsPerKwh;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceTest {
  private static final String GOOD =
      """
      time,grams_per_kwh
      2020-01-01T00:00:00Z,242.9
      2020-01-01T01:00:00Z,0
      2020-01-01T02:00:00Z,3e2
      """;

  @TempDir Path folder;

  @Test
  void rowsAreReadInOrder() throws Exception {
    Trace trace = Trace.read(file(GOOD));
    assertThat(trace.rows()).isEqualTo(3);
    assertThat(trace.first()).isEqualTo(Instant.parse("2020-01-01T00:00:00Z"));
    assertThat(trace.end()).isEqualTo(Instant.parse("2020-01-01T03:00:00Z"));
    assertThat(trace.span()).isEqualTo(Duration.ofHours(3));
    assertThat(trace.value(0)).isEqualTo(new GramsPerKwh(242.9));
    assertThat(trace.value(2)).isEqualTo(new GramsPerKwh(300));
  }

  @Test
  void carriageReturnsAndAMissingLastNewlineAreTolerated() throws Exception {
    assertThat(Trace.read(file(GOOD.replace("\n", "\r\n"))).rows()).isEqualTo(3);
    assertThat(Trace.read(file(GOOD.stripTrailing())).rows()).isEqualTo(3);
  }

  @Test
  void aLineOfManyCommasIsRefusedBeforeTheEndOfTime() throws Exception {
    refused(GOOD + ",".repeat(2_000_000) + "x\n")
        .isEqualTo(":5: expected 2 columns, found 2000001");
  }

  @Test
  void twoYearsOfHoursAreReadWhole() throws Exception {
    Instant start = Instant.parse("2020-01-01T00:00:00Z");
    StringBuilder csv = new StringBuilder("time,grams_per_kwh\n");
    for (int hour = 0; hour < 17_544; hour++) {
      csv.append(start.plus(Duration.ofHours(hour))).append(',').append(hour).append('\n');
    }
    Trace trace = Trace.read(file(csv.toString()));
    assertThat(trace.rows()).isEqualTo(17_544);
    assertThat(trace.end()).isEqualTo(Instant.parse("2022-01-01T00:00:00Z"));
    assertThat(trace.value(17_543)).isEqualTo(new GramsPerKwh(17_543));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"time;grams_per_kwh", "time,grams_per_kwh,note", "2020-01-01T00:00:00Z,242.9", ""})
  void anotherHeaderIsRefused(String header) throws Exception {
    refused(GOOD.replace("time,grams_per_kwh", header))
        .isEqualTo(":1: the header must be time,grams_per_kwh, is \"" + header + "\"");
  }

  @Test
  void marksBlanksAndCommasOfSpreadsheetsAreTolerated() throws Exception {
    String odd = "\uFEFF" + GOOD.replace("time,grams", " Time , grams").replace("\n", ",,\r\n\r\n");
    Trace trace = Trace.read(file(odd));
    assertThat(trace.rows()).isEqualTo(3);
    assertThat(trace.value(0)).isEqualTo(new GramsPerKwh(242.9));
  }

  @Test
  void theOrderOfRowsDoesNotMatterAndOfTwoForOneTimeTheLaterCounts() throws Exception {
    Trace trace = Trace.read(file(GOOD + "2019-12-31T23:00:00Z,9\n2020-01-01T01:00:00Z,7\n"));
    assertThat(trace.first()).isEqualTo(Instant.parse("2019-12-31T23:00:00Z"));
    assertThat(trace.rows()).isEqualTo(4);
    assertThat(trace.value(2)).isEqualTo(new GramsPerKwh(7));
  }

  @Test
  void oneUnreadableRowInTenCostsThatRow() throws Exception {
    StringBuilder csv = new StringBuilder("time,grams_per_kwh\n");
    for (int hour = 0; hour < 10; hour++) {
      csv.append(
          String.format(Locale.ROOT, "2020-01-01T0%d:00:00Z,%s\n", hour, hour == 4 ? "n/a" : "30"));
    }
    List<String> said = new ArrayList<>();
    assertThat(Trace.read(file(csv.toString()), said::add).rows()).isEqualTo(9);
    assertThat(said).hasSize(1);
    assertThat(said.getFirst())
        .contains(":6: \"n/a\" is not a number of gCO2/kWh")
        .contains("; 1 of the 10 rows of ")
        .endsWith(" cannot be read and are left out");
    refused(csv.toString()).startsWith(":6: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          2020-01-01T01:00:00Z       | expected 2 columns, found 1
          2020-01-01T01:00:00Z,1,2   | expected 2 columns, found 3
          2020-01-01T01:00:00Z;1     | expected 2 columns, found 1
          2020-01-01 01:00,1         | "2020-01-01 01:00" is not an instant such as 2021-01-31T23:00:00Z
          2020-01-01T01:00:00,1      | "2020-01-01T01:00:00" is not an instant such as 2021-01-31T23:00:00Z
          2020-13-01T01:00:00Z,1     | "2020-13-01T01:00:00Z" is not an instant such as 2021-01-31T23:00:00Z
          +1000000000-01-01T01:00:00Z,1 | "+1000000000-01-01T01:00:00Z" is not an instant such as 2021-01-31T23:00:00Z
          ,1                         | "" is not an instant such as 2021-01-31T23:00:00Z
          2020-01-01T01:00:00Z,      | expected 2 columns, found 1
          2320-01-01T01:00:00Z,1     | "2320-01-01T01:00:00Z" is not an instant such as 2021-01-31T23:00:00Z
          2020-01-01T01:00:00Z,NaN   | "NaN" is not a number of gCO2/kWh, zero or more
          2020-01-01T01:00:00Z,-1    | "-1" is not a number of gCO2/kWh, zero or more
          2020-01-01T01:00:00Z,1e999 | "1e999" is not a number of gCO2/kWh, zero or more
          2020-01-01T01:00:00Z,Infinity | "Infinity" is not a number of gCO2/kWh, zero or more
          2020-01-01T01:00:00Z,0x1p3 | "0x1p3" is not a number of gCO2/kWh, zero or more
          """)
  void aBadRowIsRefusedByItsLine(String row, String message) throws Exception {
    refused(GOOD.replace("2020-01-01T01:00:00Z,0", row)).isEqualTo(":3: " + message);
  }

  @Test
  void aTraceWithoutTwoRowsIsRefused() throws Exception {
    refused("").isEqualTo(":1: the file is empty");
    refused("time,grams_per_kwh\n")
        .isEqualTo(":1: a trace needs two rows at least, this one has 0");
    refused("time,grams_per_kwh\n2020-01-01T00:00:00Z,1\n")
        .isEqualTo(":2: a trace needs two rows at least, this one has 1");
  }

  @Test
  void aFileThatIsNotTextIsRefused() throws Exception {
    Path file = folder.resolve("binary.csv");
    Files.write(file, "time,grams_per_kwh\n\u00ff".getBytes(StandardCharsets.ISO_8859_1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Trace.read(file))
        .withMessageStartingWith(file + ":")
        .withMessageContaining("not UTF-8");
  }

  @Test
  void aFileThatCannotBeReadIsNamed() {
    Path missing = folder.resolve("missing.csv");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Trace.read(missing))
        .withMessage(missing + ": no such file");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Trace.read(folder))
        .withMessageStartingWith(folder + ": cannot be read: ");
  }

  private AbstractStringAssert<?> refused(String text) throws IOException {
    Path file = file(text);
    String message =
        catchThrowableOfType(IllegalArgumentException.class, () -> Trace.read(file)).getMessage();
    return assertThat(Objects.requireNonNull(message).substring(file.toString().length()));
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("trace.csv"), text);
  }
}
