package chase.daemon.control;

import chase.daemon.host.PathState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Locale;

/**
 * The file of the control socket. Calls block: never on an event loop.
 *
 * @param path where it lies
 * @param group who may connect besides its owner
 */
record SocketFile(Path path, String group) {
  private static final System.Logger LOG = System.getLogger(SocketFile.class.getName());

  /** {@code sizeof(sockaddr_un.sun_path)} on Linux is 108, the closing zero included (unix(7)). */
  private static final int MAX_PATH_BYTES = 107;

  private static final int FILE_TYPE_MASK = 0170000;
  private static final int SOCKET_TYPE = 0140000;

  /**
   * Makes sure that the path is free, removing what a dead daemon left there.
   *
   * @throws ControlServer.SocketUnavailable when it is not and must stay
   */
  void claim() {
    int bytes = path.toString().getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_PATH_BYTES) {
      throw new ControlServer.SocketUnavailable(
          String.format(
              Locale.ROOT,
              "%s is too long for a Unix socket: %d bytes, at most %d",
              path,
              bytes,
              MAX_PATH_BYTES));
    }
    Path parent = path.toAbsolutePath().getParent();
    if (parent != null && PathState.of(parent) == PathState.FORBIDDEN) {
      throw forbidden("enter", parent);
    }
    if (parent == null || !Files.isDirectory(parent)) {
      throw ControlServer.SocketUnavailable.temporary(
          "%s: there is no directory %s".formatted(path, parent));
    }
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      requireSocket();
      if (!Files.isWritable(path)) {
        throw forbidden("use", path);
      }
      removeDead();
    }
    if (!Files.isWritable(parent)) {
      throw new ControlServer.SocketUnavailable(
          "control socket: no permission to write %s: run the daemon as its owner or as root"
              .formatted(parent));
    }
  }

  private static ControlServer.SocketUnavailable forbidden(String what, Path where) {
    return new ControlServer.SocketUnavailable(
        "control socket: no permission to %s %s: %s"
            .formatted(what, where, PathState.remedy(where, System.getProperty("user.name"))));
  }

  /**
   * Opens the socket to its group, where there is one. Until then only the owner can write to it,
   * and so connect, under any umask that keeps others from writing.
   */
  void open() {
    try {
      // The group that it has by itself is not the one that was meant.
      String rights = hasGroup() ? "rw-rw----" : "rw-------";
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(rights));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void requireSocket() {
    try {
      int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
      if ((mode & FILE_TYPE_MASK) != SOCKET_TYPE) {
        throw new ControlServer.SocketUnavailable(path + " is not a socket; Chase leaves it alone");
      }
    } catch (IOException e) {
      throw ControlServer.SocketUnavailable.temporary(
          "%s cannot be examined: %s".formatted(path, e.getMessage()));
    }
  }

  private void removeDead() {
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      probe.connect(UnixDomainSocketAddress.of(path));
    } catch (ConnectException refused) {
      deleteLeftover();
      return;
    } catch (IOException e) {
      throw ControlServer.SocketUnavailable.temporary(
          "%s cannot be tried: %s".formatted(path, e.getMessage()));
    }
    throw ControlServer.SocketUnavailable.temporary(path + " is in use by a running daemon");
  }

  private void deleteLeftover() {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw ControlServer.SocketUnavailable.temporary(
          "%s was left by a dead daemon and cannot be deleted: %s".formatted(path, e.getMessage()));
    }
  }

  /** Gives it to the group; whether there is such a group. */
  private boolean hasGroup() {
    try {
      GroupPrincipal principal =
          path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(group);
      Files.getFileAttributeView(path, PosixFileAttributeView.class).setGroup(principal);
    } catch (UserPrincipalNotFoundException e) {
      LOG.log(
          System.Logger.Level.INFO,
          "there is no group ''{0}'' here: the control socket is its owner''s alone",
          group);
      return false;
    } catch (IOException e) {
      LOG.log(
          System.Logger.Level.INFO,
          "the control socket stays with its own group, not ''{0}'': {1}",
          group,
          e.toString());
    }
    return true;
  }
}
