package chase.carbon.http;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a proxy listens, and the user who connects to it. Never prints the password.
 *
 * @param type HTTP or SOCKS
 * @param host its name or address
 * @param port its port
 * @param user the user, where the proxy wants one
 * @param password that user's password, perhaps empty
 */
public record ProxyAddress(
    Proxy.Type type, String host, int port, Optional<String> user, String password) {
  private static final Pattern ADDRESS =
      Pattern.compile(
          "(?:([A-Za-z][A-Za-z0-9+.-]*)://)?(?:(.*)@)?(\\[[0-9A-Fa-f:.]+]|[^:/@\\s]+)(?::(\\d{1,5}))?/?");

  /** What most proxies listen on; curl takes the same. */
  private static final int USUAL_PORT = 1080;

  /**
   * Reads an address such as {@code http://user:password@proxy:3128}. Without a scheme it is HTTP,
   * without a port 1080, as for curl. User and password may be escaped with per cent signs.
   *
   * @throws IllegalArgumentException in one line that names {@code what}, and no password
   */
  public static ProxyAddress parse(String what, String text) {
    Matcher parts = ADDRESS.matcher(text.strip());
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          what + ": is not the address of a proxy, such as http://proxy.example.org:3128");
    }
    int port = parts.group(4) == null ? USUAL_PORT : Integer.parseInt(parts.group(4));
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException(what + ": the port must be from 1 to 65535, is " + port);
    }
    String whole = parts.group(2) == null ? "" : parts.group(2);
    int colon = whole.indexOf(':');
    String user = colon < 0 ? whole : whole.substring(0, colon);
    String host = parts.group(3);
    return new ProxyAddress(
        type(what, parts.group(1)),
        host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
        port,
        Optional.of(decoded(what, user)).filter(name -> !name.isEmpty()),
        colon < 0 ? "" : decoded(what, whole.substring(colon + 1)));
  }

  private static Proxy.Type type(String what, @Nullable String scheme) {
    String word = scheme == null ? "http" : scheme.toLowerCase(Locale.ROOT);
    return switch (word) {
      case "http" -> Proxy.Type.HTTP;
      case "socks", "socks5", "socks5h" -> Proxy.Type.SOCKS;
      default ->
          throw new IllegalArgumentException(
              what + ": a proxy is spoken to by http or socks5, not by " + word);
    };
  }

  /** A plus is a plus here, which forms would take for a blank. */
  private static String decoded(String what, String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException(
          what + ": a per cent sign in the user or password must be written %25");
    }
  }

  /** The same with another password. */
  public ProxyAddress with(String secret) {
    return new ProxyAddress(type, host, port, user, secret);
  }

  boolean isSocks() {
    return type == Proxy.Type.SOCKS;
  }

  /** As the sockets of Java know it; the name is looked up at each connection. */
  Proxy proxy() {
    return new Proxy(type, InetSocketAddress.createUnresolved(host, port));
  }

  /** Such as {@code http://proxy.example.org:3128}; without user and password. */
  @Override
  public String toString() {
    String scheme = isSocks() ? "socks5" : "http";
    return scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
