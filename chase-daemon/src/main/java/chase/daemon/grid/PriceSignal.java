package chase.daemon.grid;

import chase.carbon.PriceProvider;
import chase.carbon.fallback.PollPolicy;
import java.util.OptionalDouble;

/**
 * The price signal as it is configured.
 *
 * @param source who is asked
 * @param pollPolicy when it is asked again
 * @param timing how its times run
 * @param reference the price that counts as dear, money for each MWh; by default the trailing
 *     maximum
 */
public record PriceSignal(
    PriceProvider source, PollPolicy pollPolicy, FeedTiming timing, OptionalDouble reference) {}
