package chase.daemon.config;

import chase.carbon.Region;
import chase.carbon.energinet.Energinet;
import chase.carbon.http.BaseUrl;
import java.net.URI;
import java.util.Optional;

/**
 * How to ask Energinet, which needs no key.
 *
 * @param baseUrl the API's address
 * @param region the price area, where the section above names another provider's region
 * @param callsPerHour the most calls in any hour
 */
public record EnerginetConfig(URI baseUrl, Optional<Region> region, int callsPerHour) {
  /** Refuses an address that is no web address. */
  public EnerginetConfig {
    BaseUrl.checked("base-url", baseUrl);
  }

  static EnerginetConfig read(Section section) throws ConfigException {
    URI baseUrl =
        section.value("base-url", "a web address", URI::create).orElse(Energinet.DEFAULT_URL);
    Optional<Region> region = section.value("region", "a region", Region::new);
    int callsPerHour = section.integer("calls-per-hour", 60, CarbonConfig.CALLS_PER_HOUR);
    return section.build(() -> new EnerginetConfig(baseUrl, region, callsPerHour));
  }
}
