package chase.daemon.grid;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonProvider;
import chase.carbon.CarbonUnavailable;
import chase.carbon.fallback.FallbackChain;
import chase.carbon.fallback.SourceStatus;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** What is remembered of one provider's series. Calls may block; for one thread at a time. */
public interface SignalMemory extends AutoCloseable {
  /**
   * All that is at hand and may be learned from before the first poll, oldest first.
   *
   * @throws InterruptedException when the calling thread is interrupted
   */
  List<CarbonIntensity> load() throws InterruptedException;

  /**
   * What is missing after what was loaded, oldest first, as far as the provider still knows it;
   * often nothing. Calls the provider, which may take long; once.
   *
   * @throws InterruptedException when the calling thread is interrupted
   */
  default List<CarbonIntensity> fetchMissing() throws InterruptedException {
    return List.of();
  }

  /**
   * The sources that an earlier daemon was not to call before a time that is still to come. Waits
   * until that was read, a minute at most; any thread may call.
   */
  default List<SourceStatus> resting() throws InterruptedException {
    return List.of();
  }

  /** Remembers a number that was believed. */
  void add(CarbonIntensity sample);

  /** Gives the chain back what it knew when it was saved; before its first poll only. */
  default void restore(FallbackChain chain) {}

  /** Saves what a restart must not lose of the chain. */
  default void save(FallbackChain chain) {}

  /** Closes its files; nothing is added any more. */
  @Override
  default void close() {}

  /** Nothing is remembered. */
  static SignalMemory none() {
    return new SignalMemory() {
      @Override
      public List<CarbonIntensity> load() {
        return List.of();
      }

      @Override
      public void add(CarbonIntensity sample) {}
    };
  }

  /**
   * A past that is fetched at the start, as far as the provider's plan reaches, and kept nowhere.
   *
   * @param provider the provider
   * @param day how long a day of the signal lasts
   * @param clock the daemon's clock
   */
  public record ProviderHistory(CarbonProvider provider, Duration day, InstantSource clock)
      implements SignalMemory {
    private static final Logger LOG = System.getLogger(ProviderHistory.class.getName());

    /** The forecaster's slowest models learn for about four weeks. */
    private static final int DAYS = 28;

    @Override
    public List<CarbonIntensity> load() throws InterruptedException {
      Instant now = clock.instant();
      try {
        return provider.history(now.minus(day.multipliedBy(DAYS)), now);
      } catch (CarbonUnavailable failure) {
        LOG.log(Level.INFO, "no past to learn from: " + failure.getMessage());
        return List.of();
      }
    }

    @Override
    public void add(CarbonIntensity sample) {}
  }
}
