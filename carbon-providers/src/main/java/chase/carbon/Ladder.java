package chase.carbon;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The decision of a chain: which of all known numbers counts. Each provider in its order, with its
 * live number and then its forecast for now; then our own forecast, the last number, a mean, and
 * nothing. Pure.
 *
 * @param links what is known from each provider, in order
 * @param own our own forecast of the first provider's series, ascending
 * @param mean the mean to fall back on
 */
record Ladder(
    List<LinkState> links,
    List<CarbonIntensity> own,
    Optional<CarbonIntensity> mean,
    ChainRules rules) {
  /** A publication further ahead than this means that a clock is wrong. */
  private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(10);

  /** When an answer that no data bounds is looked at anew. */
  private static final Duration NEXT_LOOK = Duration.ofHours(1);

  ChainAnswer at(Instant now) {
    return links.stream()
        .flatMap(link -> provided(link, now).stream())
        .findFirst()
        .or(() -> own(now))
        .or(() -> last(now))
        .or(() -> mean(now))
        .orElseGet(() -> ChainAnswer.none(now.plus(NEXT_LOOK)));
  }

  /** Whether the provider itself has a number for now, so that nobody after it need be asked. */
  boolean speaks(LinkState link, Instant now) {
    return provided(link, now).isPresent();
  }

  private Optional<ChainAnswer> provided(LinkState link, Instant now) {
    return live(link, now).or(() -> foretold(link, now));
  }

  private Optional<ChainAnswer> live(LinkState link, Instant now) {
    return link.begun(now)
        .filter(sample -> sample.age(now).compareTo(rules.lateness(sample)) < 0)
        .map(sample -> {
          Instant lapses = sample.validTo().plus(rules.lateness(sample));
          Instant until = link.nextBegins(now).filter(lapses::isAfter).orElse(lapses);
          return answer(level(sample), sample, until, link, now);
        });
  }

  /** A mean is a mean, also where nobody else was to be asked. */
  private static FallbackLevel level(CarbonIntensity sample) {
    return sample.origin() instanceof Origin.Static ? FallbackLevel.STATIC : FallbackLevel.LIVE;
  }

  private Optional<ChainAnswer> foretold(LinkState link, Instant now) {
    return link.forecast().stream()
        .filter(point -> point.covers(now) && isFresh(point, now))
        .findFirst()
        .map(point -> {
          Instant lapses = point.publishedAt().plus(rules.forecastMaxAge());
          Instant until = lapses.isBefore(point.validTo()) ? lapses : point.validTo();
          return answer(FallbackLevel.PROVIDER_FORECAST, point, until, link, now);
        });
  }

  private boolean isFresh(CarbonIntensity point, Instant now) {
    Duration age = Duration.between(point.publishedAt(), now);
    return age.compareTo(CLOCKS_DIFFER.negated()) > 0 && age.compareTo(rules.forecastMaxAge()) < 0;
  }

  private Optional<ChainAnswer> own(Instant now) {
    return own.stream()
        .filter(point -> point.covers(now) && withinReach(point))
        .findFirst()
        .map(point ->
            new ChainAnswer(
                FallbackLevel.OWN_FORECAST,
                Optional.of(point),
                after(ownWithinReach(), point.validTo()),
                point.validTo()));
  }

  private boolean withinReach(CarbonIntensity point) {
    return switch (point.origin()) {
      case Origin.OwnForecast foreseen -> foreseen.ahead().compareTo(rules.ownReach()) <= 0;
      case Origin.Measured m -> false;
      case Origin.Estimated e -> false;
      case Origin.Forecast f -> false;
      case Origin.Replayed r -> false;
      case Origin.Static s -> false;
    };
  }

  private List<CarbonIntensity> ownWithinReach() {
    return own.stream().filter(this::withinReach).toList();
  }

  private Optional<ChainAnswer> last(Instant now) {
    return links.stream()
        .flatMap(link -> link.begun(now).stream())
        .filter(sample -> sample.age(now).compareTo(rules.maxAge()) < 0)
        .findFirst()
        .map(sample ->
            new ChainAnswer(
                FallbackLevel.LAST_VALUE,
                Optional.of(sample),
                List.of(),
                sample.validTo().plus(rules.maxAge())));
  }

  private Optional<ChainAnswer> mean(Instant now) {
    return mean.map(sample ->
        new ChainAnswer(FallbackLevel.STATIC, Optional.of(sample), List.of(), now.plus(NEXT_LOOK)));
  }

  /** With what is expected of the hours to come: our own forecast where it is of this provider. */
  private ChainAnswer answer(
      FallbackLevel level, CarbonIntensity sample, Instant until, LinkState link, Instant now) {
    List<CarbonIntensity> ours = link.equals(links.getFirst()) ? own : List.of();
    Instant from = sample.validTo().isAfter(now) ? sample.validTo() : now;
    List<CarbonIntensity> ahead = after(ours, from);
    return new ChainAnswer(
        level, Optional.of(sample), ahead.isEmpty() ? after(link.forecast(), from) : ahead, until);
  }

  /** The periods that begin no sooner, and what is left of the one that runs then. */
  private static List<CarbonIntensity> after(List<CarbonIntensity> points, Instant from) {
    return points.stream()
        .filter(point -> point.validTo().isAfter(from))
        .flatMap(point ->
            point.validFrom().isBefore(from) ? Stream.of(point.startingAt(from)) : Stream.of(point))
        .toList();
  }
}
