package chase.daemon.grid;

import chase.carbon.PollPace;
import chase.carbon.price.PriceSource;
import java.util.OptionalDouble;

/**
 * The price signal as it is configured.
 *
 * @param source who is asked
 * @param pace when it is asked again
 * @param timing how its times run
 * @param reference the price that counts as dear, money for each MWh; by default the trailing
 *     maximum
 */
public record PriceSignal(
    PriceSource source, PollPace pace, FeedTiming timing, OptionalDouble reference) {}
