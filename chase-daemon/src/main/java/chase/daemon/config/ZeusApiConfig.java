package chase.daemon.config;

import chase.zeus.batchsize.Method;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Zeus's batch-size API on a TCP port.
 *
 * @param enabled whether there is one
 * @param host the address to listen on
 * @param port the TCP port, 0 for any free one
 * @param method how the batch sizes of Zeus's clients are chosen
 */
public record ZeusApiConfig(boolean enabled, String host, int port, Method method) {
  /** Whether only this host can reach it; an address that nobody knows counts as reachable. */
  public boolean isLocal() {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  static ZeusApiConfig read(Section section) throws ConfigException {
    boolean enabled = section.flag("enabled", false);
    String host = section.text("host").orElse("127.0.0.1");
    int port = section.integer("port", 9479, MetricsConfig.PORT);
    Method method = section.word("method", Method.CHASE);
    return section.build(() -> new ZeusApiConfig(enabled, host, port, method));
  }
}
