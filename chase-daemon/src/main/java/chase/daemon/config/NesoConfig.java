package chase.daemon.config;

import chase.carbon.Region;
import chase.carbon.http.BaseUrl;
import chase.carbon.neso.Neso;
import java.net.URI;
import java.util.Optional;

/**
 * How to ask Great Britain's system operator, which needs no key.
 *
 * @param baseUrl the API's address
 * @param region the nation, a region or a postcode's first half, where {@code carbon.region} is
 *     none of those
 * @param callsPerHour the most calls in any hour
 */
public record NesoConfig(URI baseUrl, Optional<Region> region, int callsPerHour) {
  /** Refuses an address that is no web address. */
  public NesoConfig {
    BaseUrl.checked("base-url", baseUrl);
  }

  static NesoConfig read(Section section) throws ConfigException {
    URI baseUrl = section.value("base-url", "a web address", URI::create).orElse(Neso.DEFAULT_URL);
    Optional<Region> region = section.value("region", "a region", Region::new);
    int callsPerHour = section.integer("calls-per-hour", 60, CarbonConfig.CALLS_PER_HOUR);
    return section.build(() -> new NesoConfig(baseUrl, region, callsPerHour));
  }
}
