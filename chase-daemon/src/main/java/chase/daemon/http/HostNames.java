package chase.daemon.http;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The names under which a listener may be called. A web page can point a name of its own at this
 * host (DNS rebinding), and would then be taken for the listener's own page by the browser; it
 * cannot do so with an address, nor with a name that is the host's.
 */
public final class HostNames {
  /** What the reader of a refusal changes. */
  private static final String KEY = "metrics.allowed-hosts";

  private static final Pattern ADDRESS =
      Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[[0-9a-fA-F:.]+(%25[\\w.-]+)?]");

  private static final Pattern PORT = Pattern.compile(":[0-9]{0,5}$");
  private static final int MAX_SHOWN = 100;

  private final Set<String> names = new HashSet<>();
  private final List<String> domains;

  /**
   * The host's own names and what the operator adds.
   *
   * @param hostName what the host calls itself; its first label counts as well
   * @param more more names; one that begins with a dot stands for all names that end with it
   */
  public HostNames(String hostName, List<String> more) {
    names.add("localhost");
    names.add(canonical(hostName));
    names.add(canonical(hostName).split("\\.", 2)[0]);
    more.stream().map(HostNames::canonical).forEach(names::add);
    domains =
        Stream.concat(Stream.of(".localhost"), more.stream().map(HostNames::canonical))
            .filter(name -> name.startsWith("."))
            .toList();
  }

  /**
   * Why a request is not answered; empty where it is. Every browser sends a Host header; what sends
   * none is answered.
   *
   * @param hosts the values of that header
   */
  public Optional<String> refusal(List<String> hosts) {
    if (hosts.isEmpty()) {
      return Optional.empty();
    }
    if (hosts.size() > 1) {
      return Optional.of("the request has several Host headers");
    }
    String host = canonical(PORT.matcher(hosts.getFirst()).replaceFirst(""));
    boolean known =
        ADDRESS.matcher(host).matches()
            || names.contains(host)
            || domains.stream().anyMatch(host::endsWith);
    return known
        ? Optional.empty()
        : Optional.of(
            "'%s' is no known name of this host; if it is one, add it to %s in Chase's configuration"
                .formatted(shown(host), KEY));
  }

  /** Names are the same in upper case, and with the dot that ends a full name. */
  private static String canonical(String name) {
    String lower = name.strip().toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }

  private static String shown(String host) {
    String clean = host.replaceAll("[^\\x20-\\x7e]", "?");
    return clean.length() <= MAX_SHOWN ? clean : clean.substring(0, MAX_SHOWN) + "...";
  }
}
