package chase.daemon;

import chase.carbon.PollPace;
import chase.carbon.Region;
import chase.carbon.price.PriceSource;
import chase.carbon.trace.PriceTrace;
import chase.carbon.trace.Replay;
import chase.carbon.trace.TracePrices;
import chase.daemon.config.PriceConfig;
import chase.daemon.config.PriceTraceConfig;
import chase.daemon.grid.FeedTiming;
import chase.daemon.grid.PriceSignal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalDouble;

/** Makes the source of prices that a configuration names. */
final class PriceSources {
  /** Day-ahead markets settle a day and a half at most. */
  private static final Duration SETTLED = Duration.ofDays(2);

  private PriceSources() {}

  static Optional<PriceSignal> of(PriceConfig price, InstantSource clock) {
    FeedTiming live =
        FeedTiming.live(price.pollPeriod(), price.maxAge(), price.referenceWindow(), SETTLED);
    return switch (price.provider()) {
      case NONE -> Optional.empty();
      case TRACE -> {
        FeedTiming fast = live.replayed(price.trace().speed());
        yield Optional.of(
            new PriceSignal(
                trace(price, clock),
                new PollPace(fast.pollPeriod(), fast.shortestPause(), 0),
                fast,
                reference(price)));
      }
    };
  }

  private static OptionalDouble reference(PriceConfig price) {
    return price.reference().map(OptionalDouble::of).orElse(OptionalDouble.empty());
  }

  private static PriceSource trace(PriceConfig price, InstantSource clock) {
    PriceTraceConfig trace = price.trace();
    Path file = trace.file().orElseThrow();
    return new TracePrices(
        PriceTrace.read(file),
        price.region().orElseGet(() -> named(file)),
        new Replay(trace.speed(), trace.start(), trace.repeat()),
        clock);
  }

  /** A recording without a region is called by its file. */
  private static Region named(Path file) {
    return new Region(String.valueOf(file.getFileName()).replaceFirst("\\.csv$", ""));
  }
}
