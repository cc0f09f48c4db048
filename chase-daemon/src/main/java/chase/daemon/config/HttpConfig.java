package chase.daemon.config;

import chase.carbon.http.CaBundle;
import chase.carbon.http.ProxyAddress;
import chase.carbon.http.ProxyRules;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How providers are reached over the network.
 *
 * @param proxy the proxy that they are called through, {@code none} for none; without it the
 *     environment decides
 * @param noProxy the hosts that are called without it
 * @param proxyPassword the password of the proxy's user
 * @param caFile a file in PEM with the certificates of authorities that sign for servers beside
 *     those that Java trusts
 */
public record HttpConfig(
    Optional<String> proxy,
    List<String> noProxy,
    Optional<SecretSource> proxyPassword,
    Optional<Path> caFile) {
  private static final String NONE = "none";
  private static final String KEY = "http.proxy";
  static final String CA_FILE = "http.ca-file";

  /** Refuses an address that is none, one with a password in it, and what needs one without it. */
  public HttpConfig {
    noProxy = List.copyOf(noProxy);
    Optional<ProxyAddress> address =
        proxy.filter(text -> !text.equals(NONE)).map(text -> ProxyAddress.parse("proxy", text));
    if (address.filter(one -> !one.password().isEmpty()).isPresent()) {
      throw new IllegalArgumentException(
          "proxy: a password must not stand in this file; use proxy-password-file or"
              + " proxy-password-env");
    }
    if (proxyPassword.isPresent() && address.flatMap(ProxyAddress::user).isEmpty()) {
      throw new IllegalArgumentException(
          "proxy-password needs a user in proxy, such as http://user@proxy.example.org:3128");
    }
    if (!noProxy.isEmpty() && address.isEmpty()) {
      throw new IllegalArgumentException("no-proxy needs a proxy");
    }
  }

  static HttpConfig read(ConfigReader keys) throws ConfigException {
    return new HttpConfig(
        keys.text("proxy"),
        keys.texts("no-proxy", List.of()),
        keys.secret("proxy-password"),
        keys.path("ca-file"));
  }

  /**
   * The proxies through which providers are called.
   *
   * @param environment the process's environment variables
   * @throws ConfigException when the password cannot be had
   * @throws IllegalArgumentException in one line when a variable of the environment is unfit
   */
  public ProxyRules rules(Map<String, String> environment) throws ConfigException {
    if (proxy.isEmpty()) {
      return ProxyRules.of(environment);
    }
    if (proxy.get().equals(NONE)) {
      return ProxyRules.NONE;
    }
    ProxyAddress address = ProxyAddress.parse(KEY, proxy.get());
    if (proxyPassword.isPresent()) {
      address = address.with(proxyPassword.get().read(environment));
    }
    return ProxyRules.through(address, noProxy, KEY);
  }

  /**
   * The authorities that are trusted beside those of Java; reads their file.
   *
   * @throws ConfigException in one line that names the file, when it cannot be used
   */
  public Optional<CaBundle> authorities(Instant now) throws ConfigException {
    if (caFile.isEmpty()) {
      return Optional.empty();
    }
    Path file = caFile.get();
    try {
      return Optional.of(CaBundle.read(file, now));
    } catch (IllegalArgumentException unfit) {
      throw new ConfigException(CA_FILE + ": " + unfit.getMessage());
    } catch (NoSuchFileException e) {
      throw new ConfigException.Transient(CA_FILE + ": " + file + " does not exist");
    } catch (AccessDeniedException e) {
      throw new ConfigException.Forbidden(CA_FILE + ": no permission to read " + file, file);
    } catch (IOException e) {
      throw new ConfigException.Transient(
          CA_FILE + ": cannot read " + file + ": " + e.getMessage());
    }
  }

  /**
   * Where the authorities' certificates stand, for who wants to know whether they were replaced.
   */
  public Optional<SecretSource> caSource() {
    return caFile.map(file -> new SecretSource.InFile(CA_FILE, file));
  }
}
