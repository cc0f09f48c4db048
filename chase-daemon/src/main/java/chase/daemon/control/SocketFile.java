package chase.daemon.control;

import chase.daemon.access.AccessRules;
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
import java.util.Locale;

/**
 * The file of the control socket. Calls block: never on an event loop.
 *
 * @param path where it lies
 */
record SocketFile(Path path) {
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
   * Opens the socket to those who may connect. Until then only the owner can write to it, and so
   * connect, under any umask that keeps others from writing.
   */
  void open(AccessRules.SocketAudience audience) {
    String rights =
        switch (audience) {
          case AccessRules.SocketAudience.Owner owner -> "rw-------";
          // The roles decide all the same: where the file cannot be given to the group, they alone.
          case AccessRules.SocketAudience.Group group ->
              isGivenTo(group.gid()) ? "rw-rw----" : "rw-rw-rw-";
          case AccessRules.SocketAudience.Everybody everybody -> "rw-rw-rw-";
        };
    try {
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

  /** Gives it to the group; whether that could be done. */
  private boolean isGivenTo(String group) {
    try {
      GroupPrincipal principal =
          path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(group);
      Files.getFileAttributeView(path, PosixFileAttributeView.class).setGroup(principal);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
