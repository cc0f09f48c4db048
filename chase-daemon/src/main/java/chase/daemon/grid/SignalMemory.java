package chase.daemon.grid;

import chase.carbon.CarbonIntensity;
import chase.carbon.fallback.FallbackChain;
import java.util.List;

/** What is remembered of one provider's series. Calls may block; for one thread at a time. */
public interface SignalMemory {
  /**
   * All that is remembered and may be learned from, oldest first.
   *
   * @throws InterruptedException when the calling thread is told to stop
   */
  List<CarbonIntensity> load() throws InterruptedException;

  /** Remembers a number that was believed. */
  void add(CarbonIntensity sample);

  /** Gives the chain back what it knew when it was saved; before its first question only. */
  default void restore(FallbackChain chain) {}

  /** Saves what a restart must not lose of the chain. */
  default void save(FallbackChain chain) {}

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
}
