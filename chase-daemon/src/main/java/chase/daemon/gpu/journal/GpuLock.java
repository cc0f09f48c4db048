package chase.daemon.gpu.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The lock of a host's GPUs, whatever state directory a Chase has: only one sets their limits. It
 * ends with the process, however that ends.
 */
public final class GpuLock implements AutoCloseable {
  private final FileChannel channel;

  private GpuLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Acquires the lock for a daemon; its file, and the directory of that, are made where they are
   * missing.
   *
   * @throws StateException when another process holds it, with one line that names that
   * @throws IOException when there can be no lock, with one line that names the file
   */
  public static GpuLock acquire(Path file) throws StateException, IOException {
    try {
      FileChannel channel = openOrMake(file);
      requireLocked(channel, file);
      StateLock.writePid(channel);
      return new GpuLock(channel);
    } catch (IOException e) {
      throw new IOException("cannot lock " + file + ": " + JournalFile.reason(e), e);
    }
  }

  private static FileChannel openOrMake(Path file) throws IOException {
    Path directory = Objects.requireNonNull(file.toAbsolutePath().getParent());
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory);
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    boolean made = !Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    FileChannel channel = open(file, Set.of(StandardOpenOption.CREATE));
    try {
      if (made) {
        // Root may be the first, and the service's user has to open it later.
        Files.setOwner(file, Files.getOwner(directory));
      }
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * Acquires the lock for {@code chase restore}: where no daemon ever made one, or it cannot be
   * used, restoring the limits matters more.
   *
   * @throws StateException when another process holds it, with one line that names that
   */
  public static Optional<GpuLock> acquireExisting(Path file) throws StateException {
    try {
      FileChannel channel = open(file, Set.of());
      requireLocked(channel, file);
      return Optional.of(new GpuLock(channel));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static FileChannel open(Path file, Set<OpenOption> more) throws IOException {
    Set<OpenOption> options = new HashSet<>(more);
    options.addAll(
        Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
    return FileChannel.open(
        file,
        options,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  private static void requireLocked(FileChannel channel, Path file)
      throws IOException, StateException {
    if (!StateLock.locked(channel, false)) {
      String holder = StateLock.holder(channel).map(pid -> " (process " + pid + ")").orElse("");
      channel.close();
      throw StateException.temporary(
          "another Chase%s sets the limits of this host's GPUs and holds %s; stop it, or observe only (mode: observe)"
              .formatted(holder, file));
    }
  }

  /** Releases the lock; its file stays, because deleting it would let two processes lock it. */
  @Override
  public void close() throws StateException {
    try {
      channel.close();
    } catch (IOException e) {
      throw new StateException("cannot close the lock of the GPUs: " + e.getMessage());
    }
  }
}
