package chase.daemon.documents;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.config.ChaseConfig;
import chase.daemon.config.ConfigException;
import chase.daemon.documents.MarkdownPage.Block;
import chase.daemon.fixtures.Repository;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the documentation shows and nobody runs: commands in sentences, settings, JSON. */
class DocumentedProseTest {
  private static final Pattern FENCED = Pattern.compile("(?ms)^ *```.*?^ *```");
  private static final Pattern CALL =
      Pattern.compile("`(?:sudo |\\./|docker exec \\w+ )*chase ([^`]+)`");

  /** Words that stand for others, where what they stand for is no text. */
  private static final Map<String, String> EXAMPLES = Map.of("WATTS", "300", "SPEC", "max");

  /** Options that are named without a value, which is one of a few words. */
  private static final Set<String> OPTIONS = Set.of("daemon --log-level");

  /** The only settings here that are not Chase's own, by how they begin: Kubernetes has them. */
  private static final String PROBES = "livenessProbe:";

  @Test
  void everyCommandInASentenceIsOne() {
    List<String> faults = new ArrayList<>();
    int calls = 0;
    for (MarkdownPage page : pages()) {
      List<String> lines =
          CALL.matcher(FENCED.matcher(page.text()).replaceAll(""))
              .results()
              .map(found -> found.group(1))
              .toList();
      for (String line : lines) {
        ChaseCall.fault(words(line))
            .filter(why -> !why.contains(" needs ")) // a command is called by its name alone
            .ifPresent(why -> faults.add(page.name() + ": chase " + line + ": " + why));
        calls++;
      }
    }
    assertThat(faults).isEmpty();
    assertThat(calls).isGreaterThan(100);
  }

  private static List<MarkdownPage> pages() {
    Path guide = Path.of("llms.txt");
    String text = Repository.text(Repository.root().resolve(guide));
    return Stream.concat(MarkdownPage.all().stream(), Stream.of(MarkdownPage.parse(guide, text)))
        .toList();
  }

  /** Dots stand for what does not matter; so does the name of no command in particular. */
  private static List<String> words(String line) {
    if (OPTIONS.contains(line)) {
      return List.of();
    }
    return Stream.of(line.strip().split("\\s+"))
        .filter(word -> !word.equals("...") && !word.equals("COMMAND"))
        .map(word -> EXAMPLES.getOrDefault(word, word))
        .toList();
  }

  @Test
  void aCommandThatDoesNotExistIsNoticed() {
    assertThat(
            Stream.of(
                    "status", "demo", "top --color never", "run --gpus 0 -- python t.py --steps 3")
                .flatMap(line -> ChaseCall.fault(words(line)).stream()))
        .isEmpty();
    assertThat(
            Stream.of(
                    "statsu",
                    "demo --prot 0",
                    "top --al",
                    "config chekc",
                    "override 0",
                    "run --gpu 0 -- a")
                .filter(line -> ChaseCall.fault(words(line)).isEmpty()))
        .isEmpty();
    assertThat(ChaseCall.faultInContainer(words("exec chase chase status"))).isEmpty();
    assertThat(ChaseCall.faultInContainer(words("exec chase chase statsu"))).isPresent();
    assertThat(ChaseCall.faultInContainer(words("-n c exec d/c -- chase pause --fro 1h")))
        .isPresent();
  }

  @Test
  void everySettingThatIsShownIsAccepted() {
    List<Block> settings =
        blocks("yaml").filter(block -> !block.code().startsWith(PROBES)).toList();
    assertThat(settings).hasSizeGreaterThan(8);
    assertThat(settings.stream().flatMap(block -> refusal(block).stream())).isEmpty();
  }

  private static Stream<Block> blocks(String language) {
    return pages().stream()
        .flatMap(page -> page.blocks().stream())
        .filter(block -> block.language().equals(language));
  }

  private static Optional<String> refusal(Block block) {
    try {
      ChaseConfig.parse(block.place(), block.code(), Repository.root(), Map.of());
      return Optional.empty();
    } catch (ConfigException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  @Test
  void whatIsShownAsJsonIsJson() throws JsonProcessingException {
    List<Block> shown = blocks("json").toList();
    assertThat(shown).isNotEmpty();
    for (Block block : shown) {
      assertThat(new JsonMapper().readTree(block.code())).as(block.place()).isNotEmpty();
    }
  }
}
