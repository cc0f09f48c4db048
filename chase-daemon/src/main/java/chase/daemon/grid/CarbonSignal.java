package chase.daemon.grid;

import chase.carbon.fallback.ChainLink;
import chase.carbon.fallback.FallbackChain;
import chase.carbon.fallback.FallbackRules;
import chase.carbon.fallback.PollPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The carbon signal as it is configured.
 *
 * @param links who is asked, in order, one at least
 * @param mean the mean to fall back on
 * @param memory what is remembered of the first provider's series
 * @param rules how long each kind of number counts
 * @param pollPolicy when providers are asked again
 * @param horizon how far ahead Chase foresees it, in the signal's own time
 * @param timing how its times run
 * @param reference the intensity that counts as dirty, gCO2/kWh; by default the trailing maximum
 */
public record CarbonSignal(
    List<ChainLink> links,
    Optional<ChainLink> mean,
    SignalMemory memory,
    FallbackRules rules,
    PollPolicy pollPolicy,
    Duration horizon,
    FeedTiming timing,
    OptionalDouble reference) {
  /** Refuses links that contradict each other, in one line for an operator. */
  public CarbonSignal {
    links = List.copyOf(links);
    FallbackChain.requireOneKind(links, mean, rules);
  }
}
