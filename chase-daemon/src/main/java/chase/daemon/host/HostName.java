package chase.daemon.host;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** What this host calls itself. */
public final class HostName {
  private HostName() {}

  /** The name without a domain or with one, as the host is set up; {@code unknown} without any. */
  public static String read() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }
}
