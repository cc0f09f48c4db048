package chase.daemon.config;

import java.net.URI;
import java.util.Optional;

/**
 * How to ask WattTime.
 *
 * @param baseUrl the API's address
 * @param username where the user's name is kept
 * @param password where the password is kept
 */
public record WattTimeConfig(
    URI baseUrl, Optional<SecretSource> username, Optional<SecretSource> password) {
  /** Refuses an address that is no web address. */
  public WattTimeConfig {
    WebAddress.require("base-url", baseUrl);
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
    return section.build(() -> new WattTimeConfig(baseUrl, username, password));
  }
}
