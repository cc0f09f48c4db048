package chase.daemon.config;

import chase.carbon.SignalKind.Scope;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * A recording to play back instead of asking a provider.
 *
 * @param file a CSV with the header {@code time,grams_per_kwh}
 * @param speed how many seconds of the recording pass in one second
 * @param start the recording's time to begin at, by default its first
 * @param repeat whether it begins anew at its end
 * @param emissionScope which emissions its numbers count
 */
public record TraceConfig(
    Optional<Path> file,
    double speed,
    Optional<Instant> start,
    boolean repeat,
    Scope emissionScope) {
  Optional<String> missing() {
    return file.isPresent() ? Optional.empty() : Optional.of("trace.file");
  }

  static TraceConfig read(Section section) throws ConfigException {
    Optional<Path> file = section.path("file");
    double speed = section.number("speed", 1, Range.divisors());
    Optional<Instant> start = section.instant("start", Range.recordings());
    boolean repeat = section.flag("repeat", true);
    Scope emissionScope = section.word("emission-scope", Scope.UNSTATED);
    return section.build(() -> new TraceConfig(file, speed, start, repeat, emissionScope));
  }
}
