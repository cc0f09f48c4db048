package chase.daemon.config;

import chase.carbon.Region;
import chase.carbon.SignalKind.Scope;
import chase.carbon.http.BaseUrl;
import java.net.URI;
import java.util.Optional;
import java.util.Set;

/**
 * How to ask Electricity Maps.
 *
 * @param baseUrl the API's address with its version
 * @param token where the key is kept
 * @param region the zone, where {@code carbon.region} is another provider's
 * @param emissionFactorType whether plants count with their whole life or their fuel alone
 * @param horizonHours how far the forecast is asked for, where the plan has one
 * @param callsPerHour the most calls in any hour
 */
public record ElectricityMapsConfig(
    URI baseUrl,
    Optional<SecretSource> token,
    Optional<Region> region,
    Scope emissionFactorType,
    int horizonHours,
    int callsPerHour) {
  private static final Set<Integer> HORIZONS = Set.of(6, 24, 48, 72);

  /** Refuses an address that is no web address, and emission factors that the API does not know. */
  public ElectricityMapsConfig {
    BaseUrl.checked("base-url", baseUrl);
    if (emissionFactorType == Scope.UNSTATED) {
      throw new IllegalArgumentException("emission-factor-type must be lifecycle or direct");
    }
    if (!HORIZONS.contains(horizonHours)) {
      throw new IllegalArgumentException("horizon-hours must be 6, 24, 48 or 72: " + horizonHours);
    }
  }

  Optional<String> missing() {
    return token.isPresent()
        ? Optional.empty()
        : Optional.of("electricity-maps.token-file (or token-env)");
  }

  static ElectricityMapsConfig read(Section section) throws ConfigException {
    URI baseUrl =
        section
            .value("base-url", "a web address", URI::create)
            .orElse(URI.create("https://api.electricitymaps.com/v4"));
    Optional<SecretSource> token = section.secret("token");
    Optional<Region> region = section.value("region", "a zone", Region::new);
    int horizonHours = section.integer("horizon-hours", 24, Range.wholes(6, 72));
    int callsPerHour = section.integer("calls-per-hour", 50, CarbonConfig.CALLS_PER_HOUR);
    Scope emissionFactorType = section.word("emission-factor-type", Scope.LIFECYCLE);
    return section.build(() ->
        new ElectricityMapsConfig(
            baseUrl, token, region, emissionFactorType, horizonHours, callsPerHour));
  }
}
