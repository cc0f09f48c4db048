package chase.daemon.grid;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonProvider;
import chase.carbon.Provenance;
import chase.carbon.Region;
import chase.carbon.SignalKind;
import chase.carbon.history.HistoryReader;
import chase.carbon.history.SeriesKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The signal's past as it is kept on disk, also that of providers which are configured no more; of
 * a recording that is played back the last day, which is kept in memory. Changes nothing.
 *
 * @param stateDirectory where it is kept
 * @param providers those that are configured, the first one first
 * @param lastDay what is kept in memory
 */
public record SignalArchive(Path stateDirectory, List<CarbonProvider> providers, GridPast lastDay) {
  /** Copies the list. */
  public SignalArchive {
    providers = List.copyOf(providers);
  }

  /**
   * Which series is wanted.
   *
   * @param provider its provider
   * @param region its region
   * @param kind words of its kind, divided by commas, such as {@code direct}
   */
  public record WantedSeries(
      Optional<String> provider, Optional<String> region, Optional<String> kind) {
    private boolean matches(SeriesKey key) {
      SignalKind known = key.kind();
      return provider.filter(name -> !name.equals(key.provider())).isEmpty()
          && region.filter(code -> !code.equalsIgnoreCase(key.region().code())).isEmpty()
          && Stream.of(kind.orElse("").split(",", -1))
              .filter(word -> !word.isBlank())
              .allMatch(word ->
                  Stream.of(known.margin(), known.scope())
                      .anyMatch(one -> one.name().toLowerCase(Locale.ROOT).equals(word.strip())));
    }

    /** Such as {@code provider neso, region GB}. */
    private String description() {
      return Stream.of(
              provider.map(name -> "provider " + name),
              region.map(code -> "region " + code),
              kind.map(word -> "kind " + word))
          .flatMap(Optional::stream)
          .reduce((one, other) -> one + ", " + other)
          .orElse("that is not configured");
    }
  }

  /**
   * A part of one series.
   *
   * @param series which one
   * @param attribution what its licence wants shown, where its provider is configured
   * @param others the other series that are kept
   * @param stored its values
   */
  public record ArchivedPart(
      SeriesKey series,
      Optional<String> attribution,
      List<SeriesKey> others,
      HistoryReader.StoredValues stored) {
    /** Copies the list. */
    public ArchivedPart {
      others = List.copyOf(others);
    }
  }

  /**
   * The values of the wanted series between two times. Of several that match it is the one of a
   * configured provider, else the one that was written last. Blocks.
   *
   * @param most how many values at most
   * @return empty where nothing at all is kept
   * @throws IOException when it cannot be read
   * @throws IllegalArgumentException with one line when something is kept, and nothing that matches
   */
  public Optional<ArchivedPart> part(WantedSeries wanted, Instant from, Instant to, int most)
      throws IOException {
    HistoryReader reader = new HistoryReader(stateDirectory.resolve(StoredSignal.DIRECTORY));
    List<CarbonIntensity> recent = replayed();
    List<SeriesKey> kept =
        Stream.concat(recent.stream().limit(1).map(SeriesKey::of), reader.series().stream())
            .toList();
    if (kept.isEmpty()) {
      return Optional.empty();
    }
    List<SeriesKey> matching = kept.stream().filter(wanted::matches).toList();
    if (matching.isEmpty()) {
      throw new IllegalArgumentException(
          "no history of %s is kept, but of %s"
              .formatted(
                  wanted.description(),
                  String.join("; ", kept.stream().map(SeriesKey::toString).toList())));
    }
    SeriesKey series =
        providers.stream()
            .map(SignalArchive::key)
            .filter(matching::contains)
            .findFirst()
            .orElse(matching.getFirst());
    List<SeriesKey> others = new ArrayList<>(kept);
    others.remove(series);
    return Optional.of(
        new ArchivedPart(
            series,
            providers.stream()
                .filter(provider -> key(provider).equals(series))
                .findFirst()
                .flatMap(CarbonProvider::attribution),
            others,
            recent.isEmpty() || !series.equals(SeriesKey.of(recent.getFirst()))
                ? reader.values(series, from, to, most)
                : HistoryReader.StoredValues.of(recent, from, to)));
  }

  /** What a recording said, of which nothing is on disk. */
  private List<CarbonIntensity> replayed() {
    return lastDay.intensities().stream()
        .filter(value -> value.provenance() instanceof Provenance.Replayed)
        .toList();
  }

  private static SeriesKey key(CarbonProvider provider) {
    Region region = provider.region();
    return new SeriesKey(provider.provider(), region, provider.kind());
  }
}
