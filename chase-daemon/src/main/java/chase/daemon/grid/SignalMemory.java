package chase.daemon.grid;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonProvider;
import chase.carbon.CarbonUnavailable;
import chase.carbon.fallback.FallbackChain;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** What is remembered of one provider's series. Calls may block; for one thread at a time. */
public interface SignalMemory extends AutoCloseable {
  /**
   * All that is remembered and may be learned from, oldest first.
   *
   * @throws InterruptedException when the calling thread is interrupted
   */
  List<CarbonIntensity> load() throws InterruptedException;

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
