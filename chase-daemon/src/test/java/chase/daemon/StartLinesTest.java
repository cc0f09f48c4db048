package chase.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.config.ChaseConfig;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StartLinesTest {
  private static StartLines lines(String text) throws Exception {
    ChaseConfig config = ChaseConfig.parse("chase.yaml", text, Path.of("/etc/chase"), Map.of());
    return new StartLines(config, Optional.of(Path.of("/etc/chase/chase.yaml")), Optional.of(9478));
  }

  @Test
  void withoutAProviderTheLogSaysWhatToDo() throws Exception {
    assertThat(lines("").trouble().orElseThrow())
        .isEqualTo(
            "no provider is configured, so every GPU keeps its original limit: set carbon.provider"
                + " and carbon.region in /etc/chase/chase.yaml (neso for Great Britain and"
                + " energinet for Denmark need no key; docs/signals.md has the others)");
    assertThat(lines("policy: fixed:300").trouble().orElseThrow())
        .startsWith("no provider is configured, so nothing follows the grid");
  }

  @Test
  void aSignalThatCountsIsNoTrouble() throws Exception {
    assertThat(lines("carbon: {provider: neso, region: GB}").trouble()).isEmpty();
    String price = "price: {provider: energinet, region: DK1}\n";
    assertThat(lines(price + "weights: {carbon: 0, price: 1}").trouble()).isEmpty();
    assertThat(lines(price).trouble()).as("a price that does not count").isPresent();
  }
}
