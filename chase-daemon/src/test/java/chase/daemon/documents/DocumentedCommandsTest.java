package chase.daemon.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import chase.daemon.documents.DocumentedHost.Outcome;
import chase.daemon.documents.MarkdownPage.Block;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Every command in README and docs, run as a reader runs it: page by page, from top to bottom. */
class DocumentedCommandsTest {
  private static final int UNKNOWN_PROGRAM = 127;
  private static final String PROMPT = "$ ";

  @Test
  void everyCommandOfTheDocumentationRunsAsItIsPrinted() throws IOException {
    if (!SearchPath.canRun() && System.getenv("CHASE_REQUIRE_CURL") != null) {
      fail("curl or jq is not on the PATH (Debian: apt-get install curl jq)");
    }
    Assumptions.assumeTrue(SearchPath.canRun(), "curl or jq is not on the PATH");
    List<String> faults = new ArrayList<>();
    int run = 0;
    try (DocumentedHost host = new DocumentedHost()) {
      for (MarkdownPage page : MarkdownPage.all()) {
        host.beginPage();
        for (Block block : page.blocks()) {
          if (block.isShell()) {
            faults.addAll(faults(block, host.run(block)));
            run++;
          } else if (block.isTranscript()) {
            faults.addAll(transcriptFaults(host, block));
            run++;
          }
        }
      }
    }
    assertThat(faults).isEmpty();
    assertThat(run).isGreaterThan(30);
  }

  /** Where nothing says what a block is, nobody can tell whether it is run. */
  @Test
  void everyBlockSaysWhatItIs() {
    assertThat(MarkdownPage.all())
        .flatExtracting(MarkdownPage::blocks)
        .filteredOn(block -> block.language().equals(MarkdownPage.INDENTED))
        .extracting(Block::place)
        .as("indented blocks: fence them, as sh, console, text, json, yaml, ...")
        .isEmpty();
  }

  private static List<String> faults(Block block, Outcome outcome) {
    return switch (outcome.code()) {
      case 0 -> List.of();
      case UNKNOWN_PROGRAM ->
          List.of(
              fault(block, outcome)
                  + "Say how it is tried: SearchPath has what is run, StandIn what is not, and"
                  + " why");
      default -> List.of(fault(block, outcome));
    };
  }

  private static String fault(Block block, Outcome outcome) {
    List<String> errors = outcome.errors().lines().toList();
    return "%s: exit code %d%n%s%n%s"
        .formatted(
            block.place(),
            outcome.code(),
            String.join("\n", errors.subList(Math.max(0, errors.size() - 6), errors.size())),
            outcome.output().lines().limit(3).reduce("", (a, b) -> a + b + "\n"));
  }

  /** Each command must print the lines below it, in that order. */
  private static List<String> transcriptFaults(DocumentedHost host, Block block)
      throws IOException {
    List<String> faults = new ArrayList<>();
    for (String step : block.code().split("(?m)^(?=\\$ )", -1)) {
      if (step.startsWith(PROMPT)) {
        List<String> lines = step.substring(PROMPT.length()).lines().toList();
        int shown = 1;
        while (lines.get(shown - 1).endsWith("\\")) {
          shown++;
        }
        Outcome outcome = host.run(String.join("\n", lines.subList(0, shown)));
        String printed = outcome.output() + outcome.errors();
        for (String line : lines.subList(shown, lines.size())) {
          if (!shows(line).matcher(printed).find()) {
            faults.add("%s: not printed: %s%n%s".formatted(block.place(), line, printed));
          }
        }
      }
    }
    return faults;
  }

  /** Numbers may be others, three dots stand for anything, and so does the white space between. */
  private static Pattern shows(String line) {
    StringBuilder regex = new StringBuilder();
    for (String word : line.strip().split("\\s+", -1)) {
      regex.append(regex.isEmpty() ? "" : "\\s+");
      for (String part : word.split("(?<=\\.\\.\\.)|(?=\\.\\.\\.)", -1)) {
        regex.append(
            part.equals("...")
                ? ".*"
                : Pattern.quote(part).replaceAll("[0-9][0-9.]*", "\\\\E[0-9.]+\\\\Q"));
      }
    }
    return Pattern.compile(regex.toString());
  }
}
