package chase.daemon.config;

import chase.carbon.Region;
import chase.carbon.SignalKind.EmissionScope;
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

  /**
   * How to read the pages of American grid operators.
   *
   * @param baseUrl what stands in the place of the operator's own address
   * @param region the operator, where the section above names another provider's region
   * @param callsPerHour the most calls in any hour
   * @param emissionFactorType whether plants count with their whole life or their fuel alone
   */
  public record FuelMixConfig(
      Optional<URI> baseUrl,
      Optional<Region> region,
      int callsPerHour,
      EmissionScope emissionFactorType) {
    /** Refuses an address that is no web address, and emission factors that there are none of. */
    public FuelMixConfig {
      baseUrl.ifPresent(url -> BaseUrl.checked("base-url", url));
      if (emissionFactorType == EmissionScope.UNSTATED) {
        throw new IllegalArgumentException("emission-factor-type must be lifecycle or direct");
      }
    }

    static FuelMixConfig read(ConfigReader keys) throws ConfigException {
      return new FuelMixConfig(
          keys.address("base-url"),
          keys.region("region", "a region"),
          CarbonConfig.calls(keys, 60),
          keys.word("emission-factor-type", EmissionScope.LIFECYCLE));
    }
  }
}
