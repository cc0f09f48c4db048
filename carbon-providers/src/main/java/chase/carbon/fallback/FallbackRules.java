package chase.carbon.fallback;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonProvider;
import chase.carbon.SignalKind.Margin;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How long each kind of value may be acted on. Every age is by the data's own time.
 *
 * @param maxAge how long after its period the last value counts
 * @param forecastMaxAge how long after its publication a provider's forecast counts
 * @param ownForecastReach how long after the last value Chase's own forecast counts; zero for never
 * @param mixedKinds whether sources of different kinds may follow each other
 */
public record FallbackRules(
    Duration maxAge, Duration forecastMaxAge, Duration ownForecastReach, boolean mixedKinds) {
  /** Providers publish late; this is the most that is forgiven. */
  private static final Duration MOST_LATENESS = Duration.ofMinutes(30);

  /** Averages of a few minutes are often published later than that, and are as good then. */
  private static final Duration MOST_LATENESS_OF_SHORT_AVERAGES = Duration.ofMinutes(15);

  private static final int SHORT_PERIODS_LATE = 3;

  /** Ten years: an older value is worth nothing, and a time plus this is still a time. */
  private static final Duration LONGEST_AGE = Duration.ofDays(3660);

  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration MARGINAL_FORECAST = Duration.ofHours(4);
  private static final Duration MARGINAL_REACH = Duration.ofHours(1);

  /** Refuses times below zero and above ten years. */
  public FallbackRules {
    if (maxAge.isNegative() || forecastMaxAge.isNegative() || ownForecastReach.isNegative()) {
      throw new IllegalArgumentException("ages must not be negative");
    }
    Stream.of(maxAge, forecastMaxAge, ownForecastReach)
        .filter(age -> age.compareTo(LONGEST_AGE) > 0)
        .findFirst()
        .ifPresent(age -> {
          throw new IllegalArgumentException(
              "ages must be at most " + LONGEST_AGE.toDays() + " days, one is " + age);
        });
  }

  /**
   * The usual rules. Averages follow the course of the day, so that a day-old forecast is worth
   * more than a mean. A marginal signal jumps: four hours of its provider's forecast, and an hour
   * of ours.
   */
  public static FallbackRules defaults(Margin margin, Duration maxAge) {
    return switch (margin) {
      case AVERAGE -> new FallbackRules(maxAge, DAY, DAY, false);
      case MARGINAL -> new FallbackRules(maxAge, MARGINAL_FORECAST, MARGINAL_REACH, false);
    };
  }

  /** The same rules for sources of which the operator wants to mix kinds. */
  public FallbackRules allowingMixedKinds() {
    return new FallbackRules(maxAge, forecastMaxAge, ownForecastReach, true);
  }

  /**
   * Refuses an empty chain, and a provider of another kind than the first one where these rules do
   * not allow that, with {@link IllegalArgumentException} in one line for an operator.
   */
  public void requireOneKind(List<CarbonProvider> providers, Optional<CarbonProvider> mean) {
    if (providers.isEmpty()) {
      throw new IllegalArgumentException("a chain of sources needs at least one provider");
    }
    CarbonProvider first = providers.getFirst();
    Stream.concat(providers.stream(), mean.stream())
        .filter(other -> !mixedKinds && !other.kind().equals(first.kind()))
        .findFirst()
        .ifPresent(other -> {
          throw new IllegalArgumentException(
              "%s cannot stand in for %s: kinds of intensity are not mixed unless it is asked for"
                  .formatted(description(other), description(first)));
        });
  }

  private static String description(CarbonProvider provider) {
    return "%s (%s)".formatted(provider.provider(), provider.kind().description());
  }

  /**
   * How long after its period a value still counts as live: as long as the period was, half an hour
   * at most; an average of less than a quarter of an hour for three periods, up to that quarter.
   */
  Duration lateness(CarbonIntensity value) {
    Duration period = value.period();
    if (value.kind().margin() == Margin.AVERAGE
        && period.compareTo(MOST_LATENESS_OF_SHORT_AVERAGES) < 0) {
      return shorter(period.multipliedBy(SHORT_PERIODS_LATE), MOST_LATENESS_OF_SHORT_AVERAGES);
    }
    return shorter(period, MOST_LATENESS);
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
