package chase.daemon.cli.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.fixtures.Repository;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What is drawn, on the synthetic week and the simulated V100 of the documentation. */
class SimulationPicturesTest {
  private static final String DOCUMENTED =
      "--policy max fixed:200 chase:0.5 budget:0.03 optimum:0.03 --starts 40 --seed 7 --format svg";
  private static final String SEVEN =
      "--policy max fixed:200 fixed:150 zeus:0.5 chase:0.5 budget:0.03 optimum:0.03 --starts 2";

  private static final Pattern COLOURED =
      Pattern.compile(" (fill|stroke)='#(\\w{6})' class='([a-z0-9]+)'");
  private static final Pattern DARK =
      Pattern.compile("\\.([a-z0-9]{7})\\{(?:fill|stroke):#(\\w{6})}");
  private static final Pattern DESCRIPTION = Pattern.compile("<desc id='[\\w-]+'>([^<]+)</desc>");
  private static final String RULE = "d8dee4";

  private final Path root = Repository.root();

  private String simulate(String options) {
    StringWriter out = new StringWriter();
    List<String> args =
        new ArrayList<>(
            List.of(
                "--signal",
                root.resolve("chase-daemon/src/main/resources/chase/daemon/synthetic-week.csv")
                    .toString(),
                "--profile",
                root.resolve("docs/simulated-v100.csv").toString()));
    args.addAll(List.of(options.split(" ")));
    int exit =
        new CommandLine(new SimulateCommand())
            .setOut(new PrintWriter(out))
            .execute(args.toArray(String[]::new));
    assertThat(exit).isZero();
    return out.toString();
  }

  private static List<String> descriptions(String text) {
    return DESCRIPTION.matcher(text).results().map(found -> found.group(1)).toList();
  }

  /** Figures alone, because the place of a letter depends on the fonts of the host. */
  @Test
  void theDocumentedPictureShowsWhatTheDocumentedCommandDraws() {
    String sentence = descriptions(simulate(DOCUMENTED)).getFirst();
    String policies = Repository.text(root.resolve("docs/policies.md"));
    assertThat(descriptions(Repository.text(root.resolve("docs/frontier.svg"))))
        .containsExactly(sentence);
    assertThat(policies.replaceAll("\\s+", " ")).contains("![" + sentence + "]");
    assertThat(policies.replaceAll("\\s*\\\\\\s+", " ")).contains(DOCUMENTED);
  }

  @Test
  void thePictureOfTheConceptsShowsWhatItsCommandDraws() {
    String command = "--policy max budget:0.03 --hours 48 --starts 1 --format html";
    String sentence = descriptions(simulate(command)).getLast();
    String concepts = Repository.text(root.resolve("docs/concepts.md"));
    assertThat(descriptions(Repository.text(root.resolve("docs/course.svg"))))
        .containsExactly(sentence);
    assertThat(concepts.replaceAll("\\s+", " ")).contains("![" + sentence + "]");
    assertThat(concepts.replaceAll("\\s*\\\\\\s+", " ")).contains(command);
  }

  @Test
  void aPictureSaysWhatItShowsAlsoToThoseWhoDoNotSeeIt() {
    String page = simulate("--policy max budget:0.03 --starts 2 --format html");
    assertThat(page)
        .contains("<svg role='img' aria-labelledby='frontier-title frontier-summary'")
        .contains("<svg role='img' aria-labelledby='course-title course-summary'");
    assertThat(descriptions(page))
        .hasSize(2)
        .allSatisfy(sentence ->
            assertThat(page)
                .contains("<figcaption>" + sentence.replace(" %", "&nbsp;%") + "</figcaption>"));
    assertThat(descriptions(page).getFirst())
        .matches("Simulated: budget:0.03 saves [\\d.]+ % of the carbon at 3.0 % slowdown; .*");
    assertThat(descriptions(page).getLast())
        .matches("Simulated: the grid lies between \\d+ and \\d+ gCO2/kWh; budget:0.03 keeps .*");
  }

  @Test
  void withoutABudgetTheSentenceIsAboutWhatSavesMost() {
    assertThat(descriptions(simulate("--policy max fixed:200 --starts 2 --format svg")).getFirst())
        .startsWith("Simulated: fixed:200 saves ");
    assertThat(descriptions(simulate("--policy max --starts 2 --format svg")).getFirst())
        .startsWith("Simulated: max saves 0.0 % of the carbon at 0.0 % slowdown");
  }

  @Test
  void everyColourHasAPlaceInTheDarkAndIsSeenInBoth() {
    String svg = simulate(SEVEN + " --format svg");
    Map<String, String> dark =
        DARK.matcher(svg)
            .results()
            .collect(
                Collectors.toMap(
                    rule -> rule.group(1), rule -> rule.group(2), (a, b) -> a, TreeMap::new));
    List<MatchResult> coloured =
        COLOURED.matcher(svg).results().filter(c -> !c.group(2).equals(RULE)).toList();
    assertThat(coloured).hasSizeGreaterThan(20);
    assertThat(svg).doesNotContain("rgb(").contains("prefers-color-scheme:dark");
    for (MatchResult one : coloured) {
      assertThat(dark).containsKey(one.group(3));
      if (!one.group(2).equals("ffffff")) {
        assertThat(contrast(one.group(2), "ffffff")).as(one.group(2)).isGreaterThan(3);
        String shown = dark.getOrDefault(one.group(3), "");
        assertThat(contrast(shown, "0d1117")).as(shown).isGreaterThan(4.5);
      }
    }
  }

  /** As WCAG 2 defines it. */
  private static double contrast(String one, String other) {
    double a = luminance(one) + 0.05;
    double b = luminance(other) + 0.05;
    return Math.max(a, b) / Math.min(a, b);
  }

  private static double luminance(String hex) {
    int rgb = Integer.parseInt(hex, 16);
    return 0.2126 * linear(rgb >> 16)
        + 0.7152 * linear(rgb >> 8 & 255)
        + 0.0722 * linear(rgb & 255);
  }

  private static double linear(int value) {
    double share = value / 255.0;
    return share <= 0.03928 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
  }
}
