package chase.daemon.config;

import chase.carbon.Region;
import chase.carbon.http.BaseUrl;
import java.net.URI;
import java.util.Optional;

/**
 * How to call a provider that needs no key.
 *
 * @param baseUrl the API's address
 * @param region the region, where the section above names another provider's
 * @param callsPerHour the most calls in any hour
 */
public record KeylessConfig(URI baseUrl, Optional<Region> region, int callsPerHour) {
  /** Refuses an address that is no web address. */
  public KeylessConfig {
    BaseUrl.checked("base-url", baseUrl);
  }

  static KeylessConfig read(ConfigReader keys, URI defaultUrl, int defaultCalls)
      throws ConfigException {
    return new KeylessConfig(
        keys.address("base-url", defaultUrl),
        keys.region("region", "a region"),
        CarbonConfig.calls(keys, defaultCalls));
  }
}
