package chase.daemon.config;

import chase.carbon.Region;
import chase.carbon.SignalKind.EmissionScope;
import chase.carbon.electricitymaps.ElectricityMaps;
import chase.carbon.http.BaseUrl;
import java.net.URI;
import java.util.Optional;

/**
 * How to call Electricity Maps.
 *
 * @param baseUrl the API's address with its version
 * @param token where the key is kept
 * @param region the zone, where {@code carbon.region} is another provider's
 * @param horizonHours how far the forecast reaches, where the plan has one
 * @param callsPerHour the most calls in any hour; fewer than 5 leave no room for a forecast
 * @param emissionFactorType whether plants count with their whole life or their fuel alone
 */
public record ElectricityMapsConfig(
    URI baseUrl,
    Optional<SecretSource> token,
    Optional<Region> region,
    int horizonHours,
    int callsPerHour,
    EmissionScope emissionFactorType) {
  /** Refuses an address that is no web address, and emission factors that the API lacks. */
  public ElectricityMapsConfig {
    BaseUrl.checked("base-url", baseUrl);
    if (emissionFactorType == EmissionScope.UNSTATED) {
      throw new IllegalArgumentException("emission-factor-type must be lifecycle or direct");
    }
    if (!ElectricityMaps.HORIZON_HOURS.contains(horizonHours)) {
      throw new IllegalArgumentException("horizon-hours must be 6, 24, 48 or 72: " + horizonHours);
    }
  }

  static ElectricityMapsConfig read(ConfigReader keys) throws ConfigException {
    return new ElectricityMapsConfig(
        keys.address("base-url", ElectricityMaps.DEFAULT_URL),
        keys.secret("token"),
        keys.region("region", "a zone"),
        keys.integer("horizon-hours", 24, "6", "72"),
        CarbonConfig.calls(keys, 50),
        keys.word("emission-factor-type", EmissionScope.LIFECYCLE));
  }

  Optional<String> missing() {
    return CarbonConfig.missing(token, "electricity-maps.token-file (or token-env)");
  }
}
