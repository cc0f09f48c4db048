package chase.daemon.config;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * Recorded prices to play back instead of asking a provider.
 *
 * @param file a CSV with the header {@code time,eur_per_mwh}, or another currency
 * @param speed how many seconds of the recording pass in one second
 * @param start the recording's time to begin at, by default its first
 * @param repeat whether it begins anew at its end
 */
public record PriceTraceConfig(
    Optional<Path> file, double speed, Optional<Instant> start, boolean repeat) {
  static PriceTraceConfig read(Section section) throws ConfigException {
    Optional<Path> file = section.path("file");
    double speed = section.number("speed", 1, Range.divisors());
    Optional<Instant> start = section.instant("start", Range.recordings());
    boolean repeat = section.flag("repeat", true);
    return section.build(() -> new PriceTraceConfig(file, speed, start, repeat));
  }
}
