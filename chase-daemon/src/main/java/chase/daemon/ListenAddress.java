package chase.daemon;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * Where one of the daemon's servers is to listen.
 *
 * @param server what people call the server
 * @param host the name or address of this host
 * @param port the TCP port, 0 for any free one
 */
record ListenAddress(String server, String host, int port) {
  private static final int FIRST_FREE_FOR_ALL = 1024;

  /**
   * Makes sure, before any GPU is touched, that the server will be able to listen. Blocks.
   *
   * @throws StartupException with one line when it could not now
   */
  void requireFree() throws StartupException {
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw StartupException.temporary(refusal("no such host is known"));
    }
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(address);
    } catch (IOException e) {
      String why = refusal(String.valueOf(e.getMessage()));
      boolean forbidden =
          port > 0 && port < FIRST_FREE_FOR_ALL && why.contains("Permission denied");
      throw forbidden ? StartupException.permanent(why) : StartupException.temporary(why);
    }
  }

  private String refusal(String why) {
    return "%s cannot listen on %s:%s: %s".formatted(server, host, Integer.toString(port), why);
  }
}
