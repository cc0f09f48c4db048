package chase.carbon.fallback;

import chase.carbon.CarbonIntensity;
import chase.carbon.Provenance;
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
record FallbackDecision(
    List<KnownValues> links,
    List<CarbonIntensity> own,
    Optional<CarbonIntensity> mean,
    FallbackRules rules) {
  /** A publication further ahead than this means that a clock is wrong. */
  private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(10);

  /** When an answer that no data bounds is looked at anew. */
  private static final Duration NEXT_LOOK = Duration.ofHours(1);

  GridSignal decide(Instant now) {
    return links.stream()
        .flatMap(link -> provided(link, now).stream())
        .findFirst()
        .or(() -> own(now))
        .or(() -> last(now))
        .or(() -> mean(now))
        .orElseGet(() -> GridSignal.none(now.plus(NEXT_LOOK)));
  }

  /** Whether the provider itself has a number for now, so that nobody after it need be asked. */
  boolean providesNow(KnownValues link, Instant now) {
    return provided(link, now).isPresent();
  }

  private Optional<GridSignal> provided(KnownValues link, Instant now) {
    return live(link, now).or(() -> forecast(link, now));
  }

  private Optional<GridSignal> live(KnownValues link, Instant now) {
    return link.latestStarted(now)
        .filter(sample -> sample.age(now).compareTo(rules.lateness(sample)) < 0)
        .map(sample -> {
          Instant lapses = sample.validTo().plus(rules.lateness(sample));
          Instant until = link.nextStart(now).filter(lapses::isAfter).orElse(lapses);
          return answer(level(sample), sample, until, link, now);
        });
  }

  /** A mean is a mean, also where nobody else was to be asked. */
  private static FallbackLevel level(CarbonIntensity sample) {
    return sample.provenance() instanceof Provenance.Static
        ? FallbackLevel.STATIC
        : FallbackLevel.LIVE;
  }

  private Optional<GridSignal> forecast(KnownValues link, Instant now) {
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

  private Optional<GridSignal> own(Instant now) {
    return own.stream()
        .filter(point -> point.covers(now) && withinReach(point))
        .findFirst()
        .map(point ->
            new GridSignal(
                FallbackLevel.OWN_FORECAST,
                Optional.of(point),
                after(ownWithinReach(), point.validTo()),
                point.validTo()));
  }

  private boolean withinReach(CarbonIntensity point) {
    return switch (point.provenance()) {
      case Provenance.ForecastByChase foreseen ->
          foreseen.ahead().compareTo(rules.ownForecastReach()) <= 0;
      case Provenance.Measured m -> false;
      case Provenance.Estimated e -> false;
      case Provenance.ForecastByProvider f -> false;
      case Provenance.Replayed r -> false;
      case Provenance.Static s -> false;
    };
  }

  private List<CarbonIntensity> ownWithinReach() {
    return own.stream().filter(this::withinReach).toList();
  }

  private Optional<GridSignal> last(Instant now) {
    return links.stream()
        .flatMap(link -> link.latestStarted(now).stream())
        .filter(sample -> sample.age(now).compareTo(rules.maxAge()) < 0)
        .findFirst()
        .map(sample ->
            new GridSignal(
                FallbackLevel.LAST_VALUE,
                Optional.of(sample),
                List.of(),
                sample.validTo().plus(rules.maxAge())));
  }

  private Optional<GridSignal> mean(Instant now) {
    return mean.map(sample ->
        new GridSignal(FallbackLevel.STATIC, Optional.of(sample), List.of(), now.plus(NEXT_LOOK)));
  }

  /** With what is expected of the hours to come: our own forecast where it is of this provider. */
  private GridSignal answer(
      FallbackLevel level, CarbonIntensity sample, Instant until, KnownValues link, Instant now) {
    List<CarbonIntensity> ours = link.equals(links.getFirst()) ? own : List.of();
    Instant from = sample.validTo().isAfter(now) ? sample.validTo() : now;
    List<CarbonIntensity> ahead = after(ours, from);
    return new GridSignal(
        level, Optional.of(sample), ahead.isEmpty() ? after(link.forecast(), from) : ahead, until);
  }

  /** The periods that begin no sooner, and what is left of the one that runs then. */
  private static List<CarbonIntensity> after(List<CarbonIntensity> points, Instant from) {
    return points.stream()
        .filter(point -> point.validTo().isAfter(from))
        .flatMap(point ->
            point.validFrom().isBefore(from) ? Stream.of(point.from(from)) : Stream.of(point))
        .toList();
  }
}
