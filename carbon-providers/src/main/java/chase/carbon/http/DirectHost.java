package chase.carbon.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One entry of {@code no_proxy}: hosts that are asked without a proxy.
 *
 * @param rule as somebody wrote it
 */
record DirectHost(String rule) {
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
    String asked = host.toLowerCase(Locale.ROOT);
    return !below.isEmpty() && (asked.equals(below) || asked.endsWith("." + below));
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
