package chase.daemon.config;

import chase.carbon.Coordinates;
import chase.carbon.Region;
import chase.carbon.http.BaseUrl;
import chase.carbon.watttime.WattTime;
import java.net.URI;
import java.util.Optional;

/**
 * How to call WattTime.
 *
 * @param baseUrl the API's address
 * @param username where the user's name is kept
 * @param password where the password is kept
 * @param region the region, where {@code carbon.region} is another provider's
 * @param horizonHours how far the forecast reaches
 * @param callsPerHour the most calls in any hour
 * @param latitude where this host is, for {@code chase doctor} to check that the region holds it
 * @param longitude the same
 */
public record WattTimeConfig(
    URI baseUrl,
    Optional<SecretSource> username,
    Optional<SecretSource> password,
    Optional<Region> region,
    int horizonHours,
    int callsPerHour,
    Optional<Double> latitude,
    Optional<Double> longitude) {

  /** Refuses an address that is no web address, and half a place. */
  public WattTimeConfig {
    BaseUrl.checked("base-url", baseUrl);
    if (latitude.isPresent() != longitude.isPresent()) {
      throw new IllegalArgumentException("latitude and longitude belong together");
    }
  }

  static WattTimeConfig read(ConfigReader keys) throws ConfigException {
    return new WattTimeConfig(
        keys.address("base-url", WattTime.DEFAULT_URL),
        keys.secret("username"),
        keys.secret("password"),
        keys.region("region", "a region"),
        keys.integer("horizon-hours", 24, "1", "72"),
        CarbonConfig.calls(keys, 120),
        keys.number("latitude", "-90", "90"),
        keys.number("longitude", "-180", "180"));
  }

  /** Where this host is, if that is configured. */
  public Optional<Coordinates> place() {
    return latitude.flatMap(north -> longitude.map(east -> new Coordinates(north, east)));
  }

  Optional<String> missing() {
    return CarbonConfig.missing(username, "watttime.username-file (or username-env)")
        .or(() -> CarbonConfig.missing(password, "watttime.password-file (or password-env)"));
  }
}
