package chase.daemon.documents;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.fixtures.Repository;
import chase.daemon.metrics.TestScrapes;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of metrics has the types and labels that a scrape has; their names are TidyTest's. */
class DocumentedMetricsTest {
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `(chase_\\w+)` \\| (\\w+) \\|[^|]*\\|([^|]*)\\|");
  private static final Pattern QUOTED = Pattern.compile("`(\\w+)`");
  private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (\\w+) (\\w+)$");
  private static final Pattern SERIES = Pattern.compile("(?m)^(chase_\\w+)\\{([^}]*)\\}");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");

  private final String table = Repository.text(Repository.root().resolve("docs/metrics.md"));
  private final String scrape = TestScrapes.everyMetric();

  @Test
  void typesAreThoseOfAScrape() {
    Map<String, String> documented =
        ROW.matcher(table).results().collect(Collectors.toMap(r -> r.group(1), r -> r.group(2)));
    Map<String, String> shown =
        TYPE.matcher(scrape).results().collect(Collectors.toMap(r -> r.group(1), r -> r.group(2)));
    assertThat(new TreeMap<>(documented)).isEqualTo(new TreeMap<>(shown));
  }

  @Test
  void everyLabelOfAScrapeIsDocumentedAndNoOther() {
    Map<String, Set<String>> documented = new TreeMap<>();
    ROW.matcher(table)
        .results()
        .forEach(row -> documented.put(row.group(1), words(QUOTED, row.group(3))));
    Map<String, Set<String>> shown = new TreeMap<>();
    documented.keySet().forEach(name -> shown.put(name, new TreeSet<>()));
    SERIES
        .matcher(scrape)
        .results()
        .forEach(series ->
            shown
                .computeIfAbsent(
                    series.group(1).replaceFirst("_(bucket|count|sum)$", ""),
                    name -> new TreeSet<>())
                .addAll(words(LABEL, series.group(2))));
    shown.values().forEach(labels -> labels.remove("le"));
    assertThat(shown).isEqualTo(documented);
  }

  private static Set<String> words(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map(word -> word.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
