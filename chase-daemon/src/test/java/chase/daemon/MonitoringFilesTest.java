package chase.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.fixtures.Promtool;
import chase.daemon.fixtures.Repository;
import chase.daemon.fixtures.ScrapedSeries;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Board, rules and documentation name what the daemon exports and nothing else. What they ask is
 * evaluated by Prometheus itself on two scrapes: one of a simulated daemon that runs well, and one
 * of a host where everything happens.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MonitoringFilesTest {
  /** Not after a recording's colon, and not in the middle of a word. */
  private static final Pattern SELECTOR =
      Pattern.compile("(?<![:\\w])chase_[a-z0-9_]+(?:\\{[^}]*})?");

  private static final Pattern LABEL_LIST =
      Pattern.compile("\\b(?:by|on|without|group_left|group_right) ?\\(([^)]*)\\)");
  private static final Pattern LEGEND_LABEL = Pattern.compile("\\{\\{(\\w+)}}");
  private static final Pattern RECIPE = Pattern.compile("(?s)```promql\n(.*?)```");
  private static final Pattern METRIC_ROW =
      Pattern.compile("(?m)^\\| `(chase_\\w+)` \\| (\\w+) \\|[^|]*\\| ([^|]*)\\|");
  private static final Pattern WORD = Pattern.compile("`(\\w+)`");

  /** What Prometheus and the other exporters add. */
  private static final Set<String> OTHER_LABELS = Set.of("job", "instance", "UUID");

  private static final Set<String> CORE_PANELS =
      Set.of("row", "stat", "timeseries", "state-timeline", "table");

  /**
   * A simulated GPU has no driver, no trouble, no provider or client on the network, and no
   * finished run.
   */
  private static final Set<String> NOT_ON_A_QUIET_HOST =
      Set.of(
          "chase_compared_emissions_grams",
          "chase_energy_price_per_megawatt_hour",
          "chase_estimated_saved_emissions_grams",
          "chase_forecast_error_ratio",
          "chase_forecast_used",
          "chase_http_failures_total",
          "chase_job_slack_seconds",
          "chase_job_slowdown_ratio",
          "chase_ledger_write_failures_total",
          "chase_nvml_errors_total",
          "chase_signal_calls_total",
          "chase_signal_quarantined_total",
          "chase_tls_certificate_expiry_timestamp_seconds");

  private static final int TIMES = 320;

  private final Path root = Repository.root();
  private final Path prometheus = root.resolve("config/prometheus");
  private List<ScrapedSeries> quiet = List.of();
  private List<ScrapedSeries> eventful = List.of();
  private Path directory = Path.of("");

  @BeforeAll
  void scrape(@TempDir Path fresh) throws Exception {
    directory = fresh;
    quiet = ScrapedSeries.of(SimulatedScrape.of(directory));
    eventful = ScrapedSeries.of(resource("page.txt"));
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = MonitoringFilesTest.class.getResourceAsStream("/metrics/" + name)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private Stream<ScrapedSeries> all() {
    return Stream.concat(quiet.stream(), eventful.stream());
  }

  private String rules() {
    return Repository.text(prometheus.resolve("chase.rules.yml"));
  }

  private String docs() {
    return Repository.text(root.resolve("docs/metrics.md"));
  }

  private Stream<String> recipes() {
    return RECIPE.matcher(docs()).results().map(recipe -> recipe.group(1).strip());
  }

  private JsonNode board() throws IOException {
    return new JsonMapper().readTree(root.resolve("config/grafana/chase.json").toFile());
  }

  private List<JsonNode> panels() throws IOException {
    List<JsonNode> panels = new ArrayList<>();
    board().path("panels").forEach(panels::add);
    return panels;
  }

  private static String expression(JsonNode target) {
    return target
        .path("expr")
        .asText()
        .replace("$instance", ".*")
        .replace("$gpu", ".*")
        .replace("$__rate_interval", "20m")
        .replace("$__range", "1h");
  }

  private List<String> boardExpressions() throws IOException {
    return panels().stream()
        .flatMap(panel -> targets(panel).stream())
        .map(MonitoringFilesTest::expression)
        .toList();
  }

  private static List<JsonNode> targets(JsonNode panel) {
    List<JsonNode> targets = new ArrayList<>();
    panel.path("targets").forEach(targets::add);
    return targets;
  }

  @Test
  void theRulesPassTheirOwnTestsAndTheExampleIsSound() throws Exception {
    Promtool.assumeThere();
    assertThat(Promtool.run("check", "config", path("scrape.yml"))).isEmpty();
    assertThat(Promtool.run("test", "rules", path("chase.rules.test.yml"))).isEmpty();
  }

  private String path(String name) {
    return prometheus.resolve(name).toString();
  }

  /** Each alert is in the documentation, with its severity. */
  @Test
  void everyAlertIsDocumented() {
    assertThat(pairs("alert: (Chase\\w+).*?severity: (\\w+)", rules()))
        .isEqualTo(pairs("\\| `(Chase\\w+)` \\| (\\w+) \\|", docs()));
  }

  private static Map<String, String> pairs(String pattern, String text) {
    return Pattern.compile(pattern, Pattern.DOTALL)
        .matcher(text)
        .results()
        .collect(
            Collectors.toMap(
                pair -> pair.group(1), pair -> pair.group(2), (a, b) -> b, TreeMap::new));
  }

  @Test
  void everySelectorOfBoardRulesAndRecipesFindsSeries() throws Exception {
    Promtool.assumeThere();
    Set<String> selectors = new TreeSet<>();
    Stream.of(boardExpressions().stream(), Stream.of(rules()), recipes())
        .flatMap(part -> part)
        .flatMap(text -> SELECTOR.matcher(text).results())
        .map(MatchResult::group)
        .forEach(selectors::add);
    assertThat(selectors).hasSizeGreaterThan(50);
    assertThat(evaluate(selectors.stream().map(MonitoringFilesTest::finds).toList())).isEmpty();
  }

  @Test
  void everyExpressionOfTheBoardHasAnAnswerAndTheLabelsOfItsLegend() throws Exception {
    Promtool.assumeThere();
    List<String> checks = new ArrayList<>();
    for (JsonNode panel : panels()) {
      for (JsonNode target : targets(panel)) {
        checks.add(finds(expression(target)));
        LEGEND_LABEL
            .matcher(target.path("legendFormat").asText())
            .results()
            .forEach(label -> checks.add(finds(labelled(expression(target), label.group(1)))));
      }
    }
    assertThat(checks).hasSizeGreaterThan(70);
    assertThat(evaluate(checks)).isEmpty();
  }

  @Test
  void recipesForOtherExportersHaveAnAnswer() throws Exception {
    Promtool.assumeThere();
    assertThat(recipes().toList()).hasSizeGreaterThan(5);
    assertThat(evaluate(recipes().map(MonitoringFilesTest::finds).toList())).isEmpty();
  }

  /** Those results of {@code expression} that have {@code label}. */
  private static String labelled(String expression, String label) {
    return ("label_replace(%s, \"found\", \"yes\", \"%s\", \".+\")"
            + " and on (found) label_replace(vector(1), \"found\", \"yes\", \"\", \"\")")
        .formatted(expression, label);
  }

  /** A check that {@code expression} has any result. */
  private static String finds(String expression) {
    return """
          - expr: '%s'
            eval_time: 26h
            exp_samples: [{labels: '{}', value: 1}]
    """
        .formatted(("count(" + expression.replace('\n', ' ') + ") > bool 0").replace("'", "''"));
  }

  /** What promtool complains about when it evaluates {@code checks} on all scrapes. */
  private String evaluate(List<String> checks) throws Exception {
    StringBuilder file =
        new StringBuilder(
            """
            rule_files: ['%s']
            evaluation_interval: 5m
            tests:
              - interval: 5m
                input_series:
            """
                .formatted(path("chase.rules.yml")));
    quiet.forEach(series -> file.append(series.asInput("quiet", TIMES)));
    eventful.forEach(series -> file.append(series.asInput("eventful", TIMES)));
    // SnapshotMetricsTest shows when a daemon is paused.
    Stream.of(
            new ScrapedSeries("gauge", "up", Map.of(), "1"),
            new ScrapedSeries("gauge", "chase_control_mode", Map.of("mode", "paused"), "1"))
        .forEach(series -> file.append(series.asInput("paused", TIMES)));
    for (String exporter : List.of("dcgm-exporter.txt", "nvidia-gpu-exporter.txt")) {
      ScrapedSeries.of(resource(exporter))
          .forEach(series -> file.append(series.asInput(exporter, TIMES)));
    }
    file.append("    promql_expr_test:\n");
    checks.forEach(file::append);
    Path written = Files.writeString(directory.resolve("scraped.test.yml"), file.toString());
    return Promtool.run("test", "rules", written.toString());
  }

  @Test
  void whatIsAskedOfTheDaemonIsThereOnAQuietSimulatedHostToo() throws Exception {
    Set<String> there = quiet.stream().map(ScrapedSeries::name).collect(Collectors.toSet());
    Set<String> missing =
        Stream.concat(boardExpressions().stream(), Stream.of(rules()))
            .flatMap(text -> SELECTOR.matcher(text).results())
            .map(selector -> selector.group().replaceFirst("\\{.*", ""))
            .filter(name -> !there.contains(name))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(missing).isSubsetOf(NOT_ON_A_QUIET_HOST);
  }

  @Test
  void everyLabelThatIsGroupedOrJoinedByIsOneOfASeries() throws Exception {
    Set<String> labels = new HashSet<>(OTHER_LABELS);
    all().forEach(series -> labels.addAll(series.labels().keySet()));
    Set<String> named =
        Stream.of(boardExpressions().stream(), Stream.of(rules()), recipes())
            .flatMap(part -> part)
            .flatMap(text -> LABEL_LIST.matcher(text).results())
            .flatMap(list -> Stream.of(list.group(1).split(",", -1)))
            .map(String::strip)
            .filter(label -> !label.isEmpty())
            .collect(Collectors.toSet());
    assertThat(named).contains("uuid", "job_id", "against").isSubsetOf(labels);
  }

  @Test
  void theDocumentationNamesTheLabelsAndTypesThatTheDaemonExports() {
    Map<String, Set<String>> exported = new TreeMap<>();
    all()
        .filter(series -> !series.kind().equals("histogram"))
        .forEach(series ->
            exported
                .computeIfAbsent(series.kind() + " " + series.name(), first -> new TreeSet<>())
                .addAll(series.labels().keySet()));
    Map<String, Set<String>> documented = new TreeMap<>();
    METRIC_ROW
        .matcher(docs())
        .results()
        .filter(row -> !row.group(2).equals("histogram"))
        .forEach(row ->
            documented.put(
                row.group(2) + " " + row.group(1),
                WORD.matcher(row.group(3))
                    .results()
                    .map(label -> label.group(1))
                    .collect(Collectors.toCollection(TreeSet::new))));
    assertThat(documented).containsExactlyInAnyOrderEntriesOf(exported);
  }

  @Test
  void theBoardNeedsNoPluginAndEveryPanelExplainsItself() throws Exception {
    assertThat(board().path("schemaVersion").asInt()).isEqualTo(39);
    assertThat(board().path("uid").asText()).isEqualTo("chase");
    assertThat(panels())
        .allSatisfy(panel -> assertThat(CORE_PANELS).contains(panel.path("type").asText()));
    assertThat(panels().stream().map(panel -> panel.path("id").asInt())).doesNotHaveDuplicates();
    for (JsonNode panel : panels()) {
      if (!panel.path("type").asText().equals("row")) {
        String title = panel.path("title").asText();
        assertThat(panel.path("description").asText()).as(title).endsWith(".");
        assertThat(panel.at("/fieldConfig/defaults/unit").asText()).as(title).isNotEmpty();
        assertThat(panel.at("/datasource/uid").asText()).as(title).isEqualTo("${datasource}");
        assertThat(targets(panel))
            .isNotEmpty()
            .allSatisfy(target ->
                assertThat(target.at("/datasource/uid").asText()).isEqualTo("${datasource}"));
      }
    }
  }

  @Test
  void noPanelLiesOnAnother() throws Exception {
    Set<String> taken = new HashSet<>();
    for (JsonNode panel : panels()) {
      JsonNode at = panel.path("gridPos");
      for (int x = at.path("x").asInt(); x < at.path("x").asInt() + at.path("w").asInt(); x++) {
        assertThat(x).isLessThan(24);
        for (int y = at.path("y").asInt(); y < at.path("y").asInt() + at.path("h").asInt(); y++) {
          assertThat(taken.add(x + "," + y)).as(panel.path("title").asText()).isTrue();
        }
      }
    }
  }
}
