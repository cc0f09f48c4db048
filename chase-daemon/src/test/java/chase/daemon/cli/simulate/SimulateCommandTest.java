package chase.daemon.cli.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import picocli.CommandLine;

class SimulateCommandTest {
  private static final String PROFILE =
      """
      power_limit_watts,power_watts,throughput
      100,98,0.52
      150,145,0.85
      200,185,0.95
      250,220,1
      """;

  private static final String PAGE =
      "--policy max budget:0.05 chase:0.5 --format html --start 2026-03-02T00:00:00Z";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Path signal;
  private final Path profile;

  SimulateCommandTest(@TempDir Path directory) {
    signal = directory.resolve("grid.csv");
    profile = directory.resolve("gpu.csv");
  }

  @BeforeEach
  void write() throws IOException {
    Files.writeString(profile, PROFILE);
    Files.write(signal, days(10));
  }

  private static List<String> days(int days) {
    List<String> lines = new ArrayList<>(List.of("time,grams_per_kwh"));
    Instant begin = Instant.parse("2026-03-01T00:00:00Z");
    for (int hour = 0; hour < 24 * days; hour++) {
      double grams = 300 + 200 * Math.sin(hour * Math.PI / 12) + hour % 7;
      lines.add(begin.plusSeconds(3600L * hour) + String.format(Locale.ROOT, ",%.1f", grams));
    }
    return lines;
  }

  private int simulate(String options) {
    List<String> args =
        new ArrayList<>(List.of("--signal", signal.toString(), "--profile", profile.toString()));
    args.addAll(List.of(options.split(" ")));
    return new CommandLine(new SimulateCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(args.toArray(String[]::new));
  }

  private JsonNode json(String options) throws IOException {
    assertThat(simulate(options + " --format json")).as(err.toString()).isZero();
    return new ObjectMapper().readTree(out.toString());
  }

  @Test
  void jsonHasAnObjectForEachPolicy() throws IOException {
    JsonNode answer =
        json("--policy max budget:0.05 optimum:0.05 --starts 5 --seed 3 --forecast perfect");
    assertThat(answer).hasSize(3);
    assertThat(answer.get(0).fieldNames())
        .toIterable()
        .containsExactly(
            "policy",
            "starts",
            "carbon_grams",
            "energy_joules",
            "seconds",
            "slowdown",
            "slowdown_max",
            "carbon_saving",
            "energy_saving",
            "limit_changes");
    assertThat(answer.get(0).get("energy_joules").asDouble()).isEqualTo(220.0 * 72_000);
    assertThat(answer.get(0).get("carbon_saving").asDouble()).isZero();
    assertThat(answer.get(1).get("starts").asInt()).isEqualTo(5);
    assertThat(answer.get(1).get("slowdown_max").asDouble()).isBetween(0.049, 0.05 + 1e-9);
    assertThat(answer.get(1).get("carbon_saving").asDouble() / saving(answer.get(2)))
        .isBetween(0.99, 1.0 + 1e-9);
  }

  private static double saving(JsonNode summary) {
    return summary.get("carbon_saving").asDouble();
  }

  @Test
  void theSameSeedGivesTheSameAnswerAndAnotherSeedAnother() {
    List<String> answers = new ArrayList<>();
    for (int seed : List.of(3, 3, 4)) {
      out.getBuffer().setLength(0);
      simulate("--policy budget:0.05 --starts 6 --format json --seed " + seed);
      answers.add(out.toString());
    }
    assertThat(answers.get(1)).isEqualTo(answers.get(0));
    assertThat(answers.get(2)).isNotEqualTo(answers.get(0));
  }

  @Test
  void theTableNamesItsBasisAndTheBaselinesOfABudget() {
    assertThat(simulate("--policy max budget:0.05 --starts 4")).isZero();
    assertThat(out.toString())
        .contains("POLICY", "CARBON g", "SAVED %")
        .contains("Simulated from grid.csv and gpu.csv: a job of 20 h at full power, 4 starts")
        .contains("forecast own; GPU only")
        .contains("a blind mix of two limits with the same slowdown\nsaves")
        .contains("tuned in hindsight");
    assertThat(err.toString()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"own", "yesterday", "persistence", "perfect"})
  void everyForecastIsNamedAndKeepsTheBound(String forecast) {
    assertThat(simulate("--policy budget:0.05 --starts 4 --forecast " + forecast)).isZero();
    assertThat(out.toString()).contains("forecast " + forecast + "; GPU only");
  }

  @Test
  void theForecasterOfHostsSavesMoreThanTheLastValue() throws IOException {
    double own = saving(json("--policy budget:0.05 --starts 5 --forecast own").get(0));
    out.getBuffer().setLength(0);
    String lastValue = "--policy budget:0.05 --starts 5 --forecast persistence";
    assertThat(own).isGreaterThan(saving(json(lastValue).get(0)));
  }

  @Test
  void theHostsDrawLowersTheShareThatIsSaved() throws IOException {
    double bare = saving(json("--policy budget:0.05").get(0));
    out.getBuffer().setLength(0);
    assertThat(saving(json("--policy budget:0.05 --host-watts 100").get(0))).isLessThan(bare);
  }

  @Test
  void aJobThatMayPauseSavesMore() throws IOException {
    double running = saving(json("--policy budget:0.5 --start 2026-03-03T00:00:00Z").get(0));
    out.getBuffer().setLength(0);
    JsonNode pausing =
        json("--policy budget:0.5 --start 2026-03-03T00:00:00Z --deferrable --idle-watts 20");
    assertThat(saving(pausing.get(0))).isGreaterThan(running);
  }

  @Test
  void thePageStandsAlone() {
    assertThat(simulate(PAGE)).isZero();
    assertThat(out.toString())
        .startsWith("<!doctype html>")
        .contains("GPU only", ">slowdown, %</text>", ">carbon saved, %</text>")
        .contains(">gCO2/kWh</text>", ">power limit, W (0: a pause)</text>")
        .contains(">hours after 2026-03-02T")
        .doesNotContain("href", "src=", "@import", "<script", "NaN", "Infinity");
    for (String policy : List.of("max", "budget:0.05", "chase:0.5")) {
      assertThat(out.toString().split(">" + policy + "</text>", -1)).as(policy).hasSize(3);
    }
  }

  @Test
  void theSameSeedGivesTheSamePage() {
    simulate("--policy budget:0.05 optimum:0.05 --format html --starts 2");
    String first = out.toString();
    out.getBuffer().setLength(0);
    simulate("--policy budget:0.05 optimum:0.05 --format html --starts 2");
    assertThat(out.toString()).isEqualTo(first);
  }

  @Test
  void idsAreUniqueOnThePage() {
    simulate("--policy max --format html");
    assertThat(
            Pattern.compile(" id='([^']+)'")
                .matcher(out.getBuffer())
                .results()
                .map(id -> id.group(1)))
        .isNotEmpty()
        .doesNotHaveDuplicates();
  }

  @Test
  void theFrontierComesAloneAsAPicture() throws Exception {
    assertThat(simulate("--policy max budget:0.05 --format svg --starts 2")).isZero();
    Element picture = picture();
    assertThat(picture.getLocalName()).isEqualTo("svg");
    assertThat(texts(picture))
        .contains("slowdown, %", "carbon saved, %", "the exact optimum", "max", "budget:0.05");
  }

  @Test
  void aPolicyMayBeNamedTwice() throws Exception {
    assertThat(simulate("--policy max max --format svg")).as(err.toString()).isZero();
    assertThat(texts(picture())).filteredOn("max"::equals).hasSize(2);
  }

  private Element picture() throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    InputSource svg = new InputSource(new StringReader(out.toString()));
    return factory.newDocumentBuilder().parse(svg).getDocumentElement();
  }

