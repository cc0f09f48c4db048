package chase.daemon.documents;

import static org.assertj.core.api.Assertions.assertThat;

import chase.carbon.coverage.Coverage;
import chase.carbon.coverage.ProviderTerms;
import chase.daemon.config.CarbonConfig.CarbonProviderName;
import chase.daemon.fixtures.Repository;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of providers in docs/signals.md, {@code chase signal zones} and the configuration. */
class SignalTableTest {
  /** Another Chase serves what that one has. */
  private static final Set<String> WITHOUT_REGIONS = Set.of("chase");

  private static Map<String, List<String>> rows() {
    return Repository.text(Repository.root().resolve("docs/signals.md"))
        .lines()
        .filter(line -> line.startsWith("| ") && line.contains("| `"))
        .map(line -> Arrays.stream(line.split("\\|", -1)).map(String::strip).toList())
        .filter(cells -> cells.size() == 10)
        .collect(Collectors.toMap(cells -> cells.get(2).replace("`", ""), Function.identity()));
  }

  @Test
  void everyProviderHasItsRowWithTheWordsOfTheCommand() {
    Map<String, List<String>> rows = rows();
    for (Coverage.ListedProvider listed : Coverage.known().providers()) {
      ProviderTerms terms = listed.terms();
      assertThat(rows).containsKey(terms.provider());
      List<String> row = rows.getOrDefault(terms.provider(), List.of());
      assertThat(row.subList(3, 6)).containsExactly(terms.key(), terms.step(), terms.forecast());
      assertThat(row.subList(7, 9)).containsExactly(terms.basis(), terms.licence());
      assertThat(row.get(6).equals("no")).isEqualTo(listed.price().isEmpty());
    }
  }

  @Test
  void everyProviderOfTheConfigurationListsItsRegions() {
    List<String> listed =
        Coverage.known().providers().stream().map(one -> one.terms().provider()).toList();
    List<String> configured =
        Arrays.stream(CarbonProviderName.values())
            .filter(CarbonProviderName::live)
            .map(CarbonProviderName::label)
            .filter(name -> !WITHOUT_REGIONS.contains(name))
            .toList();
    assertThat(listed).containsExactlyInAnyOrderElementsOf(configured);
  }
}
