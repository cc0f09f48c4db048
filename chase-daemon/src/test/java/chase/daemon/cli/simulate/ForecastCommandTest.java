package chase.daemon.cli.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class ForecastCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Path signal;

  ForecastCommandTest(@TempDir Path directory) {
    signal = directory.resolve("grid.csv");
  }

  @BeforeEach
  void write() throws IOException {
    Files.write(signal, days(20));
  }

  private static List<String> days(int days) {
    List<String> lines = new ArrayList<>(List.of("time,grams_per_kwh"));
    Instant begin = Instant.parse("2026-03-01T00:00:00Z");
    for (int hour = 0; hour < 24 * days; hour++) {
      double grams = 300 + 100 * Math.sin(hour * Math.PI / 12) + hour * 7919 % 13;
      lines.add(begin.plusSeconds(3600L * hour) + String.format(Locale.ROOT, ",%.1f", grams));
    }
    return lines;
  }

  private int forecast(String options) {
    List<String> args = new ArrayList<>(List.of("forecast", "--signal", signal.toString()));
    args.addAll(List.of(options.split(" ", -1)));
    return new CommandLine(new SimulateCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(args.toArray(String[]::new));
  }

  private JsonNode json(String options) throws IOException {
    assertThat(forecast(options + " --format json")).as(err.toString()).isZero();
    return new ObjectMapper().readTree(out.toString());
  }

  private static JsonNode of(JsonNode rows, String model, double hours) {
    for (JsonNode row : rows) {
      if (row.get("model").asText().equals(model)
          && row.path("horizon_hours").asDouble(0) == hours) {
        return row;
      }
    }
    throw new AssertionError("no " + model + " at " + hours + " h in " + rows);
  }

  @Test
  void everyModelIsScoredAtEveryHorizon() throws IOException {
    JsonNode rows =
        json("--from 2026-03-11T00:00:00Z --to 2026-03-16T00:00:00Z --horizons 1,4,24 --day-ahead");
    for (String model : List.of("persistence", "yesterday", "profile", "lite", "ridge", "mix")) {
      for (double hours : List.of(1.0, 4.0, 24.0)) {
        assertThat(of(rows, model, hours).get("count").asInt()).isEqualTo(5 * 24);
        assertThat(of(rows, model, hours).get("protocol").asText()).isEqualTo("exact");
      }
      assertThat(of(rows, model, 0).get("protocol").asText()).isEqualTo("day-ahead");
      assertThat(of(rows, model, 0).get("count").asInt()).isEqualTo(5 * 24);
    }
    assertThat(of(rows, "mix", 4).get("coverage").asDouble()).isBetween(0.6, 1.0);
    assertThat(of(rows, "lite", 4).has("coverage")).isFalse();
  }

  @Test
  void yesterdayAndPersistenceForecastByTheirDefinitions() throws IOException {
    JsonNode rows = json("--from 2026-03-11T00:00:00Z --horizons 1,24");
    List<String> lines = Files.readAllLines(signal);
    double hourly = 0;
    double daily = 0;
    int first = 1 + 10 * 24;
    for (int line = first; line < lines.size(); line++) {
      hourly += Math.abs(grams(lines, line) - grams(lines, line - 1)) / grams(lines, line);
      daily += Math.abs(grams(lines, line) - grams(lines, line - 24)) / grams(lines, line);
    }
    assertThat(of(rows, "persistence", 1).get("error_ratio").asDouble())
        .isCloseTo(hourly / (lines.size() - first), within(1e-4));
    assertThat(of(rows, "yesterday", 24).get("error_ratio").asDouble())
        .isCloseTo(daily / (lines.size() - first), within(1e-4));
  }

  @Test
  void aGridOfMinutesIsScoredMinutesAhead() throws IOException {
    List<String> lines = new ArrayList<>(List.of("time,grams_per_kwh"));
    Instant begin = Instant.parse("2026-03-01T00:00:00Z");
    for (int i = 0; i < 288 * 3; i++) {
      lines.add(begin.plusSeconds(300L * i) + "," + (300 + i * 7919 % 13));
    }
    Files.write(signal, lines);
    String options = "--from 2026-03-03T00:00:00Z --horizons 5m,15m,1h30m,4";
    assertThat(forecast(options)).as(err.toString()).isZero();
    assertThat(out.toString()).containsPattern("ERROR % +5 min +15 min +1.5 h +4 h");
    out.getBuffer().setLength(0);
    JsonNode rows = json(options);
    assertThat(of(rows, "mix", 0.25).get("count").asInt()).isEqualTo(288);
    assertThat(of(rows, "mix", 1.5).get("count").asInt()).isEqualTo(288);
  }

  private static double grams(List<String> lines, int line) {
    return Double.parseDouble(lines.get(line).split(",", -1)[1]);
  }

  @Test
  void laterValuesChangeNoForecast() throws IOException {
    String window = "--from 2026-03-11T00:00:00Z --to 2026-03-12T00:00:00Z";
    JsonNode before = json(window);
    out.getBuffer().setLength(0);
    List<String> lines = new ArrayList<>(days(20));
    for (int line = 1 + 11 * 24; line < lines.size(); line++) {
      lines.set(line, lines.get(line).split(",", -1)[0] + ",5");
    }
    Files.write(signal, lines);
    assertThat(json(window)).isEqualTo(before);
  }

  @Test
  void lessHistoryChangesTheScores() throws IOException {
    JsonNode all = json("--from 2026-03-11T00:00:00Z");
    out.getBuffer().setLength(0);
    JsonNode day = json("--from 2026-03-11T00:00:00Z --history 1d");
    assertThat(of(day, "persistence", 1)).isEqualTo(of(all, "persistence", 1));
    assertThat(of(day, "lite", 4)).isNotEqualTo(of(all, "lite", 4));
  }

  @Test
  void theTableNamesItsBasis() {
    assertThat(forecast("--from 2026-03-11T00:00:00Z --day-ahead")).isZero();
    assertThat(out.toString())
        .contains("ERROR %", "1 h", "4 h", "24 h", "DAY AHEAD", "in 80 % interval")
        .contains("grid.csv", "2026-03-11T00:00:00Z to\n2026-03-21T00:00:00Z")
        .contains("learned online from\n2026-03-01T00:00:00Z");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --horizons 0.5                | a horizon of 30 min is no multiple of the signal's step of 60 min
          --horizons 97                 | --horizons: 97 must lie above 0 and up to 96 hours
          --horizons 97h                | --horizons: 97h must lie above 0 and up to 96 hours
          --horizons 0m                 | --horizons: 0m must lie above 0 and up to 96 hours
          --horizons 1e300              | --horizons: 1e300 must lie above 0 and up to 96 hours
          --horizons one                | --horizons: 'one' is not a number
          --history yesterday           | --history: 'yesterday' is not a time such as 1d or 36h
          --from noon                   | --from: 'noon' is not a time such as 2026-11-23T18:00:00Z
          --from 2025-01-01T00:00:00Z   | must lie within
          --history 90d                 | less --history of 2160 h
          --to 2026-03-01T00:00:00Z     | must lie within
          --format html                 | 'html' is not one of table, wide, json
          """)
  void aWrongTimeIsRefused(String options, String message) {
    assertThat(forecast(options)).isEqualTo(2);
    assertThat(err.toString()).contains(message);
  }

  @Test
  void theSignalIsRequiredAndNothingOfThePolicies() {
    int code =
        new CommandLine(new SimulateCommand()).setErr(new PrintWriter(err)).execute("forecast");
    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains("--signal").doesNotContain("--policy");
  }
}
