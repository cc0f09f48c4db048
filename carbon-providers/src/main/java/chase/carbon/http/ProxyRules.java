package chase.carbon.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import okhttp3.HttpUrl;

/**
 * Through which proxy a provider is reached, if any. This host itself is always reached directly.
 *
 * @param http the proxy for {@code http://}
 * @param https the proxy for {@code https://}
 * @param direct hosts that are reached without one: names, which include what lies below them,
 *     addresses, {@code 10.0.0.0/8}, each with a port if only that is meant, or {@code *}
 * @param source where these rules stand, for people
 */
public record ProxyRules(
    Optional<ProxyAddress> http, Optional<ProxyAddress> https, List<String> direct, String source) {
  /** No proxy but the one that Java's own properties may name. */
  public static final ProxyRules NONE =
      new ProxyRules(Optional.empty(), Optional.empty(), List.of(), "");

  /** Copies the list. */
  public ProxyRules {
    direct = List.copyOf(direct);
  }

  /** One proxy for everything but {@code direct}. */
  public static ProxyRules through(ProxyAddress proxy, List<String> direct, String source) {
    return new ProxyRules(Optional.of(proxy), Optional.of(proxy), direct, source);
  }

  /**
   * What {@code https_proxy}, {@code http_proxy}, {@code all_proxy} and {@code no_proxy} say, in
   * small letters or capitals; small ones count first, as for curl.
   *
   * @throws IllegalArgumentException in one line that names the variable, and no password
   */
  public static ProxyRules of(Map<String, String> environment) {
    List<String> named = new ArrayList<>();
    Optional<ProxyAddress> http = proxy(environment, "http_proxy", named);
    Optional<ProxyAddress> https = proxy(environment, "https_proxy", named);
    Optional<String> direct = variable(environment, "no_proxy").map(environment::get);
    return new ProxyRules(
        http,
        https,
        Stream.of(direct.orElse("").split("[,\\s]+", -1)).filter(one -> !one.isEmpty()).toList(),
        "the environment's " + String.join(" and ", named));
  }

  private static Optional<ProxyAddress> proxy(
      Map<String, String> environment, String name, List<String> named) {
    Optional<String> variable =
        variable(environment, name).or(() -> variable(environment, "all_proxy"));
    variable.filter(one -> !named.contains(one)).ifPresent(named::add);
    return variable.map(one -> ProxyAddress.parse(one, environment.getOrDefault(one, "")));
  }

  private static Optional<String> variable(Map<String, String> environment, String name) {
    return Stream.of(name, name.toUpperCase(Locale.ROOT))
        .filter(one -> !environment.getOrDefault(one, "").isBlank())
        .findFirst();
  }

  /** Whether there is any. */
  public boolean any() {
    return http.isPresent() || https.isPresent();
  }

  /** The proxy through which an address is reached. */
  Optional<ProxyAddress> of(HttpUrl url) {
    Optional<ProxyAddress> proxy = url.isHttps() ? https : http;
    return proxy.filter(one -> !isLoopback(url.host()) && !isDirect(url));
  }

  private boolean isDirect(HttpUrl url) {
    return direct.stream().anyMatch(rule -> new NoProxyEntry(rule).matches(url.host(), url.port()));
  }

  private static boolean isLoopback(String host) {
    return host.equals("localhost")
        || host.endsWith(".localhost")
        || host.equals("::1")
        || host.matches("127(\\.\\d{1,3}){3}");
  }

  /** For people, such as {@code http://proxy:3128 (the environment's https_proxy)}. */
  public String description() {
    List<String> proxies =
        Stream.concat(https.stream(), http.stream())
            .map(ProxyAddress::toString)
            .distinct()
            .toList();
    String but = direct.isEmpty() ? "" : ", but " + String.join(", ", direct) + " directly";
    return String.join(" and ", proxies) + " (" + source + ")" + but;
  }

  /**
   * One entry of {@code no_proxy}: hosts that are reached without a proxy.
   *
   * @param rule as it was written
   */
  record NoProxyEntry(String rule) {
    private static final Pattern WITH_PORT = Pattern.compile("(\\[.*]|[^:]*):(\\d{1,5})");
    private static final Pattern NUMERIC = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|.*:.*");

    /** Whether it means {@code host} at {@code port}. */
    boolean matches(String host, int port) {
      Matcher parts = WITH_PORT.matcher(rule);
      boolean hasPort = parts.matches();
      if (hasPort && !parts.group(2).equals(Integer.toString(port))) {
        return false;
      }
      String name = (hasPort ? parts.group(1) : rule).toLowerCase(Locale.ROOT);
      name = name.replaceFirst("^\\[(.*)]$", "$1");
      if (name.equals("*")) {
        return true;
      }
      int slash = name.indexOf('/');
      if (slash >= 0) {
        return isWithin(name.substring(0, slash), name.substring(slash + 1), host);
      }
      String below = name.replaceFirst("^\\*?\\.", "");
      String target = host.toLowerCase(Locale.ROOT);
      return !below.isEmpty() && (target.equals(below) || target.endsWith("." + below));
    }

    private static boolean isWithin(String network, String length, String host) {
      Optional<byte[]> net = address(network);
      Optional<byte[]> own = address(host);
      if (net.isEmpty() || own.isEmpty() || !length.matches("\\d{1,3}")) {
        return false;
      }
      int bits = Integer.parseInt(length);
      if (net.get().length != own.get().length || bits > 8 * net.get().length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> bit % 8;
        if (((net.get()[bit / 8] ^ own.get()[bit / 8]) & mask) != 0) {
          return false;
        }
      }
      return true;
    }

    /** An address in numbers; a name is not looked up. */
    private static Optional<byte[]> address(String text) {
      if (!NUMERIC.matcher(text).matches()) {
        return Optional.empty();
      }
      try {
        return Optional.of(InetAddress.getByName(text).getAddress());
      } catch (UnknownHostException noAddress) {
        return Optional.empty();
      }
    }
  }
}
