package chase.daemon.gpu.journal;

import chase.daemon.host.PathState;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The lock of a state directory, for the right to change the journals and the limits in them: a
 * running daemon and {@code chase restore} never hold it at the same time. It ends with the
 * process, however that ends.
 */
public final class StateLock implements AutoCloseable {
  private static final Logger LOG = System.getLogger(StateLock.class.getName());
  private static final String FILE = "chase.lock";

  private final Optional<FileChannel> channel;
  private final Optional<String> readOnlyReason;

  private StateLock(Optional<FileChannel> channel, Optional<String> readOnlyReason) {
    this.channel = channel;
    this.readOnlyReason = readOnlyReason;
  }

  /**
   * Acquires the lock of {@code directory}, which is made where it is missing. On a disk that
   * cannot be written the lock is a shared one: enough to restore what is on record, and for
   * nothing else.
   *
   * @throws StateException when another process holds it, or the directory cannot be used
   */
  public static StateLock acquire(Path directory) throws StateException {
    try {
      return exclusive(directory);
    } catch (AccessDeniedException | FileAlreadyExistsException e) {
      throw unusable(directory, e);
    } catch (IOException e) {
      return shared(directory, e);
    }
  }

  /**
   * Why a daemon that only observes, and so holds no lock, may not write to {@code directory}, in
   * one line: no permission, or another daemon uses it. It is made where it is missing. Empty where
   * nothing is in the way.
   */
  public static Optional<String> whyNotWritable(Path directory) {
    try {
      acquire(directory).close();
    } catch (StateException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
    return Files.isWritable(directory)
        ? Optional.empty()
        : Optional.of("cannot write to the state directory " + directory);
  }

  private static StateException unusable(Path directory, IOException e) {
    return e instanceof AccessDeniedException
        ? new StateException(
            "no permission to use the state directory "
                + directory
                + ": "
                + PathState.remedy(directory, System.getProperty("user.name")))
        : StateException.temporary(
            "cannot use the state directory " + directory + ": " + JournalFile.reason(e));
  }

  private static StateLock exclusive(Path directory) throws IOException, StateException {
    Files.createDirectories(directory);
    FileChannel channel =
        FileChannel.open(
            directory.resolve(FILE),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    requireLocked(channel, false, directory);
    writePid(channel);
    return new StateLock(Optional.of(channel), Optional.empty());
  }

  /** Keeps other processes from an exclusive lock meanwhile. */
  private static StateLock shared(Path directory, IOException why) throws StateException {
    if (!isBelowDirectory(directory)) {
      throw unusable(directory, why);
    }
    Optional<String> readOnlyReason =
        Optional.of(
            "cannot write the state directory " + directory + ": " + JournalFile.reason(why));
    try {
      FileChannel channel = FileChannel.open(directory.resolve(FILE), StandardOpenOption.READ);
      requireLocked(channel, true, directory);
      return new StateLock(Optional.of(channel), readOnlyReason);
    } catch (NoSuchFileException neverLocked) {
      return new StateLock(Optional.empty(), readOnlyReason);
    } catch (IOException e) {
      throw unusable(directory, e);
    }
  }

  private static boolean isBelowDirectory(Path directory) {
    Path path = directory.toAbsolutePath();
    while (path != null && !Files.exists(path)) {
      path = path.getParent();
    }
    return path != null && Files.isDirectory(path);
  }

  private static void requireLocked(FileChannel channel, boolean shared, Path directory)
      throws IOException, StateException {
    if (!locked(channel, shared)) {
      String holder = holder(channel).map(pid -> " (process " + pid + ")").orElse("");
      channel.close();
      throw StateException.temporary(
          "a running Chase daemon" + holder + " uses the state directory " + directory);
    }
  }

  /** The process id is only for people: a full disk does not keep the lock from working. */
  static void writePid(FileChannel channel) {
    String pid = Long.toString(ProcessHandle.current().pid()) + "\n";
    try {
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)));
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the lock file has no process id: " + JournalFile.reason(e));
    }
  }

  /** Why nothing may be changed under this lock, empty when all may be. */
  public Optional<String> readOnlyReason() {
    return readOnlyReason;
  }

  static boolean locked(FileChannel channel, boolean shared) throws IOException {
    try {
      return channel.tryLock(0, Long.MAX_VALUE, shared) != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /** The process that holds the lock, where the file says it. */
  static Optional<String> holder(FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(32);
    channel.read(bytes, 0);
    String pid = new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII).strip();
    return Optional.of(pid).filter(known -> !known.isEmpty());
  }

  /** Releases the lock; its file stays, because deleting it would let two processes lock it. */
  @Override
  public void close() throws StateException {
    try {
      if (channel.isPresent()) {
        channel.get().close();
      }
    } catch (IOException e) {
      throw new StateException("cannot close the lock: " + e.getMessage());
    }
  }
}
