package chase.carbon.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import chase.carbon.CarbonIntensity;
import chase.carbon.Provenance;
import chase.carbon.Region;
import chase.carbon.SignalKind;
import chase.carbon.SignalKind.EmissionScope;
import chase.carbon.SignalKind.Margin;
import chase.carbon.fallback.FallbackLevel;
import chase.carbon.fallback.SavedSource;
import chase.carbon.fixtures.TestIntensities;
import chase.carbon.fixtures.TestProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignalStoreTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final SignalKind KIND = new SignalKind(Margin.AVERAGE, EmissionScope.LIFECYCLE);
  private static final SeriesKey KEY = new SeriesKey("grid", new Region("X"), KIND);
  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir private Path directory;
  private final List<String> warnings = new ArrayList<>();
  private final TestIntensities series = new TestIntensities(KIND, HOUR, START);

  @Test
  void eachSeriesHasItsOwnFile() throws IOException {
    TestIntensities marginal =
        new TestIntensities(new SignalKind(Margin.MARGINAL, EmissionScope.DIRECT), HOUR, START);
    try (SignalStore store = open()) {
      store.append(series.of(300));
      store.append(marginal.of(400));
    }
    assertThat(names())
        .containsExactlyInAnyOrder(
            "grid_X_average_lifecycle.history", "grid_X_marginal_direct.history");
  }

  @Test
  void recordingsAndMeansAreNoHistory() throws IOException {
    try (SignalStore store = open()) {
      store.append(series.sample(START, 300, START, new Provenance.Replayed(START)));
      store.append(
          series.sample(START, 300, START, new Provenance.Static(java.time.Year.of(2024), "x")));
    }
    assertThat(names()).isEmpty();
  }

  @Test
  void aRegionWithAnyNameHasAFileInsideTheDirectory() throws IOException {
    SeriesKey odd = new SeriesKey("grid", new Region("../a b/*ü"), KIND);
    try (SignalStore store = open()) {
      store.history(odd);
    }
    assertThat(names()).singleElement().asString().startsWith("grid_").doesNotContain(" ");
  }

  @Test
  void lastAnswersComeBackAsTheyWere() throws IOException {
    SavedSource memory =
        new SavedSource(
            List.of(series.of(300), series.of(310)),
            START,
            START.plus(HOUR),
            List.of(series.of(320)),
            Instant.MIN,
            Instant.MIN);
    try (SignalStore store = open()) {
      assertThat(store.saved(KEY)).isEmpty();
      store.save(List.of(KEY), List.of(memory));
      assertThat(store.saved(KEY)).contains(memory);
    }
    assertThat(warnings).isEmpty();
  }

  @Test
  void damagedLastAnswersAreMovedAsideWithOneWarning() throws IOException {
    Path file = directory.resolve(KEY.fileName() + ".last");
    for (String damage :
        List.of("", "rubbish\n", LineFile.CheckedLine.of("times 1 2 3 4") + "\n")) {
      warnings.clear();
      Files.writeString(file, damage);
      try (SignalStore store = open()) {
        assertThat(store.saved(KEY)).as(damage).isEqualTo(Optional.empty());
        assertThat(store.saved(KEY)).isEmpty();
      }
      assertThat(warnings).hasSize(1).first().asString().contains("are damaged").contains("now ");
    }
    assertThat(names())
        .contains(
            "grid_X_average_lifecycle.last.damaged",
            "grid_X_average_lifecycle.last.damaged.1",
            "grid_X_average_lifecycle.last.damaged.2");
  }

  @Test
  void aDamagedLineOfTheLastAnswersCostsThatLineAndAPoll() throws IOException {
    SavedSource memory =
        new SavedSource(
            List.of(series.of(300), series.of(310)),
            START,
            START.plus(HOUR),
            List.of(series.of(320), series.of(330)),
            START,
            START.plus(HOUR));
    Path file = directory.resolve(KEY.fileName() + ".last");
    try (SignalStore store = open()) {
      store.save(List.of(KEY), List.of(memory));
    }
    List<String> lines = Files.readAllLines(file);
    for (int bad = 0; bad < lines.size(); bad++) {
      warnings.clear();
      List<String> damaged = new ArrayList<>(lines);
      damaged.set(bad, lines.get(bad).replaceFirst("Z", "Y"));
      Files.write(file, damaged);
      try (SignalStore store = open()) {
        SavedSource read = store.saved(KEY).orElseThrow();
        assertThat(read.recent().size() + read.forecast().size())
            .as("line %d", bad)
            .isEqualTo(bad == 0 ? 4 : 3);
        assertThat(List.of(read.notBefore(), read.forecastNotBefore())).containsOnly(Instant.MIN);
      }
      assertThat(warnings).singleElement().asString().contains("what can be read is used");
    }
  }

  @Test
  void theMeanOfAWeekStandsInForTheSeries() {
    List<CarbonIntensity> past = new ArrayList<>();
    for (int i = 0; i < 24 * 7; i++) {
      past.add(series.of(i % 2 == 0 ? 200 : 400));
    }
    Instant now = series.next();
    CarbonIntensity mean = HistoryMean.of(past, now).orElseThrow();
    assertThat(mean.value().value()).isEqualTo(300);
    assertThat(mean.kind()).isEqualTo(KIND);
    assertThat(mean.provenance()).isInstanceOf(Provenance.Static.class);
    assertThat(HistoryMean.of(past.subList(1, past.size()), now)).isEmpty();
    assertThat(HistoryMean.of(past, now.plus(Duration.ofDays(60)))).isEmpty();
    assertThat(FallbackLevel.STATIC.number()).isEqualTo(4);
  }

  @Test
  void theHoleIsFilledFromWhatTheProviderStillKnows() throws Exception {
    List<CarbonIntensity> stored = List.of(series.of(300));
    series.skip(30);
    Instant now = series.next();
    assertThat(HistoryGapFiller.missingSince(List.of(), now))
        .contains(now.minus(Duration.ofDays(28)));
    assertThat(HistoryGapFiller.missingSince(stored, stored.getFirst().validTo().plus(HOUR)))
        .isEmpty();
    Instant since = HistoryGapFiller.missingSince(stored, now).orElseThrow();
    assertThat(since).isEqualTo(stored.getFirst().validTo());
    try (SignalStore store = open()) {
      store.append(stored.getFirst());
      CarbonIntensity known = series.at(since, 310, now);
      CarbonIntensity inKilograms = series.at(since.plus(HOUR), 0.31, now);
      List<CarbonIntensity> given =
          HistoryGapFiller.fill(
              new TestProvider("grid", KIND, () -> now).withPast(List.of(known, inKilograms)),
              store.history(KEY),
              List.of(),
              since,
              now);
      assertThat(given).containsExactly(known);
    }
    try (SignalStore store = open()) {
      assertThat(store.history(KEY).releaseLoaded()).hasSize(2);
    }
  }

  @Test
  void oneDirectoryHasOneUser() throws IOException {
    try (SignalStore store = open()) {
      assertThat(store.saved(KEY)).isEmpty();
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(this::open)
          .withMessage(directory + " is in use already");
    }
    open().close();
  }

  private SignalStore open() throws IOException {
    return SignalStore.open(directory, SignalStore.HistoryLimits.DEFAULT, warnings::add);
  }

  private List<String> names() throws IOException {
    try (var files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.equals("lock"))
          .toList();
    }
  }
}
