package chase.carbon.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import chase.carbon.CarbonIntensity;
import chase.carbon.GramsPerKwh;
import chase.carbon.Provenance;
import chase.carbon.Region;
import chase.carbon.SignalKind;
import chase.carbon.history.HistoryReader.StoredValues;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads what a store that is open has written. */
class HistoryReaderTest {
  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
  private static final SignalKind DIRECT =
      new SignalKind(SignalKind.Margin.AVERAGE, SignalKind.EmissionScope.DIRECT);

  @TempDir private Path directory;

  private static CarbonIntensity value(String provider, int hour, double grams, int published) {
    return value(provider, hour, grams, published, new Provenance.Measured());
  }

  private static CarbonIntensity value(
      String provider, int hour, double grams, int published, Provenance origin) {
    Instant from = NOON.plus(Duration.ofHours(hour));
    Instant at = NOON.plus(Duration.ofHours(published));
    return new CarbonIntensity(
        new GramsPerKwh(grams),
        DIRECT,
        origin,
        provider,
        new Region("GB"),
        from,
        from.plus(Duration.ofHours(1)),
        at,
        at,
        Optional.empty());
  }

  private SignalStore store() throws Exception {
    return SignalStore.open(directory, SignalStore.HistoryLimits.DEFAULT, warning -> {});
  }

  private StoredValues read(String from, String to, int most) throws Exception {
    HistoryReader reader = new HistoryReader(directory);
    SeriesKey key = reader.series().getFirst();
    return reader.values(key, Instant.parse(from), Instant.parse(to), most);
  }

  @Test
  void whereNothingWasKeptThereIsNoSeries() throws Exception {
    assertThat(new HistoryReader(directory.resolve("none")).series()).isEmpty();
    assertThat(new HistoryReader(directory).series()).isEmpty();
  }

  @Test
  void valuesComeAscendingEachPeriodOnceWhileTheStoreIsOpen() throws Exception {
    try (SignalStore store = store()) {
      store.append(value("a", 2, 30, 2));
      store.append(value("a", 0, 10, 0));
      store.append(value("a", 0, 11, 5));
      store.append(value("a", 1, 20, 1));
      StoredValues all = read("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z", 10);
      assertThat(all.values())
          .extracting(one -> one.value().value())
          .containsExactly(11.0, 20.0, 30.0);
      assertThat(all.next()).isEmpty();
      assertThat(all.from()).contains(NOON);
      assertThat(all.to()).contains(NOON.plus(Duration.ofHours(3)));
    }
  }

  @Test
  void aPartSaysWhereTheNextBegins() throws Exception {
    try (SignalStore store = store()) {
      for (int hour : List.of(4, 1, 0, 3, 2)) {
        store.append(value("a", hour, hour, hour));
      }
    }
    StoredValues first = read("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z", 2);
    assertThat(first.values()).extracting(one -> one.value().value()).containsExactly(0.0, 1.0);
    assertThat(first.next()).contains(Instant.parse("2026-11-23T14:00:00Z"));
    StoredValues rest = read(first.next().orElseThrow().toString(), "2026-11-23T16:00:00Z", 2);
    assertThat(rest.values()).extracting(one -> one.value().value()).containsExactly(2.0, 3.0);
    assertThat(rest.next()).isEmpty();
  }

  @Test
  void aLineThatIsBeingWrittenOrIsDamagedIsLeftOutAndNothingChanges() throws Exception {
    try (SignalStore store = store()) {
      store.append(value("a", 0, 1, 0));
    }
    Path file = directory.resolve("a_GB_average_direct.history");
    Files.writeString(file, "damaged\n", StandardOpenOption.APPEND);
    Files.writeString(file, "0123abcd {\"from\":\"2026", StandardOpenOption.APPEND);
    String before = Files.readString(file);
    assertThat(read("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z", 9).values()).hasSize(1);
    assertThat(file).hasContent(before);
  }

  @Test
  void aForecastThatAnEarlierVersionKeptIsNoHistory() throws Exception {
    try (SignalStore store = store()) {
      store.append(value("a", 0, 1, 0));
    }
    CarbonIntensity forecast =
        value("a", 1, 2, 0, new Provenance.ForecastByProvider(Duration.ofHours(1)));
    Files.writeString(
        directory.resolve("a_GB_average_direct.history"),
        LineFile.CheckedLine.of(IntensityJson.line(forecast)) + "\n",
        StandardOpenOption.APPEND);
    StoredValues all = read("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z", 9);
    assertThat(all.values()).extracting(one -> one.value().value()).containsExactly(1.0);
    assertThat(all.to()).contains(NOON.plus(Duration.ofHours(1)));
  }

  @Test
  void aFileThatCannotBeReadIsAReadError() throws Exception {
    Files.createDirectory(directory.resolve("a_GB_average_direct.history"));
    assertThatIOException().isThrownBy(() -> new HistoryReader(directory).series());
  }

  @Test
  void theSeriesThatWasWrittenLastIsTheFirst() throws Exception {
    try (SignalStore store = store()) {
      store.append(value("old", 0, 1, 0));
      store.append(value("new", 0, 1, 0));
    }
    Files.setLastModifiedTime(
        directory.resolve("old_GB_average_direct.history"),
        java.nio.file.attribute.FileTime.from(NOON));
    assertThat(new HistoryReader(directory).series())
        .extracting(SeriesKey::provider)
        .containsExactly("new", "old");
  }
}
