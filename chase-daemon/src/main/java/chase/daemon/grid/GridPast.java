package chase.daemon.grid;

import chase.carbon.CarbonIntensity;
import chase.carbon.EnergyPrice;
import chase.carbon.TimedValue;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;

/**
 * What the grid was like in the last day; a shorter one where a recording is played faster.
 *
 * @param intensities the numbers that were believed, the oldest first
 * @param prices the settled prices, the oldest first
 */
public record GridPast(List<CarbonIntensity> intensities, List<EnergyPrice> prices) {
  /** Nothing known. */
  public static final GridPast NONE = new GridPast(List.of(), List.of());

  /** Copies the lists. */
  public GridPast {
    intensities = List.copyOf(intensities);
    prices = List.copyOf(prices);
  }

  /**
   * The values of the last day, one for each start of a period. For one thread.
   *
   * @param <T> the values
   */
  static final class TrailingValues<T extends TimedValue> {
    /** More would be periods of less than half a minute. */
    private static final int MAX = 3_000;

    private final Duration day;
    private final TreeMap<Instant, T> byStart = new TreeMap<>();

    TrailingValues(Duration day) {
      this.day = day;
    }

    /**
     * Adds a value.
     *
     * @param replaces whether it counts more than another of the same period
     */
    void add(T value, boolean replaces) {
      if (replaces) {
        byStart.put(value.validFrom(), value);
      } else {
        byStart.putIfAbsent(value.validFrom(), value);
      }
      if (byStart.size() > MAX) {
        byStart.pollFirstEntry();
      }
    }

    /** Drops what was over a day before {@code now}; returns what has begun by then. */
    List<T> at(Instant now) {
      byStart.values().removeIf(value -> !value.validTo().isAfter(now.minus(day)));
      return List.copyOf(byStart.headMap(now, true).values());
    }
  }
}
