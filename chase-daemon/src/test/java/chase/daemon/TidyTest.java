package chase.daemon;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import chase.daemon.fixtures.Repository;
import chase.daemon.metrics.TestScrapes;
import chase.zeus.gpu.simulated.GpuPreset;
import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.profile.ProfileCsv;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** House rules that a compiler does not know. */
class TidyTest {
  private static final int LONGEST_FILE = 350;
  private static final int MAX_TYPES = 20;

  /** It hides most of them. */
  private static final int MAX_TYPES_OF_ENGINE = 35;

  private static final String ENGINE = "chase.zeus.engine";
  private static final String MAIN = "src/main/java";

  /** A type in a type, by its indentation. */
  private static final Pattern NESTED_TYPE =
      Pattern.compile(
          "(?m)^ +(?:(?:public|private|protected|static|final|sealed|non-sealed|abstract) )*"
              + "(?:class|record|interface|enum) ([A-Z]\\w*)[ <({]");

  private static final Offset<Double> ROUNDING = within(1e-6);
  private static final Pattern PACKAGE_PROMISE = Pattern.compile("(?s)^/\\*\\*\\s.*\\.\\s.*\\*/.*");

  /** Assembled, so that this file is not its own finding. */
  private static final Pattern MARKER = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|X" + "XX)\\b");

  private static final Pattern LOCK = Pattern.compile("\\bsynchro" + "nized\\s*\\(");

  /** Calls whose text depends on the host's language: digits, decimal signs, the dotless i. */
  private static final Pattern DEFAULT_LOCALE =
      Pattern.compile(
          "\\.to(Lower|Upper)Case\\(\\)|(String\\.format|\\.printf)\\(\\s*\""
              + "|\\.ofPattern\\([^,()]*\\)|%[-#+ 0,(]*[0-9.]*[dfeEgGxX][^\"\n"
              + "]*\"\\s*(\\+\\s*\"[^\"\n"
              + "]*\"\\s*)*\\)?\\s*\\.formatted\\(");

  private static final Pattern METRIC_ROW = Pattern.compile("(?m)^\\| `(chase_\\w+)` \\|");

  private final Path root = Repository.root();

  @Test
  void everyPackageStatesItsPromise() {
    assertThat(offenders(file -> isMain(file) && !promises(file))).isEmpty();
  }

  @Test
  void noBlockWaitsForALock() {
    assertThat(offenders(file -> LOCK.matcher(Repository.text(file)).find())).isEmpty();
  }

  @Test
  void textIsTheSameUnderEveryLocale() {
    assertThat(
            offenders(file -> isMain(file) && DEFAULT_LOCALE.matcher(Repository.text(file)).find()))
        .isEmpty();
  }

  @Test
  void noWorkIsLeftInAComment() {
    assertThat(offenders(file -> MARKER.matcher(Repository.text(file)).find())).isEmpty();
  }

  @Test
  void noFileIsTooLongToRead() {
    assertThat(offenders(TidyTest::isTooLong)).isEmpty();
  }

  @Test
  void everyPackageIsOfASizeToBeRead() {
    Map<String, Long> types =
        mainTypes().collect(groupingBy(TidyTest::packageOf, TreeMap::new, counting()));
    assertThat(types)
        .allSatisfy((name, count) ->
            assertThat(count)
                .as("types in %s", name)
                .isLessThanOrEqualTo(name.equals(ENGINE) ? MAX_TYPES_OF_ENGINE : MAX_TYPES));
  }

  /** A nested type may be called as one nested elsewhere: both are read with their owner. */
  @Test
  void noNameMeansTwoThings() {
    Map<String, List<Path>> types = new TreeMap<>();
    mainTypes()
        .forEach(file ->
            Stream.concat(Stream.of(typeOf(file)), nestedTypesOf(file))
                .forEach(name -> types.computeIfAbsent(name, n -> new ArrayList<>()).add(file)));
    assertThat(types).allSatisfy((name, found) -> assertThat(found).as(name).hasSize(1));
  }

  private static Stream<String> nestedTypesOf(Path file) {
    return NESTED_TYPE.matcher(Repository.text(file)).results().map(type -> type.group(1));
  }

  private static Stream<Path> mainTypes() {
    return Repository.javaFiles().stream()
        .filter(TidyTest::isMain)
        .filter(file -> !file.endsWith("package-info.java"));
  }

  private static String packageOf(Path file) {
    String path = Objects.requireNonNull(file.getParent()).toString();
    return path.substring(path.indexOf(MAIN) + MAIN.length() + 1).replace('/', '.');
  }

  private static String typeOf(Path file) {
    return file.getFileName().toString().replace(".java", "");
  }

  @Test
  void theRulesLookAtEveryRoom() {
    assertThat(Repository.javaFiles()).anyMatch(file -> file.endsWith("Engine.java"));
    assertThat(Repository.javaFiles()).anyMatch(file -> file.endsWith("CarbonProvider.java"));
    assertThat(Repository.javaFiles()).anyMatch(file -> file.endsWith("TidyTest.java"));
  }

  @Test
  void everyMetricIsDocumentedAndEveryDocumentedOneIsShown() {
    List<String> documented =
        METRIC_ROW
            .matcher(Repository.text(root.resolve("docs/metrics.md")))
            .results()
            .map(row -> row.group(1))
            .toList();
    assertThat(documented).containsExactlyInAnyOrderElementsOf(TestScrapes.everyMetricName());
  }

  @Test
  void theDocumentedProfileIsTheSimulatedGpus() {
    Path file = root.resolve("docs/simulated-v100.csv");
    List<Point> documented = ProfileCsv.parse(file.toString(), Repository.text(file)).points();
    List<Point> simulated = GpuPreset.V100.profile().points();
    assertThat(documented).hasSameSizeAs(simulated);
    for (int i = 0; i < documented.size(); i++) {
      assertThat(figures(documented.get(i))).containsExactly(figures(simulated.get(i)), ROUNDING);
    }
  }

  private static double[] figures(Point point) {
    return new double[] {point.limit().value(), point.power().value(), point.throughput()};
  }

  private static boolean promises(Path member) {
    Path file = member.resolveSibling("package-info.java");
    return Files.exists(file) && PACKAGE_PROMISE.matcher(Repository.text(file)).matches();
  }

  private static boolean isMain(Path file) {
    return file.toString().contains(MAIN);
  }

  private static boolean isTooLong(Path file) {
    return Repository.text(file).lines().count() > LONGEST_FILE;
  }

  private List<Path> offenders(Predicate<Path> offends) {
    return Repository.javaFiles().stream().filter(offends).map(root::relativize).toList();
  }
}
