package chase.daemon.gpu.journal;

import chase.daemon.host.PathState;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Optional;

/**
 * Where the journals lie: twice in the state directory, so that no torn write and no flipped bit
 * costs an entry, and once beside the control socket, which outlives a lost state directory and
 * ends with the reboot that also resets the GPUs.
 *
 * @param directory the state directory
 * @param socket the control socket, empty where there is no runtime copy
 * @param gpuLock the lock of the host's GPUs; empty where no other Chase can reach the same ones
 */
public record StatePaths(Path directory, Optional<Path> socket, Optional<Path> gpuLock) {
  private static final String COPY = ".copy";

  /** A state directory without runtime copies, for GPUs that nobody else has. */
  public static StatePaths of(Path directory) {
    return new StatePaths(directory, Optional.empty());
  }

  /** The same with runtime copies. */
  public StatePaths(Path directory, Optional<Path> socket) {
    this(directory, socket, Optional.empty());
  }

  /** The two files of a journal in the state directory, in the order in which they are written. */
  public List<Path> files(String journal) {
    Path main = directory.resolve(journal + ".json");
    return List.of(main, main.resolveSibling(main.getFileName() + COPY));
  }

  /**
   * The copy of a journal beside the socket, named after it because daemons with different sockets
   * may share the directory; empty where every user could write there.
   */
  public Optional<Path> runtimeCopy(String journal) {
    return socket
        .map(Path::toAbsolutePath)
        .filter(StatePaths::isGuarded)
        .map(path -> path.resolveSibling(path.getFileName() + "." + journal + ".json"));
  }

  private static boolean isGuarded(Path path) {
    Path parent = path.getParent();
    try {
      return parent != null
          && Files.isDirectory(parent, LinkOption.NOFOLLOW_LINKS)
          && !Files.getPosixFilePermissions(parent).contains(PosixFilePermission.OTHERS_WRITE);
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /**
   * Whether a process listens on the control socket, which then has the copies beside it; where
   * that cannot be told, none does.
   */
  public boolean socketAnswers() {
    if (socket.isEmpty()) {
      return false;
    }
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      // One that hangs takes nobody in, and must not hold up a restore.
      channel.configureBlocking(false);
      channel.connect(UnixDomainSocketAddress.of(socket.get()));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Whether there may be anything to read: a state directory, or a runtime copy of a journal. What
   * this process may not read may exist.
   */
  public boolean mayExist() {
    return mayExist(directory)
        || runtimeCopy(LimitJournal.NAME).filter(StatePaths::mayExist).isPresent()
        || runtimeCopy(SettingsJournal.NAME).filter(StatePaths::mayExist).isPresent();
  }

  private static boolean mayExist(Path path) {
    return PathState.of(path) != PathState.MISSING;
  }
}
