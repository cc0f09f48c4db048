package chase.daemon.config;

import chase.carbon.Signal.Scope;
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
  /** Refuses a speed of zero or less. */
  public TraceConfig {
    if (!(speed > 0) || Double.isInfinite(speed)) {
      throw new IllegalArgumentException("speed must be above 0: " + speed);
    }
  }

  Optional<String> missing() {
    return file.isPresent() ? Optional.empty() : Optional.of("trace.file");
  }

  static TraceConfig read(Section section) throws ConfigException {
    Optional<Path> file = section.path("file");
    double speed = section.number("speed", 1);
    Optional<Instant> start =
        section.value("start", "a time such as 2021-01-01T00:00:00Z", Instant::parse);
    boolean repeat = section.yes("repeat", true);
    Scope emissionScope = section.word("emission-scope", Scope.UNSTATED);
    return section.build(() -> new TraceConfig(file, speed, start, repeat, emissionScope));
  }
}
