package chase.daemon.host;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;

/**
 * Whether a path is there, as far as this process may know: a file in a directory that it may not
 * enter is not taken for one that is missing.
 */
public enum PathState {
  /** It is there. */
  PRESENT,
  /** It is not there. */
  MISSING,
  /** A directory on the way to it may not be entered, so that it is unknown. */
  FORBIDDEN;

  /** The state of {@code path}; links are followed. Blocks. */
  public static PathState of(Path path) {
    try {
      attributes(path);
      return PRESENT;
    } catch (AccessDeniedException e) {
      return FORBIDDEN;
    } catch (IOException e) {
      return MISSING;
    }
  }

  /** Whether this process may write to {@code path}, if it is there. Blocks. */
  public static boolean mayUse(Path path) {
    return switch (of(path)) {
      case MISSING -> true;
      case FORBIDDEN -> false;
      case PRESENT -> Files.isWritable(path);
    };
  }

  /**
   * What helps a user who may not use {@code path}: to join the group that may, or root's rights.
   * Blocks.
   *
   * @param user who they are
   */
  public static String remedy(Path path, String user) {
    return group(path.toAbsolutePath())
        .map(group ->
            "join the group %s (sudo usermod -aG %s %s, log in again)"
                .formatted(group, group, user))
        .orElse("use sudo");
  }

  /** The group of the nearest part of the path that can be seen; empty when it may do nothing. */
  private static Optional<String> group(Path path) {
    for (Path part = path; part != null; part = part.getParent()) {
      try {
        PosixFileAttributes seen = attributes(part);
        boolean opens =
            seen.permissions().contains(PosixFilePermission.GROUP_EXECUTE)
                || seen.permissions().contains(PosixFilePermission.GROUP_READ);
        String group = seen.group().getName();
        return Optional.of(group).filter(name -> opens && !name.equals("root"));
      } catch (IOException unseen) {
        // The directory above it may show it.
      }
    }
    return Optional.empty();
  }

  private static PosixFileAttributes attributes(Path path) throws IOException {
    return Files.readAttributes(path, PosixFileAttributes.class);
  }
}
