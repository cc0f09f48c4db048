package chase.daemon;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonSource;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.Region;
import chase.daemon.grid.StoredSignal;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * What the region was like in the weeks before the daemon started, said of the running hour; for
 * when nothing better is known.
 *
 * @param stored the past that was loaded
 * @param ownRegion where the host draws its power
 * @param clock the daemon's clock
 */
public record PastMean(StoredSignal stored, Optional<Region> ownRegion, InstantSource clock)
    implements CarbonSource {
  @Override
  public String provider() {
    return "static";
  }

  @Override
  public Region region() {
    return ownRegion.orElseGet(() -> new Region("none"));
  }

  @Override
  public CarbonIntensity current() throws CarbonUnavailable {
    CarbonIntensity mean =
        stored
            .mean()
            .orElseThrow(() ->
                new CarbonUnavailable(
                    FailureReason.NO_DATA,
                    "static: less than a week of " + region() + " is known"));
    var now = clock.instant();
    var hour = now.truncatedTo(ChronoUnit.HOURS);
    return new CarbonIntensity(
        mean.value(),
        mean.kind(),
        mean.provenance(),
        mean.provider(),
        mean.region(),
        hour,
        hour.plus(1, ChronoUnit.HOURS),
        mean.publishedAt(),
        now,
        mean.modelDate());
  }
}
