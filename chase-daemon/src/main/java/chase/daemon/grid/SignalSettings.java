package chase.daemon.grid;

import chase.carbon.CarbonProvider;
import chase.carbon.PriceProvider;
import chase.carbon.Region;
import chase.carbon.fallback.FallbackRules;
import chase.carbon.fallback.PollPolicy;
import chase.carbon.relay.AwaitedHosts;
import chase.carbon.relay.OtherChase;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;

/**
 * What the feed polls, and how much each signal counts.
 *
 * @param carbon the carbon signal, where a provider is configured
 * @param price the price signal, where a provider is configured
 * @param weights how much carbon and price count
 * @param region where the host draws its power
 * @param maxAge how old a carbon intensity may be and still be acted on
 * @param jitter a number from 0 to 1 at each call, so that many hosts do not poll at once
 */
public record SignalSettings(
    Optional<CarbonSettings> carbon,
    Optional<PriceSettings> price,
    SignalWeights weights,
    Region region,
    Duration maxAge,
    DoubleSupplier jitter) {
  /** How many seconds of the grid pass in one of the clock: what counts sets it. */
  public double speed() {
    Optional<SignalTiming> grams =
        carbon.map(CarbonSettings::timing).filter(t -> weights.carbon() > 0);
    Optional<SignalTiming> money =
        price.map(PriceSettings::timing).filter(t -> weights.price() > 0);
    return grams.or(() -> money).map(SignalTiming::speed).orElse(1.0);
  }

  /** What the licences of all sources want shown beside their numbers, a line each. */
  public List<String> attribution() {
    return Stream.concat(
            carbon.stream()
                .flatMap(signal -> signal.providers().stream())
                .flatMap(provider -> provider.attribution().stream()),
            price.stream().flatMap(signal -> signal.source().attribution().stream()))
        .distinct()
        .toList();
  }

  /** The Chases that the sources wait for which are a Chase too. */
  public AwaitedHosts awaited() {
    return new AwaitedHosts(
        carbon.stream()
            .flatMap(signal -> signal.providers().stream())
            .flatMap(provider ->
                provider instanceof OtherChase other
                    ? other.awaited().hosts().stream()
                    : Stream.empty())
            .toList());
  }

  /** The same signals, weighed in another way. */
  SignalSettings weighed(SignalWeights others) {
    return new SignalSettings(carbon, price, others, region, maxAge, jitter);
  }

  /** Whether a signal that counts has a provider. */
  boolean hasCounting() {
    return (weights.carbon() > 0 && carbon.isPresent())
        || (weights.price() > 0 && price.isPresent());
  }

  /** Whether any provider is configured. */
  public boolean hasProvider() {
    return carbon.isPresent() || price.isPresent();
  }

  /**
   * The carbon signal as it is configured.
   *
   * @param providers the providers in their order, at least one
   * @param mean the mean to fall back on
   * @param memory what is remembered of the first provider's series
   * @param rules how long each kind of number counts
   * @param pollPolicy when providers are polled again
   * @param horizon how far ahead Chase forecasts it, in the signal's own time
   * @param timing how its times run
   * @param reference the intensity that counts as dirty, gCO2/kWh; by default the trailing maximum
   */
  public record CarbonSettings(
      List<CarbonProvider> providers,
      Optional<CarbonProvider> mean,
      SignalMemory memory,
      FallbackRules rules,
      PollPolicy pollPolicy,
      Duration horizon,
      SignalTiming timing,
      Optional<Double> reference) {
    /** Refuses providers that contradict each other, in one line for an operator. */
    public CarbonSettings {
      providers = List.copyOf(providers);
      rules.requireOneKind(providers, mean);
    }
  }

  /**
   * The price signal as it is configured.
   *
   * @param source the provider
   * @param pollPolicy when it is polled again
   * @param timing how its times run
   * @param reference the price that counts as expensive, money for each MWh; by default the
   *     trailing maximum
   */
  public record PriceSettings(
      PriceProvider source,
      PollPolicy pollPolicy,
      SignalTiming timing,
      Optional<Double> reference) {}

  /**
   * How the times of a signal run; all of them shrink where a recording is played faster.
   *
   * @param pollPeriod how often the provider is polled at least
   * @param minimumPause the shortest time between two polls
   * @param maxAge how long after its period a number may still be acted on
   * @param referenceWindow over how long the highest number counts as the reference
   * @param planAhead how far ahead is planned for
   * @param day how long a day lasts
   */
  public record SignalTiming(
      Duration pollPeriod,
      Duration minimumPause,
      Duration maxAge,
      Duration referenceWindow,
      Duration planAhead,
      Duration day) {
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration SHORTEST_REPLAYED = Duration.ofMillis(20);
    private static final Duration FASTEST_REPLAYED_POLL = Duration.ofMillis(250);

    /** A replay that lapsed sooner than this would lapse whenever the host is busy. */
    private static final Duration MIN_REPLAYED_AGE = Duration.ofSeconds(5);

    private static final Duration DAY = Duration.ofDays(1);

    /** Refuses times that are not above zero. */
    public SignalTiming {
      if (!pollPeriod.isPositive()
          || !minimumPause.isPositive()
          || !referenceWindow.isPositive()
          || !planAhead.isPositive()
          || !day.isPositive()) {
        throw new IllegalArgumentException("the times of a signal must be above zero");
      }
    }

    /** The timing for a provider of present values. */
    public static SignalTiming live(
        Duration pollPeriod, Duration maxAge, Duration referenceWindow, Duration planAhead) {
      return new SignalTiming(pollPeriod, SHORTEST, maxAge, referenceWindow, planAhead, DAY);
    }

    /** The same for a recording that runs {@code speed} times as fast as the grid did. */
    public SignalTiming replayed(double speed) {
      return new SignalTiming(
          longer(shrunk(pollPeriod, speed), FASTEST_REPLAYED_POLL),
          SHORTEST_REPLAYED,
          longer(shrunk(maxAge, speed), MIN_REPLAYED_AGE),
          longer(shrunk(referenceWindow, speed), MIN_REPLAYED_AGE),
          longer(shrunk(planAhead, speed), SHORTEST_REPLAYED),
          longer(shrunk(day, speed), SHORTEST_REPLAYED));
    }

    /** How many seconds of the grid pass in one of the clock. */
    public double speed() {
      return (double) DAY.toNanos() / day.toNanos();
    }

    private static Duration shrunk(Duration duration, double speed) {
      return Duration.ofNanos(Math.round(duration.toNanos() / speed));
    }

    private static Duration longer(Duration a, Duration b) {
      return a.compareTo(b) >= 0 ? a : b;
    }
  }
}
