package chase.carbon.fuelmix;

import java.time.Instant;
import java.util.Map;
import java.util.Set;

/**
 * What each kind of plant fed into a grid, as its operator publishes it.
 *
 * @param from the start of the period that the operator describes
 * @param megawatts the power by the operator's own words; negative where more is taken than given
 */
public record MixSample(Instant from, Map<String, Double> megawatts) {
  private static final Set<Fuel> NOT_COUNTED = Set.of(Fuel.OTHER, Fuel.STORAGE);

  /** Copies the map. */
  public MixSample {
    megawatts = Map.copyOf(megawatts);
  }

  /** How many fuels have a number, without those that are of no account, or of little. */
  long fuels() {
    return megawatts.keySet().stream()
        .filter(word -> Fuel.named(word).filter(fuel -> !NOT_COUNTED.contains(fuel)).isPresent())
        .count();
  }
}
