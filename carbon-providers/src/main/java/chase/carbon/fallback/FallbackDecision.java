package chase.carbon.fallback;

import chase.carbon.CarbonIntensity;
import chase.carbon.ClockSkew;
import chase.carbon.Provenance;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Decides which of all known values counts: of each provider in its order the live value and then
 * its forecast for now; then Chase's own forecast, another Chase's before ours, the last value, a
 * mean, and nothing. Pure.
 *
 * @param sources what is known from each provider, in order
 * @param own Chase's own forecast of the first provider's series, ascending
 * @param mean the mean to fall back on
 */
record FallbackDecision(
    List<KnownValues> sources,
    List<CarbonIntensity> own,
    Optional<CarbonIntensity> mean,
    FallbackRules rules) {
  /** How long a signal counts that no data bounds. */
  private static final Duration UNBOUNDED_VALIDITY = Duration.ofHours(1);

  GridSignal decide(Instant now) {
    return sources.stream()
        .flatMap(source -> provided(source, now).stream())
        .findFirst()
        .or(() -> relayedForecast(now))
        .or(() -> own(now))
        .or(() -> last(now))
        .or(() -> mean(now))
        .orElseGet(() -> GridSignal.none(now.plus(UNBOUNDED_VALIDITY)));
  }

  /** Whether the provider itself has a value for now, so that none after it need be polled. */
  boolean providesNow(KnownValues source, Instant now) {
    return provided(source, now).isPresent();
  }

  private Optional<GridSignal> provided(KnownValues source, Instant now) {
    return live(source, now).or(() -> forecast(source, now));
  }

  private Optional<GridSignal> live(KnownValues source, Instant now) {
    return source
        .latestStarted(now)
        .filter(value -> value.age(now).compareTo(rules.lateness(value)) < 0)
        .map(value -> {
          Instant expires = value.validTo().plus(rules.lateness(value));
          Instant until = source.nextStart(now).filter(expires::isAfter).orElse(expires);
          return signal(level(value), value, until, source, now);
        });
  }

  /** A mean stays a mean where no other provider is configured. */
  private static FallbackLevel level(CarbonIntensity value) {
    return value.provenance() instanceof Provenance.Static
        ? FallbackLevel.STATIC
        : FallbackLevel.LIVE;
  }

  private Optional<GridSignal> forecast(KnownValues source, Instant now) {
    return source.forecast().stream()
        .filter(point -> point.covers(now) && isFresh(point, now) && !isByChase(point))
        .findFirst()
        .map(point -> {
          Instant expires = point.publishedAt().plus(rules.forecastMaxAge());
          Instant until = expires.isBefore(point.validTo()) ? expires : point.validTo();
          return signal(FallbackLevel.PROVIDER_FORECAST, point, until, source, now);
        });
  }

  /** What another Chase forecast stays that: it counts no more than one of our own. */
  private Optional<GridSignal> relayedForecast(Instant now) {
    return sources.stream()
        .flatMap(source ->
            source.forecast().stream()
                .filter(point -> point.covers(now) && withinReach(point))
                .map(point ->
                    signal(FallbackLevel.OWN_FORECAST, point, point.validTo(), source, now)))
        .findFirst();
  }

  private static boolean isByChase(CarbonIntensity point) {
    return point.provenance() instanceof Provenance.ForecastByChase;
  }

  private boolean isFresh(CarbonIntensity point, Instant now) {
    Duration age = Duration.between(point.publishedAt(), now);
    return age.compareTo(ClockSkew.TOLERATED.negated()) > 0
        && age.compareTo(rules.forecastMaxAge()) < 0;
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
      case Provenance.ForecastByChase forecast ->
          forecast.ahead().compareTo(rules.ownForecastReach()) <= 0;
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
    return sources.stream()
        .flatMap(source -> source.latestStarted(now).stream())
        .filter(value -> value.age(now).compareTo(rules.maxAge()) < 0)
        .findFirst()
        .map(value ->
            new GridSignal(
                FallbackLevel.LAST_VALUE,
                Optional.of(value),
                List.of(),
                value.validTo().plus(rules.maxAge())));
  }

  private Optional<GridSignal> mean(Instant now) {
    return mean.map(value ->
        new GridSignal(
            FallbackLevel.STATIC, Optional.of(value), List.of(), now.plus(UNBOUNDED_VALIDITY)));
  }

  /** With the forecast of the next hours: Chase's own where it is of this provider. */
  private GridSignal signal(
      FallbackLevel level, CarbonIntensity value, Instant until, KnownValues source, Instant now) {
    List<CarbonIntensity> ours = source.equals(sources.getFirst()) ? own : List.of();
    Instant from = value.validTo().isAfter(now) ? value.validTo() : now;
    List<CarbonIntensity> ahead = after(ours, from);
    return new GridSignal(
        level, Optional.of(value), ahead.isEmpty() ? after(source.forecast(), from) : ahead, until);
  }

  /** The periods that begin at {@code from} or later, and the rest of the one that runs then. */
  private static List<CarbonIntensity> after(List<CarbonIntensity> points, Instant from) {
    return points.stream()
        .filter(point -> point.validTo().isAfter(from))
        .flatMap(point ->
            point.validFrom().isBefore(from) ? Stream.of(point.from(from)) : Stream.of(point))
        .toList();
  }
}
