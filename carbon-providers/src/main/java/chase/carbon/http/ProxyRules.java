package chase.carbon.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import okhttp3.HttpUrl;

/**
 * Through which proxy a provider is asked, if any. This host itself is always asked directly.
 *
 * @param http the proxy for {@code http://}
 * @param https the proxy for {@code https://}
 * @param direct hosts that are asked without one: names, which hold for what lies below them too,
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

  /** The proxy through which an address is asked. */
  Optional<ProxyAddress> of(HttpUrl url) {
    Optional<ProxyAddress> proxy = url.isHttps() ? https : http;
    return proxy.filter(one -> !isLoopback(url.host()) && !isDirect(url));
  }

  private boolean isDirect(HttpUrl url) {
    return direct.stream().anyMatch(rule -> new DirectHost(rule).matches(url.host(), url.port()));
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
}
