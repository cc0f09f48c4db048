package chase.carbon.staticmean;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonProvider;
import chase.carbon.Provenance;
import chase.carbon.Region;
import chase.carbon.SignalKind;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** The same mean for every hour, always marked as a mean. */
public final class StaticMean implements CarbonProvider {
  /** The name in labels and tables. */
  public static final String PROVIDER = "static";

  private final Region region;
  private final YearlyMeans.YearlyMean mean;
  private final InstantSource clock;

  /** A provider that makes no call. */
  public StaticMean(Region region, YearlyMeans.YearlyMean mean, InstantSource clock) {
    this.region = region;
    this.mean = mean;
    this.clock = clock;
  }

  @Override
  public String provider() {
    return PROVIDER;
  }

  @Override
  public Region region() {
    return region;
  }

  @Override
  public SignalKind kind() {
    return new SignalKind(SignalKind.Margin.AVERAGE, mean.scope());
  }

  /** The mean, for the running hour. */
  @Override
  public CarbonIntensity current() {
    Instant now = clock.instant();
    Instant hour = now.truncatedTo(ChronoUnit.HOURS);
    return new CarbonIntensity(
        mean.value(),
        kind(),
        new Provenance.Static(mean.year(), mean.source()),
        PROVIDER,
        region,
        hour,
        hour.plus(1, ChronoUnit.HOURS),
        now,
        now,
        Optional.empty());
  }
}
