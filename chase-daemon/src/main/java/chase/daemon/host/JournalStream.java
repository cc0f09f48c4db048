package chase.daemon.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Systemd's journal at the other end of a stream. */
public final class JournalStream {
  private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

  private JournalStream() {}

  /**
   * Whether what this process writes to standard error goes to the journal: {@code JOURNAL_STREAM}
   * names its device and inode (systemd.exec(5)). The variable alone proves nothing, because a
   * child whose output goes elsewhere inherits it.
   */
  public static boolean isStandardError(Map<String, String> environment) {
    return is(STANDARD_ERROR, environment.getOrDefault("JOURNAL_STREAM", ""));
  }

  /** Whether {@code stream} is the one with this device and inode, such as {@code 8:12345}. */
  static boolean is(Path stream, String deviceAndInode) {
    if (deviceAndInode.isEmpty()) {
      return false;
    }
    try {
      Map<String, Object> found = Files.readAttributes(stream, "unix:dev,ino");
      return deviceAndInode.equals(found.get("dev") + ":" + found.get("ino"));
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
