package chase.daemon.config;

import chase.daemon.config.ConfigReader.RefusedKey;
import chase.daemon.host.HostName;
import chase.daemon.http.AccessToken;
import chase.daemon.http.ServerCertificate;
import chase.daemon.http.ServerCredentials;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * With what a TCP listener speaks TLS; clear text where there is neither.
 *
 * @param certificate a file in PEM with the server's certificate and those that sign it
 * @param key a file in PEM with its private key
 */
public record TlsConfig(Optional<Path> certificate, Optional<Path> key) {
  /** Clear text. */
  static final TlsConfig NONE = new TlsConfig(Optional.empty(), Optional.empty());

  /** Refuses one without the other. */
  public TlsConfig {
    if (certificate.isPresent() != key.isPresent()) {
      throw new IllegalArgumentException("certificate and key go together");
    }
  }

  static TlsConfig read(ConfigReader keys) throws ConfigException {
    return new TlsConfig(keys.path("certificate"), keys.path("key"));
  }

  /** Whether there is TLS. */
  public boolean enabled() {
    return certificate.isPresent();
  }

  /** How the address of a listener with this begins. */
  public String scheme() {
    return enabled() ? "https" : "http";
  }

  /**
   * Whether only this host reaches {@code host}: localhost and literal addresses of loopback. What
   * another name stands for is known only when it is resolved, and may change.
   */
  public static boolean isLocal(String host) {
    try {
      return host.equals("localhost") || InetAddress.ofLiteral(host).isLoopbackAddress();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * Where a listener on {@code host} is reached, such as {@code https://gpu1:9478}: of one on every
   * address it is this host's name that others use.
   */
  public String url(String host, int port) {
    String name = host.equals("0.0.0.0") || host.equals("::") ? HostName.read() : host;
    return String.format(
        Locale.ROOT, name.contains(":") ? "%s://[%s]:%d" : "%s://%s:%d", scheme(), name, port);
  }

  /** Refuses a listener that other hosts reach, where everybody there could read it. */
  void requireFor(String host, Optional<SecretSource> token) {
    if (!isLocal(host) && (!enabled() || token.isEmpty())) {
      throw new RefusedKey(
          "host",
          "other hosts reach "
              + host
              + ", which takes tls.certificate, tls.key and token-file (docs/security.md)");
    }
  }

  /**
   * A listener's certificate and token, read now; blocks.
   *
   * @param section the listener's keys, such as {@code metrics}
   * @throws ConfigException with one line that names the file or variable, never what it holds
   */
  ServerCredentials credentials(
      String section, Optional<SecretSource> token, Map<String, String> environment)
      throws ConfigException {
    return new ServerCredentials(serverCertificate(section), accessToken(token, environment));
  }

  private Optional<ServerCertificate> serverCertificate(String section) throws ConfigException {
    if (!enabled()) {
      return Optional.empty();
    }
    try {
      return Optional.of(ServerCertificate.read(certificate.orElseThrow(), key.orElseThrow()));
    } catch (IOException e) {
      String message = section + ".tls: " + e.getMessage();
      if (e.getCause() instanceof AccessDeniedException denied) {
        throw new ConfigException.Forbidden(message, Path.of(denied.getFile()));
      }
      throw e instanceof ServerCertificate.UnfitCertificate
          ? new ConfigException(message)
          : new ConfigException.Transient(message);
    }
  }

  private static Optional<AccessToken> accessToken(
      Optional<SecretSource> token, Map<String, String> environment) throws ConfigException {
    if (token.isEmpty()) {
      return Optional.empty();
    }
    String secret = token.get().read(environment);
    try {
      return Optional.of(AccessToken.of(secret));
    } catch (IllegalArgumentException e) {
      throw new ConfigException(token.get().place() + ": " + e.getMessage());
    }
  }
}
