package chase.carbon.http;

import java.net.Authenticator;
import java.net.PasswordAuthentication;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Gives a SOCKS proxy its user and password, which Java's sockets take from the process. */
final class SocksAuthenticator extends Authenticator {
  private static final String PROTOCOL = "SOCKS5";

  private final ProxyRules rules;

  private SocksAuthenticator(ProxyRules rules) {
    this.rules = rules;
  }

  /** Answers for the SOCKS proxies of {@code rules}, and for nothing else, from now on. */
  static void install(ProxyRules rules) {
    if (proxies(rules).anyMatch(proxy -> proxy.user().isPresent())) {
      Authenticator.setDefault(new SocksAuthenticator(rules));
    }
  }

  private static Stream<ProxyAddress> proxies(ProxyRules rules) {
    return Stream.concat(rules.https().stream(), rules.http().stream())
        .filter(ProxyAddress::isSocks);
  }

  @Override
  protected @Nullable PasswordAuthentication getPasswordAuthentication() {
    if (!PROTOCOL.equals(getRequestingProtocol())) {
      return null;
    }
    Optional<ProxyAddress> match =
        proxies(rules)
            .filter(proxy -> proxy.user().isPresent())
            .filter(proxy -> proxy.host().equals(getRequestingHost()))
            .filter(proxy -> proxy.port() == getRequestingPort())
            .findFirst();
    return match.isEmpty()
        ? null
        : new PasswordAuthentication(
            match.get().user().orElseThrow(), match.get().password().toCharArray());
  }
}
