package chase.zeus.engine;

import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/**
 * The last value of something that a job measures of itself, such as its loss. Chase shows it and
 * decides nothing by it.
 *
 * @param value the value, which is finite
 * @param steps the count of steps with which it was reported
 * @param at when
 */
public record JobMetric(double value, long steps, Instant at) {
  /** The most names that one job may use. */
  static final int MOST = 32;

  private static final int LONGEST_NAME = 64;

  static Map<String, Double> checked(Map<String, Double> metrics) {
    metrics.forEach(JobMetric::check);
    return Map.copyOf(metrics);
  }

  private static void check(String name, double value) {
    if (name.isBlank()
        || name.length() > LONGEST_NAME
        || name.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "metric '%s': a name has 1 to %d printable characters",
              shown(name),
              LONGEST_NAME));
    }
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "metric '%s' must be a finite number, not %s".formatted(name, value));
    }
  }

  private static String shown(String name) {
    String clean = name.replaceAll("\\p{Cntrl}", "?");
    return clean.length() <= LONGEST_NAME ? clean : clean.substring(0, LONGEST_NAME) + "...";
  }
}
