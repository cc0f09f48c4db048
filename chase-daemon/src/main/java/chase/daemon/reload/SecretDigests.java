package chase.daemon.reload;

import chase.daemon.config.ChaseConfig;
import chase.daemon.config.ConfigChanges;
import chase.daemon.config.ConfigChanges.ConfigChange;
import chase.daemon.config.ConfigException;
import chase.daemon.config.SecretSource;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The secrets that a configuration names, as digests: enough to notice that one was replaced in its
 * file, and of no use to anyone else.
 *
 * @param byKey the digest of each secret that can be read, by its key
 */
record SecretDigests(Map<String, String> byKey) {
  private static final String ALGORITHM = "SHA-256";

  SecretDigests {
    byKey = Map.copyOf(byKey);
  }

  /** Those of {@code config}; blocks. One that nobody uses need not be readable. */
  static SecretDigests of(ChaseConfig config, Map<String, String> environment) {
    Map<String, String> byKey = new LinkedHashMap<>();
    Map<String, SecretSource> sources = new LinkedHashMap<>(ConfigChanges.secrets(config));
    // Certificates are no secret, but they too are replaced in their file.
    config.http().caSource().ifPresent(file -> sources.put(file.key(), file));
    sources.forEach(
        (key, source) -> digest(source, environment).ifPresent(digest -> byKey.put(key, digest)));
    return new SecretDigests(byKey);
  }

  /** These once they are in force: what takes a restart is as {@code before} until then. */
  SecretDigests after(SecretDigests before) {
    Map<String, String> inForce = new LinkedHashMap<>(byKey);
    changedSince(before).stream()
        .filter(change -> !change.onReload())
        .map(ConfigChange::key)
        .forEach(key -> inForce.put(key, Objects.requireNonNull(before.byKey.get(key))));
    return new SecretDigests(inForce);
  }

  private static Optional<String> digest(SecretSource source, Map<String, String> environment) {
    try {
      MessageDigest digest = MessageDigest.getInstance(ALGORITHM);
      byte[] secret = source.read(environment).getBytes(StandardCharsets.UTF_8);
      return Optional.of(HexFormat.of().formatHex(digest.digest(secret)));
    } catch (ConfigException e) {
      return Optional.empty();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }

  /** The keys whose place is the same and whose secret is another one. */
  List<ConfigChange> changedSince(SecretDigests before) {
    return byKey.entrySet().stream()
        .filter(now -> {
          String then = before.byKey.get(now.getKey());
          return then != null && !Objects.equals(then, now.getValue());
        })
        .map(now -> ConfigChanges.newSecret(now.getKey()))
        .toList();
  }
}
