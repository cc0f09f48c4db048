package chase.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import chase.daemon.metrics.TestScrapes;
import chase.zeus.gpu.simulated.GpuPreset;
import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.profile.ProfileCsv;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** House rules that a compiler does not know. */
class TidyTest {
  private static final int LONGEST_FILE = 350;
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

  private final Path root = root();

  @Test
  void everyPackageSaysWhatItPromises() throws IOException {
    assertThat(offenders(file -> isMain(file) && !promises(file))).isEmpty();
  }

  @Test
  void noBlockWaitsForALock() throws IOException {
    assertThat(offenders(file -> LOCK.matcher(text(file)).find())).isEmpty();
  }

  @Test
  void textIsTheSameUnderEveryLocale() throws IOException {
    assertThat(offenders(file -> isMain(file) && DEFAULT_LOCALE.matcher(text(file)).find()))
        .isEmpty();
  }

  @Test
  void noWorkIsLeftInAComment() throws IOException {
    assertThat(offenders(file -> MARKER.matcher(text(file)).find())).isEmpty();
  }

  @Test
  void noFileIsTooLongToRead() throws IOException {
    assertThat(offenders(TidyTest::isTooLong)).isEmpty();
  }

  @Test
  void theRulesLookAtEveryRoom() throws IOException {
    assertThat(javaFiles()).anyMatch(file -> file.endsWith("Engine.java"));
    assertThat(javaFiles()).anyMatch(file -> file.endsWith("CarbonProvider.java"));
    assertThat(javaFiles()).anyMatch(file -> file.endsWith("TidyTest.java"));
  }

  @Test
  void everyMetricIsDocumentedAndEveryDocumentedOneIsShown() {
    List<String> documented =
        METRIC_ROW
            .matcher(text(root.resolve("docs/metrics.md")))
            .results()
            .map(row -> row.group(1))
            .toList();
    assertThat(documented).containsExactlyInAnyOrderElementsOf(TestScrapes.everyMetricName());
  }

  @Test
  void theDocumentedProfileIsTheSimulatedCards() {
    Path file = root.resolve("docs/simulated-v100.csv");
    List<Point> documented = ProfileCsv.parse(file.toString(), text(file)).points();
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
    return Files.exists(file) && PACKAGE_PROMISE.matcher(text(file)).matches();
  }

  private static boolean isMain(Path file) {
    return file.toString().contains("src/main/java");
  }

  private static boolean isTooLong(Path file) {
    return text(file).lines().count() > LONGEST_FILE;
  }

  private List<Path> offenders(Predicate<Path> offends) throws IOException {
    return javaFiles().stream().filter(offends).map(root::relativize).toList();
  }

  private List<Path> javaFiles() throws IOException {
    List<Path> files = new ArrayList<>();
    for (String module : List.of("zeus-engine", "carbon-providers", "chase-daemon")) {
      try (Stream<Path> below = Files.walk(root.resolve(module).resolve("src"))) {
        below.filter(file -> file.toString().endsWith(".java")).forEach(files::add);
      }
    }
    return files;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The repository, wherever the test was started in it. */
  private static Path root() {
    Path start = Path.of("").toAbsolutePath();
    return Stream.iterate(Optional.of(start), Optional::isPresent, TidyTest::parent)
        .flatMap(Optional::stream)
        .filter(directory -> Files.isDirectory(directory.resolve("zeus-engine")))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no repository around " + start));
  }

  private static Optional<Path> parent(Optional<Path> directory) {
    return directory.map(Path::getParent);
  }
}
