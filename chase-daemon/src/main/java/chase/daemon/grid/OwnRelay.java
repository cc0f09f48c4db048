package chase.daemon.grid;

import chase.carbon.CarbonIntensity.Relay;
import chase.daemon.host.HostName;
import chase.daemon.host.MachineId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** What this daemon is called where it passes its signal on. */
public final class OwnRelay {
  private static final int ID_BYTES = 8;
  private static final int MAX_NAME = 200;

  private OwnRelay() {}

  /**
   * The host's name and an id. The id stays the same over restarts, for a loop of hosts to be
   * noticed at any time, and is another one for another machine, host name or state directory.
   *
   * @param stateDirectory the daemon's, which no other daemon uses
   */
  public static Relay of(Path stateDirectory) {
    String name = HostName.read();
    String all =
        String.join("\0", MachineId.read(), name, stateDirectory.toAbsolutePath().toString());
    return new Relay(plain(name), id(all));
  }

  /** The name as others take it. */
  private static String plain(String name) {
    String allowed = name.replaceAll("[^A-Za-z0-9._-]", "-").replaceFirst("^[.]+", "");
    String shortened = allowed.substring(0, Math.min(allowed.length(), MAX_NAME));
    return shortened.isEmpty() ? "unknown" : shortened;
  }

  private static String id(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(Arrays.copyOf(digest, ID_BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
