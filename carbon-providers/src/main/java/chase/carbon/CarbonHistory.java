package chase.carbon;

import java.time.Instant;
import java.util.List;

/** Tells what a provider knows of its region's past. Calls block, as a source's do. */
public interface CarbonHistory {
  /**
   * The periods that ended at or before {@code to} and did not end before {@code from}, in
   * ascending order, none overlapping; as many of them as the provider's plan gives, which may be
   * none. A period whose number is missing, made up or impossible is left out.
   *
   * @throws CarbonUnavailable when the past cannot be had, {@code ENDPOINT_NOT_IN_PLAN} where the
   *     plan has none
   * @throws InterruptedException when the calling thread is told to stop
   */
  List<CarbonIntensity> history(Instant from, Instant to)
      throws CarbonUnavailable, InterruptedException;
}
