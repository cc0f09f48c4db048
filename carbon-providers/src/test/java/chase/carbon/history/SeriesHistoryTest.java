package chase.carbon.history;

import static org.assertj.core.api.Assertions.assertThat;

import chase.carbon.CarbonIntensity;
import chase.carbon.Region;
import chase.carbon.SignalKind;
import chase.carbon.SignalKind.EmissionScope;
import chase.carbon.SignalKind.Margin;
import chase.carbon.fixtures.TestIntensities;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeriesHistoryTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final SignalKind KIND = new SignalKind(Margin.AVERAGE, EmissionScope.LIFECYCLE);
  private static final SeriesKey KEY = new SeriesKey("grid", new Region("X"), KIND);

  @TempDir private Path directory;
  private final List<String> warnings = new ArrayList<>();
  private final TestIntensities series = new TestIntensities(KIND, Duration.ofHours(1), START);
  private SignalStore.HistoryLimits limits = SignalStore.HistoryLimits.DEFAULT;

  @Test
  void whatWasAppendedIsThereAfterARestart() throws IOException {
    List<CarbonIntensity> samples = List.of(series.of(300), series.of(310), series.of(305.25));
    write(samples);
    assertThat(reopened()).isEqualTo(samples);
    assertThat(warnings).isEmpty();
  }

  @Test
  void aPeriodCountsOnceAndTheLaterPublicationWins() throws IOException {
    CarbonIntensity first = series.at(START, 300, START);
    CarbonIntensity revised = series.at(START, 320, START.plusSeconds(600));
    CarbonIntensity stale = series.at(START, 280, START.minusSeconds(600));
    write(List.of(first, first, revised, stale, revised));
    assertThat(reopened()).containsExactly(revised);
    assertThat(Files.readAllLines(file())).hasSize(2);
  }

  @Test
  void aStopWhileThePastIsWrittenIsNoFaultOfTheDiskAndKeepsWhatIsThere() throws IOException {
    CarbonIntensity first = series.of(300);
    try (SeriesHistory history = SeriesHistory.open(KEY, file(), limits, warnings::add)) {
      history.append(first);
      Thread.currentThread().interrupt();
      history.append(series.of(310));
      assertThat(Thread.interrupted()).isTrue();
      assertThat(warnings).isEmpty();
      history.append(series.of(320));
      assertThat(warnings).singleElement().asString().contains("cannot be written");
    }
    assertThat(reopened()).containsExactly(first);
  }

  @Test
  void numbersOutOfOrderComeBackInOrder() throws IOException {
    CarbonIntensity later = series.at(START.plusSeconds(7200), 300, START);
    CarbonIntensity earlier = series.at(START, 310, START);
    write(List.of(later, earlier));
    assertThat(reopened()).containsExactly(earlier, later);
  }

  @Test
  void aTornLastLineIsCutAndSetAside() throws IOException {
    CarbonIntensity whole = series.of(300);
    write(List.of(whole, series.of(310)));
    byte[] bytes = Files.readAllBytes(file());
    byte[] torn = Arrays.copyOf(bytes, bytes.length - 20);
    Files.write(file(), torn);
    assertThat(reopened()).containsExactly(whole);
    assertThat(warnings).hasSize(1).first().asString().contains("torn").contains(".torn");
    assertThat(Files.size(beside(".torn"))).isPositive();
    assertThat(reopened()).containsExactly(whole);
    assertThat(warnings).hasSize(1);
  }

  @Test
  void aDamagedFileIsMovedAsideItsGoodLinesAreKeptWithOneWarning() throws IOException {
    List<CarbonIntensity> samples =
        List.of(series.of(300), series.of(310), series.of(320), series.of(330));
    write(samples);
    List<String> lines = new ArrayList<>(Files.readAllLines(file()));
    lines.set(1, lines.get(1).replace("310.0", "910.0"));
    lines.add(3, "\u0000\u0001 rubbish");
    byte[] damaged = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
    Files.write(file(), damaged);
    assertThat(reopened()).containsExactly(samples.get(0), samples.get(2), samples.get(3));
    assertThat(warnings).hasSize(1);
    assertThat(warnings.getFirst())
        .contains("line 2: the checksum is another, and 1 more")
        .contains("its 3 good numbers are kept")
        .contains(".damaged");
    assertThat(Files.readAllBytes(beside(".damaged"))).isEqualTo(damaged);
    assertThat(reopened()).hasSize(3);
    assertThat(warnings).hasSize(1);
  }

  @Test
  void aDamagedFileOnADiskThatCannotBeWrittenKeepsItsGoodLines() throws IOException {
    List<CarbonIntensity> samples = List.of(series.of(300), series.of(310));
    write(samples);
    Files.writeString(file(), "rubbish\n", StandardOpenOption.APPEND);
    Path inTheWay = Files.createDirectories(beside(".new").resolve("in-the-way"));
    assertThat(reopened()).isEqualTo(samples);
    assertThat(warnings).singleElement().asString().contains("it cannot be mended");
    assertThat(file()).content().endsWith("rubbish\n");
    Files.delete(inTheWay);
    Files.delete(beside(".new"));
    write(List.of(series.of(320)));
    assertThat(reopened()).hasSize(3).startsWith(samples.toArray(CarbonIntensity[]::new));
  }

  @Test
  void aSecondDamagedFileDoesNotOverwriteTheFirst() throws IOException {
    for (int i = 0; i < 2; i++) {
      Files.writeString(file(), "rubbish " + i + "\n");
      assertThat(reopened()).isEmpty();
    }
    assertThat(beside(".damaged")).hasContent("rubbish 0\n");
    assertThat(beside(".damaged.1")).hasContent("rubbish 1\n");
  }

  @Test
  void aNumberOfAnotherSeriesInTheFileIsDamageToo() throws IOException {
    TestIntensities other =
        new TestIntensities(
            new SignalKind(Margin.MARGINAL, EmissionScope.DIRECT), Duration.ofHours(1), START);
    Files.writeString(
        file(),
        LineFile.CheckedLine.of(IntensityJson.line(other.of(400))) + "\n",
        StandardOpenOption.CREATE);
    assertThat(reopened()).isEmpty();
    assertThat(warnings.getFirst()).contains("a number of grid X (marginal, direct)");
  }

  @Test
  void whatIsTooOldGoesByTheDatasOwnTime() throws IOException {
    limits = new SignalStore.HistoryLimits(Duration.ofDays(10), 1 << 20);
    List<CarbonIntensity> samples = new ArrayList<>();
    for (int i = 0; i < 24 * 30; i++) {
      samples.add(series.of(300 + i % 7));
    }
    write(samples);
    List<CarbonIntensity> kept = reopened();
    assertThat(kept).hasSize(24 * 10);
    assertThat(kept.getLast()).isEqualTo(samples.getLast());
    assertThat(Files.readAllLines(file())).hasSize(kept.size());
  }

  @Test
  void aFileThatGrewTooLargeLosesItsOlderHalf() throws IOException {
    limits = new SignalStore.HistoryLimits(Duration.ofDays(400), 64 << 10);
    for (int i = 0; i < 1000; i++) {
      write(List.of(series.of(300 + i % 7)));
      assertThat(Files.size(file())).isLessThanOrEqualTo((64 << 10) + 400);
    }
    assertThat(reopened()).hasSizeBetween(80, 300);
    assertThat(reopened().getLast().validTo()).isEqualTo(series.next());
  }

  @Test
  void aCrashAtAnyByteLosesAtMostTheLineThatWasBeingWritten() throws IOException {
    long seed = Long.getLong("chase.seed", 20_260_401L);
    Random random = new Random(seed);
    List<CarbonIntensity> samples = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      samples.add(series.of(200 + random.nextInt(300)));
    }
    write(samples);
    byte[] whole = Files.readAllBytes(file());
    for (int run = 0; run < 200; run++) {
      int length = random.nextInt(whole.length + 1);
      Files.write(file(), Arrays.copyOf(whole, length));
      long lines =
          new String(whole, 0, length, StandardCharsets.UTF_8)
              .chars()
              .filter(c -> c == '\n')
              .count();
      assertThat(reopened())
          .as("seed %d, cut at %d", seed, length)
          .isEqualTo(samples.subList(0, (int) lines));
    }
    assertThat(beside(".damaged")).doesNotExist();
  }

  @Test
  void aDiskThatCannotBeWrittenIsWarnedOfOnce() throws IOException {
    SeriesHistory history = SeriesHistory.open(KEY, file(), limits, warnings::add);
    history.close();
    history.append(series.of(300));
    history.append(series.of(310));
    assertThat(warnings).hasSize(1).first().asString().contains("cannot be written");
  }

  private void write(List<CarbonIntensity> samples) throws IOException {
    try (SeriesHistory history = SeriesHistory.open(KEY, file(), limits, warnings::add)) {
      samples.forEach(history::append);
    }
  }

  private List<CarbonIntensity> reopened() throws IOException {
    try (SeriesHistory history = SeriesHistory.open(KEY, file(), limits, warnings::add)) {
      List<CarbonIntensity> past = history.releaseLoaded();
      assertThat(history.releaseLoaded()).isEmpty();
      return past;
    }
  }

  private Path file() {
    return directory.resolve(KEY.fileName());
  }

  private Path beside(String ending) {
    return directory.resolve(KEY.fileName() + ending);
  }
}
