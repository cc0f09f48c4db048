package chase.daemon.config;

import chase.daemon.http.ServerCredentials;
import chase.zeus.batchsize.SearchMethod;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The batch sizes of recurring jobs.
 *
 * @param silence a trial that reports nothing for this long counts as failed
 * @param database a JDBC URL of PostgreSQL, for several hosts; a file in the state directory where
 *     there is none
 * @param user where the name is kept that signs in there
 * @param password where its password is kept
 * @param zeusApi Zeus's API for them
 */
public record BatchSizesConfig(
    Duration silence,
    Optional<String> database,
    Optional<SecretSource> user,
    Optional<SecretSource> password,
    ZeusApiConfig zeusApi) {
  private static final String POSTGRESQL = "jdbc:postgresql:";

  /** Refuses other databases and a URL that holds a password. */
  public BatchSizesConfig {
    if (database.isPresent() && !database.get().startsWith(POSTGRESQL)) {
      throw new IllegalArgumentException(
          "database must begin with %s//, such as %s//db.example:5432/chase"
              .formatted(POSTGRESQL, POSTGRESQL));
    }
    if (database.isPresent() && database.get().matches("(?i).*[?&](ssl)?password=.*")) {
      throw new IllegalArgumentException(
          "database must not hold a password; use password-file or password-env");
    }
    if (database.isEmpty() && (user.isPresent() || password.isPresent())) {
      throw new IllegalArgumentException("user and password are for a database");
    }
  }

  static BatchSizesConfig read(ConfigReader keys) throws ConfigException {
    return new BatchSizesConfig(
        keys.duration("silence", Duration.ofDays(1), "1s", "366d"),
        keys.text("database"),
        keys.secret("user"),
        keys.secret("password"),
        keys.section("zeus-api", ZeusApiConfig::read));
  }

  /**
   * A secret, where one is kept.
   *
   * @throws ConfigException that names where it should be, never the secret
   */
  public static Optional<String> secret(
      Optional<SecretSource> source, Map<String, String> environment) throws ConfigException {
    return source.isPresent() ? Optional.of(source.get().read(environment)) : Optional.empty();
  }

  /**
   * Zeus's batch-size API on a TCP port.
   *
   * @param enabled whether there is one
   * @param host the address to listen on
   * @param port the TCP port, 0 for any free one
   * @param method how the batch sizes of Zeus's clients are chosen
   * @param tls with what it speaks TLS
   * @param token where the token is kept that its clients show
   */
  public record ZeusApiConfig(
      boolean enabled,
      String host,
      int port,
      SearchMethod method,
      TlsConfig tls,
      Optional<SecretSource> token) {
    /** Refuses an unprotected address that others reach. */
    public ZeusApiConfig {
      if (enabled) {
        tls.requireFor(host, token);
      }
    }

    /**
     * Its certificate and token, read now; blocks.
     *
     * @param environment the process's environment variables
     * @throws ConfigException with one line that names the file or variable, never what it holds
     */
    public ServerCredentials credentials(Map<String, String> environment) throws ConfigException {
      return tls.credentials("batch-sizes.zeus-api", token, environment);
    }

    private static ZeusApiConfig read(ConfigReader keys) throws ConfigException {
      return new ZeusApiConfig(
          keys.flag("enabled", false),
          keys.text("host").orElse(ChaseConfig.MetricsConfig.LOCALHOST),
          keys.integer("port", 9479, "0", "65535"),
          keys.word("method", SearchMethod.CHASE),
          keys.section("tls", TlsConfig::read),
          keys.secret("token"));
    }
  }
}
