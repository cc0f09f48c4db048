package chase.daemon.config;

import chase.carbon.Signal.Scope;
import java.net.URI;
import java.util.Optional;

/**
 * How to ask Electricity Maps.
 *
 * @param baseUrl the API's address with its version
 * @param token where the key is kept
 * @param emissionFactorType whether plants count with their whole life or their fuel alone
 */
public record ElectricityMapsConfig(
    URI baseUrl, Optional<SecretSource> token, Scope emissionFactorType) {
  /** Refuses an address that is no web address, and emission factors that the API does not know. */
  public ElectricityMapsConfig {
    WebAddress.require("base-url", baseUrl);
    if (emissionFactorType == Scope.UNSTATED) {
      throw new IllegalArgumentException("emission-factor-type must be lifecycle or direct");
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
    Scope emissionFactorType = section.word("emission-factor-type", Scope.LIFECYCLE);
    return section.build(() -> new ElectricityMapsConfig(baseUrl, token, emissionFactorType));
  }
}
