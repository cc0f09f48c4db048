package chase.carbon.fallback;

import chase.carbon.CarbonIntensity;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is known from one provider.
 *
 * @param recent its last believed values, oldest first
 * @param forecast its last forecast, ascending
 */
record KnownValues(List<CarbonIntensity> recent, List<CarbonIntensity> forecast) {
  /** How many values are kept. */
  static final int MOST = 4;

  static final KnownValues EMPTY = new KnownValues(List.of(), List.of());

  KnownValues {
    recent = List.copyOf(recent);
    forecast = List.copyOf(forecast);
  }

  /** The same with one more value, in place of an earlier one for its period. */
  KnownValues with(CarbonIntensity value) {
    List<CarbonIntensity> more =
        Stream.concat(
                recent.stream().filter(old -> !old.validFrom().equals(value.validFrom())),
                Stream.of(value))
            .toList();
    return new KnownValues(more.subList(Math.max(0, more.size() - MOST), more.size()), forecast);
  }

  KnownValues withForecast(List<CarbonIntensity> ahead) {
    return new KnownValues(recent, ahead);
  }

  /** The value whose period began last, of those that have begun; not what is yet to come. */
  Optional<CarbonIntensity> latestStarted(Instant now) {
    return recent.stream()
        .filter(value -> !value.validFrom().isAfter(now))
        .max((a, b) -> a.validFrom().compareTo(b.validFrom()));
  }

  /** When the next value that is known already begins. */
  Optional<Instant> nextStart(Instant now) {
    return recent.stream()
        .map(CarbonIntensity::validFrom)
        .filter(from -> from.isAfter(now))
        .min(Instant::compareTo);
  }
}
