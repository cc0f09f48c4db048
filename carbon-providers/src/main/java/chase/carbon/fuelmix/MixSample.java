package chase.carbon.fuelmix;

import java.time.Instant;
import java.util.Map;

/**
 * What each kind of plant fed into a grid, as its operator publishes it.
 *
 * @param from the start of the period that the operator describes
 * @param megawatts the power by the operator's own words; negative where more is taken than given
 */
public record MixSample(Instant from, Map<String, Double> megawatts) {
  /** Copies the map. */
  public MixSample {
    megawatts = Map.copyOf(megawatts);
  }

  /** How many fuels have a number, without those that are of no account. */
  long fuels() {
    return megawatts.keySet().stream()
        .filter(word -> Fuel.named(word).filter(fuel -> fuel != Fuel.OTHER).isPresent())
        .count();
  }
}
