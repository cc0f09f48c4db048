package chase.daemon.config;

import java.net.URI;

/** What a provider's address must look like. */
final class WebAddress {
  private WebAddress() {}

  static void require(String key, URI address) {
    boolean web = "https".equals(address.getScheme()) || "http".equals(address.getScheme());
    if (!web || address.getHost() == null) {
      throw new IllegalArgumentException(key + ": '" + address + "' is not an http(s) address");
    }
  }
}
