package chase.daemon.config;

import chase.zeus.batchsize.SearchMethod;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The batch sizes of recurring jobs.
 *
 * @param silence a trial that says nothing for this long counts as failed
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
  private static final Duration USUAL_SILENCE = Duration.ofDays(1);
  private static final Range<Duration> SILENCE = Range.times("1s", "366d");

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

  static BatchSizesConfig read(Section section) throws ConfigException {
    Duration silence = section.duration("silence", USUAL_SILENCE, SILENCE);
    Optional<String> database = section.text("database");
    Optional<SecretSource> user = section.secret("user");
    Optional<SecretSource> password = section.secret("password");
    Section zeusApi = section.section("zeus-api");
    section.refuseUnknown();
    ZeusApiConfig api = ZeusApiConfig.read(zeusApi);
    return section.build(() -> new BatchSizesConfig(silence, database, user, password, api));
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
   */
  public record ZeusApiConfig(boolean enabled, String host, int port, SearchMethod method) {
    /** Whether only this host can reach it; an address that nobody knows counts as reachable. */
    public boolean isLocal() {
      try {
        return InetAddress.getByName(host).isLoopbackAddress();
      } catch (UnknownHostException e) {
        return false;
      }
    }

    static ZeusApiConfig read(Section section) throws ConfigException {
      boolean enabled = section.flag("enabled", false);
      String host = section.text("host").orElse(ChaseConfig.MetricsConfig.LOCALHOST);
      int port = section.integer("port", 9479, ChaseConfig.MetricsConfig.PORT);
      SearchMethod method = section.word("method", SearchMethod.CHASE);
      return section.build(() -> new ZeusApiConfig(enabled, host, port, method));
    }
  }
}
