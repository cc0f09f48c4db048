package chase.daemon.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * What the kernel lets a process do.
 *
 * @param status the process's {@code status} under {@code /proc}
 */
public record Capabilities(Path status) {
  private static final String CAPABILITIES = "CapEff:";

  /** CAP_SYS_ADMIN's place (linux/capability.h). */
  private static final int SYS_ADMIN = 21;

  /** Those of this process. */
  public static Capabilities ofThisProcess() {
    return new Capabilities(Path.of("/proc/self/status"));
  }

  /** All that are in effect, as the kernel writes them: a mask in hexadecimal; blank if unknown. */
  public String effective() {
    try {
      return Files.readAllLines(status).stream()
          .filter(line -> line.startsWith(CAPABILITIES))
          .map(line -> line.substring(CAPABILITIES.length()).strip())
          .findFirst()
          .orElse("");
    } catch (IOException e) {
      return "";
    }
  }

  /**
   * Whether it has CAP_SYS_ADMIN, which NVIDIA's driver asks for at every write, also of root (open
   * kernel modules, {@code os_is_administrator}); false where that cannot be read.
   */
  public boolean hasSysAdmin() {
    String mask = effective();
    try {
      return !mask.isEmpty() && (HexFormat.fromHexDigitsToLong(mask) >>> SYS_ADMIN & 1) == 1;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
