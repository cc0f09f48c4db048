package chase.daemon.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What tells this machine from one that calls itself the same: machine-id(5). */
public final class MachineId {
  private static final Path FILE = Path.of("/etc/machine-id");

  private MachineId() {}

  /** The id; empty on a system without one. It is to be kept from others: pass on a hash of it. */
  public static String read() {
    try {
      return Files.readString(FILE).strip();
    } catch (IOException e) {
      return "";
    }
  }
}
