package chase.carbon.fuelmix;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One fuel of a mix, as those publish it who give each fuel a row of its own.
 *
 * @param from the start of the period
 * @param fuel the operator's word
 * @param megawatts the power; negative where more is taken than given
 */
public record FuelRow(Instant from, String fuel, double megawatts) {
  /**
   * The mixes that the rows make together, ascending; of two rows for one fuel the later counts.
   */
  public static List<MixSample> mixes(List<FuelRow> rows) {
    Map<Instant, Map<String, Double>> mixes = new TreeMap<>();
    for (FuelRow row : rows) {
      mixes.computeIfAbsent(row.from(), from -> new HashMap<>()).put(row.fuel(), row.megawatts());
    }
    return mixes.entrySet().stream()
        .map(mix -> new MixSample(mix.getKey(), mix.getValue()))
        .toList();
  }
}
