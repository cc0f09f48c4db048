package chase.daemon.config;

import chase.carbon.Coordinates;
import chase.carbon.Region;
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
  private static final int MOST_HOURS = 72;

  /** Refuses an address that is no web address, and next to no calls. */
  public WattTimeConfig {
    WebAddress.require("base-url", baseUrl);
    CallBudget.require(callsPerHour);
    if (horizonHours < 1 || horizonHours > MOST_HOURS) {
      throw new IllegalArgumentException("horizon-hours must be from 1 to 72: " + horizonHours);
    }
    if (latitude.isPresent() != longitude.isPresent()) {
      throw new IllegalArgumentException("latitude and longitude belong together");
    }
    coordinates(latitude, longitude);
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
    int horizonHours = section.integer("horizon-hours", 24);
    int callsPerHour = section.integer("calls-per-hour", 120);
    Optional<Double> latitude = section.value("latitude", "a number of degrees", Double::valueOf);
    Optional<Double> longitude = section.value("longitude", "a number of degrees", Double::valueOf);
    return section.build(() ->
        new WattTimeConfig(
            baseUrl, username, password, region, horizonHours, callsPerHour, latitude, longitude));
  }
}
