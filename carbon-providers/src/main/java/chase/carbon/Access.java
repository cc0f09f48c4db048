package chase.carbon;

import chase.carbon.CarbonUnavailable.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a provider lets this host do.
 *
 * @param provider who was asked
 * @param region about where
 * @param trouble what stands in the way, empty when the signal can be had
 * @param may what the key, or anybody where no key is needed, may ask about the region
 * @param regions the regions that the key may ask about, where the provider tells; else empty
 * @param skew how far this host's clock is ahead of the provider's, to the second; negative when it
 *     is behind; empty when the provider did not tell its time
 * @param line the same for people, in one line
 */
public record Access(
    String provider,
    Region region,
    Optional<Reason> trouble,
    Set<Ability> may,
    List<Region> regions,
    Optional<Duration> skew,
    String line) {
  /** What may be asked. */
  public enum Ability {
    /** The number for now. */
    LATEST,
    /** The hours before. */
    HISTORY,
    /** The hours to come. */
    FORECAST
  }

  /** Copies the sets. */
  public Access {
    may = Set.copyOf(may);
    regions = List.copyOf(regions);
  }

  /** Whether the signal can be had. */
  public boolean usable() {
    return trouble.isEmpty();
  }
}