  private static List<String> texts(Element picture) {
    NodeList texts = picture.getElementsByTagNameNS("*", "text");
    return IntStream.range(0, texts.getLength())
        .mapToObj(i -> texts.item(i).getTextContent())
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--policy best | not one of max, fixed:WATTS, zeus:ETA, chase:ETA[:REFERENCE], budget:BOUND"
            + " or optimum:BOUND",
        "--policy budget:-1 | --policy: policy 'budget:-1': a slowdown bound must lie in 0 to 1",
        "--policy optimum:3 | --policy: policy 'optimum:3': a slowdown bound must lie in 0 to 1"
            + " (100 %): 3; did you mean 3%?",
        "--policy optimum:NaN | --policy: policy 'optimum:NaN': 'NaN' is not a number",
        "--policy max --hours 0 | --hours must lie above 0",
        "--policy max --hours 9999 | the signal covers 240.0 h, and the job may need",
        "--policy max --starts 0 | --starts must lie in 1 to",
        "--policy max --start noon | --start: 'noon' is not a time",
        "--policy max --start 2026-03-10T20:00:00Z | --start: a job from 2026-03-10T20:00:00Z may",
        "--policy max --start 2026-03-02T00:00:00Z --starts 2 | exclude each other",
        "--policy max --forecast crystal | 'crystal' is not one of perfect, own, yesterday,"
            + " persistence",
        "--policy max --host-watts -5 | --host-watts: watts must be finite and >= 0: -5.0",
        "--policy max --idle-watts 5 | --idle-watts only has a meaning with --deferrable",
        "--hours 5 | Missing required option: '--policy=SPEC'",
      })
  void wrongUsageIsNamed(String options, String error) {
    assertThat(simulate(options)).isEqualTo(2);
    assertThat(err.toString()).contains(error);
    assertThat(out.toString()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "5, '2026-03-01T03:00:00Z,x', grid.csv:5: \"x\" is not a number",
    "9, '2026-03-01T07:00:00Z', 'grid.csv:9: expected 2 columns, found 1'",
  })
  void aWrongLineOfTheSignalIsNamed(int line, String text, String error) throws IOException {
    List<String> lines = days(10);
    lines.set(line - 1, text);
    Files.write(signal, lines);
    assertThat(simulate("--policy max")).isEqualTo(2);
    assertThat(err.toString()).contains(error);
  }

  @Test
  void aGapInTheSignalIsRefusedByLine() throws IOException {
    List<String> lines = days(10);
    lines.subList(100, 106).clear();
    Files.write(signal, lines);
    assertThat(simulate("--policy max")).isEqualTo(2);
    assertThat(err.toString())
        .contains("grid.csv:101: gap: no value between 2026-03-05T03:00:00Z and 2026-03-05T09");
  }

  @Test
  void aShortHoleInTheSignalIsBridgedByTheValueBeforeIt() throws IOException {
    List<String> lines = days(10);
    lines.subList(100, 102).clear();
    Files.write(signal, lines);
    assertThat(simulate("--policy max")).isZero();
  }

  @Test
  void aWrongLineOfTheProfileIsNamed() throws IOException {
    Files.writeString(profile, PROFILE.replace("150,145,0.85", "90,145,0.85"));
    assertThat(simulate("--policy max")).isEqualTo(2);
    assertThat(err.toString()).contains("gpu.csv:3: power_limit_watts must rise");
  }

  @Test
  void aFileThatIsMissingIsNamed() throws IOException {
    Files.delete(profile);
    assertThat(simulate("--policy max")).isEqualTo(2);
    assertThat(err.toString()).contains("gpu.csv: no such file");
  }
}
