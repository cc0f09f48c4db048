package chase.daemon.grid;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonProvider;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.ProviderCheck.Ability;
import chase.carbon.Region;
import chase.carbon.SignalKind;
import chase.carbon.fallback.FallbackChain;
import chase.carbon.fallback.SavedSource;
import chase.carbon.fallback.SourceStatus;
import chase.carbon.history.HistoryGapFiller;
import chase.carbon.history.HistoryMean;
import chase.carbon.history.SeriesHistory;
import chase.carbon.history.SeriesKey;
import chase.carbon.history.SignalStore;
import chase.carbon.plausibility.ValueCheck;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * The past of a live signal in {@code signal/} of the state directory, filled up once from what the
 * provider still knows. Where the directory cannot be used, Chase goes on without and logs so once.
 */
public final class StoredSignal implements SignalMemory {
  private static final Logger LOG = System.getLogger(StoredSignal.class.getName());
  static final String DIRECTORY = "signal";

  /** More would delay the first decision and teach the forecaster nothing that it keeps. */
  private static final int MAX_LEARNED = 12_000;

  private final Path directory;
  private final List<SeriesKey> keys;
  private final CarbonProvider provider;
  private final InstantSource clock;
  private Optional<SignalStore> store = Optional.empty();

  /** What was on the disk, until what is missing after it is fetched; then nothing. */
  private Optional<List<CarbonIntensity>> incomplete = Optional.empty();

  private final CompletableFuture<List<SourceStatus>> resting = new CompletableFuture<>();

  private volatile Optional<CarbonIntensity> mean = Optional.empty();

  /**
   * A past that is not opened yet.
   *
   * @param keys the series of each provider in the chain's order, at least one
   * @param provider the first provider
   */
  StoredSignal(
      Path stateDirectory, List<SeriesKey> keys, CarbonProvider provider, InstantSource clock) {
    this.directory = stateDirectory.resolve(DIRECTORY);
    this.keys = List.copyOf(keys);
    this.provider = provider;
    this.clock = clock;
  }

  @Override
  public List<CarbonIntensity> load() {
    List<CarbonIntensity> past = history().map(SeriesHistory::releaseLoaded).orElse(List.of());
    Instant now = clock.instant();
    mean = HistoryMean.of(ValueCheck.believed(past), now);
    incomplete =
        HistoryGapFiller.missingSince(past, now).map(since -> past).filter(known -> keepsPast());
    return newest(past);
  }

  /** One try: a provider that takes too long over its past must not keep its present away. */
  @Override
  public List<CarbonIntensity> fetchMissing() throws InterruptedException {
    List<CarbonIntensity> past = incomplete.orElse(List.of());
    Instant now = clock.instant();
    Optional<Instant> since =
        incomplete.flatMap(known -> HistoryGapFiller.missingSince(known, now));
    incomplete = Optional.empty();
    if (since.isEmpty()) {
      return List.of();
    }
    List<CarbonIntensity> fetched = fetch(provider, history(), past, since.get(), now);
    List<CarbonIntensity> all = Stream.concat(past.stream(), fetched.stream()).toList();
    mean = HistoryMean.of(ValueCheck.believed(all), now);
    return newest(fetched);
  }

  private static List<CarbonIntensity> newest(List<CarbonIntensity> past) {
    return past.subList(Math.max(0, past.size() - MAX_LEARNED), past.size());
  }

  /** What was usual in the weeks before the past was loaded, where a week of it is known. */
  public Optional<CarbonIntensity> mean() {
    return mean;
  }

  private boolean keepsPast() {
    return provider.abilities().contains(Ability.HISTORY);
  }

  private Optional<SeriesHistory> history() {
    try {
      SignalStore opened =
          store.isPresent()
              ? store.get()
              : SignalStore.open(
                  directory,
                  SignalStore.HistoryLimits.DEFAULT,
                  warning -> LOG.log(Level.WARNING, warning));
      store = Optional.of(opened);
      return Optional.of(opened.history(keys.getFirst()));
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the signal's past is not kept: " + e.getMessage());
      return Optional.empty();
    }
  }

  private static List<CarbonIntensity> fetch(
      CarbonProvider provider,
      Optional<SeriesHistory> history,
      List<CarbonIntensity> stored,
      Instant since,
      Instant now)
      throws InterruptedException {
    try {
      return history.isPresent()
          ? HistoryGapFiller.fill(provider, history.get(), stored, since, now)
          : ValueCheck.believed(provider.history(since, now));
    } catch (CarbonUnavailable failure) {
      Level level =
          failure.reason() == FailureReason.ENDPOINT_NOT_IN_PLAN ? Level.DEBUG : Level.INFO;
      LOG.log(level, "no past to learn from: " + failure.getMessage());
      return List.of();
    }
  }

  @Override
  public void add(CarbonIntensity sample) {
    store.ifPresent(opened -> opened.append(sample));
  }

  @Override
  public void restore(FallbackChain chain) {
    store.ifPresent(opened -> chain.restore(keys.stream().map(opened::saved).toList()));
    List<SourceStatus> sources = chain.statuses();
    Instant now = clock.instant();
    resting.complete(sources.stream().filter(source -> source.nextPoll().isAfter(now)).toList());
  }

  @Override
  public List<SourceStatus> resting() throws InterruptedException {
    try {
      return resting.get(1, TimeUnit.MINUTES);
    } catch (ExecutionException | TimeoutException unknown) {
      return List.of();
    }
  }

  @Override
  public void save(FallbackChain chain) {
    List<SavedSource> memories = chain.saved();
    store.ifPresent(opened -> opened.save(keys, memories));
  }

  @Override
  public void close() {
    store.ifPresent(SignalStore::close);
  }

  /**
   * What the region was like in the weeks before the daemon started, stated for the running hour;
   * for when nothing better is known.
   *
   * @param stored the past that was loaded
   * @param kind the kind of the values in it
   * @param ownRegion where the host draws its power
   * @param clock the daemon's clock
   */
  public record StoredMean(
      StoredSignal stored, SignalKind kind, Optional<Region> ownRegion, InstantSource clock)
      implements CarbonProvider {
    @Override
    public String provider() {
      return "static";
    }

    @Override
    public Region region() {
      return ownRegion.orElseGet(() -> new Region("none"));
    }

    @Override
    public CarbonIntensity current() throws CarbonUnavailable {
      CarbonIntensity mean =
          stored
              .mean()
              .orElseThrow(() ->
                  new CarbonUnavailable(
                      FailureReason.NO_DATA,
                      "static: less than a week of " + region() + " is known"));
      var now = clock.instant();
      var hour = now.truncatedTo(ChronoUnit.HOURS);
      return new CarbonIntensity(
          mean.value(),
          mean.kind(),
          mean.provenance(),
          mean.provider(),
          mean.region(),
          hour,
          hour.plus(1, ChronoUnit.HOURS),
          mean.publishedAt(),
          now,
          mean.modelDate(),
          mean.via());
    }
  }
}
