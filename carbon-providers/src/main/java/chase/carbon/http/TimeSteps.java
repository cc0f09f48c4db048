package chase.carbon.http;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;

/** How long the periods of a series last that states only when each begins. */
public final class TimeSteps {
  private TimeSteps() {}

  /** The most common step between two starts, and the shortest of those; empty for one start. */
  public static Optional<Duration> mostCommon(NavigableSet<Instant> starts) {
    NavigableMap<Duration, Integer> steps = new TreeMap<>();
    Optional<Instant> before = Optional.empty();
    for (Instant start : starts) {
      before.ifPresent(one -> steps.merge(Duration.between(one, start), 1, Integer::sum));
      before = Optional.of(start);
    }
    int most = steps.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    return steps.entrySet().stream()
        .filter(step -> step.getValue() == most)
        .map(Map.Entry::getKey)
        .findFirst();
  }
}
