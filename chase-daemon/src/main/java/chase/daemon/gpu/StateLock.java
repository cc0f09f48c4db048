package chase.daemon.gpu;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/**
 * The right to touch the journal and the limits in it: a running daemon and {@code chase restore}
 * never have it at the same time. It ends with the process, however that ends.
 */
public final class StateLock implements AutoCloseable {
  private static final String FILE = "chase.lock";

  private final FileChannel channel;

  private StateLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock of {@code directory}, which is made where it is missing.
   *
   * @throws StateException when somebody holds it, or the directory cannot be used
   */
  public static StateLock take(Path directory) throws StateException {
    try {
      Files.createDirectories(directory);
      return of(directory.resolve(FILE), directory);
    } catch (AccessDeniedException e) {
      throw new StateException("no permission to use the state directory " + directory);
    } catch (IOException e) {
      throw new StateException("cannot use the state directory " + directory + ": " + e);
    }
  }

  private static StateLock of(Path file, Path directory) throws IOException, StateException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    if (!locked(channel)) {
      String holder = holder(channel);
      channel.close();
      throw new StateException(
          "a running Chase daemon" + holder + " uses the state directory " + directory);
    }
    channel.truncate(0);
    channel.write(
        ByteBuffer.wrap(
            String.format(Locale.ROOT, "%d%n", ProcessHandle.current().pid())
                .getBytes(StandardCharsets.US_ASCII)));
    return new StateLock(channel);
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private static String holder(FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(32);
    channel.read(bytes, 0);
    String pid = new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII).strip();
    return pid.isEmpty() ? "" : " (process " + pid + ")";
  }

  /** Gives the lock back; its file stays, because deleting it would let two holders in. */
  @Override
  public void close() throws StateException {
    try {
      channel.close();
    } catch (IOException e) {
      throw new StateException("cannot close the lock: " + e.getMessage());
    }
  }
}
