package chase.daemon.config;

import chase.carbon.Coordinates;
import chase.carbon.Region;
import chase.carbon.http.BaseUrl;
import java.net.URI;
import java.util.Optional;

/**
 * How to ask WattTime.
 *
 * @param baseUrl the API's address
 * @param username where the user's name is kept
 * @param password where the password is kept
 * @param region the region, where {@code carbon.region} is another provider's
 * @param horizonHours how far the forecast is asked for, 1 to 72
 * @param callsPerHour the most calls in any hour
 * @param latitude where this host is, if {@code chase doctor} is to tell whether that is in the
 *     region
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
  private static final Range<Integer> HORIZON_HOURS = Range.wholes(1, 72);
  private static final Range<Double> LATITUDE = Range.numbers(-90, 90);
  private static final Range<Double> LONGITUDE = Range.numbers(-180, 180);

  /** Refuses an address that is no web address, and half a place. */
  public WattTimeConfig {
    BaseUrl.checked("base-url", baseUrl);
    if (latitude.isPresent() != longitude.isPresent()) {
      throw new IllegalArgumentException("latitude and longitude belong together");
    }
  }

  private static Optional<Coordinates> coordinates(
      Optional<Double> latitude, Optional<Double> longitude) {
    return latitude.flatMap(north -> longitude.map(east -> new Coordinates(north, east)));
  }

  /** Where this host is, where somebody said so. */
  public Optional<Coordinates> place() {
    return coordinates(latitude, longitude);
  }

  Optional<String> missing() {
    if (username.isEmpty()) {
      return Optional.of("watttime.username-file (or username-env)");
    }
    return password.isEmpty()
        ? Optional.of("watttime.password-file (or password-env)")
        : Optional.empty();
  }

  static WattTimeConfig read(Section section) throws ConfigException {
    URI baseUrl =
        section
            .value("base-url", "a web address", URI::create)
            .orElse(URI.create("https://api.watttime.org"));
    Optional<SecretSource> username = section.secret("username");
    Optional<SecretSource> password = section.secret("password");
    Optional<Region> region = section.value("region", "a region", Region::new);
    int horizonHours = section.integer("horizon-hours", 24, HORIZON_HOURS);
    int callsPerHour = section.integer("calls-per-hour", 120, CarbonConfig.CALLS_PER_HOUR);
    Optional<Double> latitude = section.number("latitude", LATITUDE);
    Optional<Double> longitude = section.number("longitude", LONGITUDE);
    return section.build(() ->
        new WattTimeConfig(
            baseUrl, username, password, region, horizonHours, callsPerHour, latitude, longitude));
  }
}
