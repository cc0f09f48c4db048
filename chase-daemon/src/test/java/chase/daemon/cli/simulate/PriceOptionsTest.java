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
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** A grid that is dirty by day, and prices that are dear by night and negative at noon. */
class PriceOptionsTest {
  private static final String PROFILE =
      """
      power_limit_watts,power_watts,throughput
      100,98,0.52
      150,145,0.85
      200,185,0.95
      250,200,1
      """;

  @TempDir Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void write() throws IOException {
    Files.writeString(directory.resolve("gpu.csv"), PROFILE);
    write("grid.csv", "time,grams_per_kwh", hour -> day(hour) ? 600 : 200);
    write("prices.csv", "time,eur_per_mwh", hour -> day(hour) ? -10 : 90);
    write("tenfold.csv", "time,eur_per_mwh", hour -> day(hour) ? -100 : 900);
  }

  private static boolean day(int hour) {
    return hour % 24 >= 6 && hour % 24 < 18;
  }

  private void write(String name, String header, IntToDoubleFunction value) throws IOException {
    List<String> lines = new ArrayList<>(List.of(header));
    Instant begin = Instant.parse("2026-03-01T00:00:00Z");
    for (int hour = 0; hour < 240; hour++) {
      lines.add(begin.plusSeconds(3600L * hour) + "," + value.applyAsDouble(hour));
    }
    Files.write(directory.resolve(name), lines);
  }

  private int simulate(String options) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "--signal",
                file("grid.csv"),
                "--profile",
                file("gpu.csv"),
                "--hours",
                "24",
                "--forecast",
                "perfect"));
    args.addAll(List.of(options.replace("DIR", directory.toString()).split(" ")));
    return new CommandLine(new SimulateCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(args.toArray(String[]::new));
  }

  private String file(String name) {
    return directory.resolve(name).toString();
  }

  private JsonNode json(String options) throws IOException {
    out.getBuffer().setLength(0);
    assertThat(simulate(options + " --format json")).as(err.toString()).isZero();
    return new ObjectMapper().readTree(out.toString());
  }

  private static double saved(JsonNode summary) {
    return summary.get("money").get("saved").asDouble();
  }

  @Test
  void moneyIsCountedToTheCentAlsoWhereItComesIn() throws IOException {
    JsonNode full = json("--policy max --price DIR/prices.csv").get(0);
    assertThat(full.get("money").get("amount").asDouble())
        .as("0.2 kW over 12 h at -10 and 12 h at 90 EUR/MWh")
        .isEqualTo(0.2 * (12 * -10 + 12 * 90) / 1000, within(1e-9));
    assertThat(full.get("money").get("currency").asText()).isEqualTo("EUR");
    assertThat(full.get("carbon_grams").asDouble()).isEqualTo(0.2 * 12 * (600 + 200), within(1e-6));
  }

  @Test
  void theWeightsDecideWhatIsSaved() throws IOException {
    String budget = "--policy budget:0.02 --price DIR/prices.csv --weights ";
    JsonNode carbon = json(budget + "carbon=1").get(0);
    JsonNode money = json(budget + "price=1").get(0);
    assertThat(saved(money)).isGreaterThan(saved(carbon));
    assertThat(carbon.get("carbon_saving").asDouble())
        .isGreaterThan(money.get("carbon_saving").asDouble());
    assertThat(money.get("slowdown").asDouble()).isLessThan(0.0201);
  }

  @Test
  void theScaleOfAPriceChangesNoDecision() throws IOException {
    JsonNode once = json("--policy budget:0.02 chase:0.5 --price DIR/prices.csv");
    JsonNode tenfold = json("--policy budget:0.02 chase:0.5 --price DIR/tenfold.csv");
    for (int i = 0; i < 2; i++) {
      assertThat(tenfold.get(i).get("carbon_grams").asDouble())
          .isEqualTo(once.get(i).get("carbon_grams").asDouble(), within(1e-6));
      assertThat(saved(tenfold.get(i))).isEqualTo(10 * saved(once.get(i)), within(1e-9));
    }
  }

  @Test
  void theTableHasTheMoneyAndItsWeights() {
    assertThat(simulate("--policy max budget:0.02 --price DIR/prices.csv --weights price=2"))
        .isZero();
    assertThat(out.toString())
        .contains("COST EUR", "SAVED EUR", "WEIGHT %")
        .contains("Simulated from grid.csv, prices.csv (carbon 0, price 2) and gpu.csv");
  }

  @Test
  void thePageNamesTheWeightOfEnergy() {
    assertThat(simulate("--policy max budget:0.02 --price DIR/prices.csv --format html")).isZero();
    assertThat(out.toString()).contains("weighted energy saved, %", "weight of energy", "EUR");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--weights price=1 | --weights: price counts only with --price FILE",
        "--price DIR/prices.csv --weights cost=1 | --weights: 'cost' is neither carbon nor price",
        "--price DIR/prices.csv --weights carbon=0 | --weights: carbon and price must not both be"
            + " 0",
        "--price DIR/prices.csv --weights carbon=-1 | --weights: carbon must be a number of 0 or"
            + " more",
        "--price DIR/grid.csv | :1: the header must be time,eur_per_mwh",
        "--price DIR/none.csv | none.csv: no such file",
      })
  void aWrongOptionIsRefused(String options, String message) {
    assertThat(simulate("--policy max " + options)).isEqualTo(2);
    assertThat(err.toString()).contains(message);
  }

  @Test
  void pricesOfAnotherYearAreRefused() throws IOException {
    Files.writeString(
        directory.resolve("old.csv"),
        "time,eur_per_mwh\n2020-01-01T00:00:00Z,1\n2020-01-01T01:00:00Z,2\n");
    assertThat(simulate("--policy max --price DIR/old.csv")).isEqualTo(2);
    assertThat(err.toString()).contains("they have no time in common");
  }
}
