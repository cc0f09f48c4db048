package chase.carbon.history;

import chase.carbon.CarbonIntensity;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Reads the histories of a {@link SignalStore} that is in use, and changes nothing: a line that is
 * damaged, or is being written, is left out. Blocks; any thread may call.
 *
 * @param directory the store's directory
 */
public record HistoryReader(Path directory) {
  /** Every series that is kept, the one that was written last first. */
  public List<SeriesKey> series() throws IOException {
    List<KeptSeries> kept = new ArrayList<>();
    for (Path file : files()) {
      key(file).ifPresent(key -> kept.add(new KeptSeries(key, modified(file))));
    }
    return kept.stream()
        .sorted(Comparator.comparing(KeptSeries::written).reversed())
        .map(KeptSeries::key)
        .toList();
  }

  private record KeptSeries(SeriesKey key, Instant written) {}

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(SignalStore.HISTORY)).sorted().toList();
    } catch (NoSuchFileException nothingKept) {
      return List.of();
    }
  }

  /** A file that goes meanwhile was written long ago. */
  private static Instant modified(Path file) {
    try {
      return Files.getLastModifiedTime(file).toInstant();
    } catch (IOException e) {
      return Instant.EPOCH;
    }
  }

  private static Optional<SeriesKey> key(Path file) throws IOException {
    try (BufferedReader lines = reader(file)) {
      return lines.lines().flatMap(line -> parsed(line).stream()).findFirst().map(SeriesKey::of);
    } catch (UncheckedIOException unreadable) {
      throw unreadable.getCause();
    }
  }

  /**
   * The values of one series whose period begins at or after {@code from} and before {@code to},
   * ascending, each period once; without the forecasts that earlier versions kept too.
   *
   * @param most how many are returned: the first ones
   */
  public StoredValues values(SeriesKey key, Instant from, Instant to, int most) throws IOException {
    NavigableMap<Instant, CarbonIntensity> periods = new TreeMap<>();
    SeriesSpan whole = new SeriesSpan();
    Path file = directory.resolve(key.fileName() + SignalStore.HISTORY);
    try (BufferedReader lines = reader(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Optional<CarbonIntensity> value =
            parsed(line)
                .filter(sample -> SeriesKey.of(sample).equals(key))
                .filter(sample -> sample.provenance().isObserved());
        value.ifPresent(whole::add);
        value
            .filter(sample -> !sample.validFrom().isBefore(from) && sample.validFrom().isBefore(to))
            .ifPresent(sample -> periods.merge(sample.validFrom(), sample, SeriesHistory::later));
        // One more shows that there are more.
        if (periods.size() > most + 1) {
          periods.pollLastEntry();
        }
      }
    }
    List<CarbonIntensity> all = List.copyOf(periods.values());
    boolean more = all.size() > most;
    return new StoredValues(
        more ? all.subList(0, most) : all,
        more ? Optional.of(all.getLast().validFrom()) : Optional.empty(),
        whole.from,
        whole.to);
  }

  /** From the first period to the end of the last. */
  private static final class SeriesSpan {
    private Optional<Instant> from = Optional.empty();
    private Optional<Instant> to = Optional.empty();

    void add(CarbonIntensity sample) {
      from = from.filter(known -> known.isBefore(sample.validFrom())).or(() -> first(sample));
      to = to.filter(known -> known.isAfter(sample.validTo())).or(() -> last(sample));
    }

    private static Optional<Instant> first(CarbonIntensity sample) {
      return Optional.of(sample.validFrom());
    }

    private static Optional<Instant> last(CarbonIntensity sample) {
      return Optional.of(sample.validTo());
    }
  }

  /** Bytes that are no text become other text, which the checksum reveals. */
  private static BufferedReader reader(Path file) throws IOException {
    return new BufferedReader(
        new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8));
  }

  private static Optional<CarbonIntensity> parsed(String line) {
    try {
      return Optional.of(IntensityJson.parse(LineFile.CheckedLine.text(line)));
    } catch (IllegalArgumentException damaged) {
      return Optional.empty();
    }
  }

  /**
   * A part of a series.
   *
   * @param values ascending, each period once
   * @param next where the part begins that follows, where there is more
   * @param from where the whole series begins
   * @param to where it ends
   */
  public record StoredValues(
      List<CarbonIntensity> values,
      Optional<Instant> next,
      Optional<Instant> from,
      Optional<Instant> to) {
    /** Copies the list. */
    public StoredValues {
      values = List.copyOf(values);
    }

    /** What of {@code all}, which are ascending, begins at or after a time and before another. */
    public static StoredValues of(List<CarbonIntensity> all, Instant from, Instant to) {
      return new StoredValues(
          all.stream()
              .filter(
                  sample -> !sample.validFrom().isBefore(from) && sample.validFrom().isBefore(to))
              .toList(),
          Optional.empty(),
          all.stream().findFirst().map(CarbonIntensity::validFrom),
          all.isEmpty() ? Optional.empty() : Optional.of(all.getLast().validTo()));
    }
  }
}
