package chase.daemon.storage;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * The space of a file system that no database takes, so that what keeps GPUs safe can always be
 * written: the journal of original limits lies beside the databases.
 *
 * @param bytes what is kept free; a tenth of a file system that is small
 * @param free the bytes that are free where a file lies; below 0 where unknown
 * @param size the bytes of that file system
 */
record SpaceReserve(long bytes, ToLongFunction<Path> free, ToLongFunction<Path> size) {
  static final long DEFAULT_BYTES = 16L << 20;
  private static final int SMALL_SHARE = 10;

  /** The figures of the operating system. */
  static final SpaceReserve SYSTEM =
      new SpaceReserve(
          DEFAULT_BYTES,
          file -> of(file, FileStore::getUsableSpace),
          file -> of(file, FileStore::getTotalSpace));

  private interface StoreFigure {
    long of(FileStore store) throws IOException;
  }

  private static long of(Path file, StoreFigure figure) {
    try {
      Path directory = file.toAbsolutePath().getParent();
      return figure.of(Files.getFileStore(directory == null ? file : directory));
    } catch (IOException e) {
      return -1;
    }
  }

  /** Why {@code file} may not grow now, in words; empty when it may. */
  Optional<String> refusal(Path file) {
    long left = free.applyAsLong(file);
    if (left < 0 || left >= bytes) {
      return Optional.empty();
    }
    long kept = Math.min(bytes, size.applyAsLong(file) / SMALL_SHARE);
    return left >= kept
        ? Optional.empty()
        : Optional.of(
            String.format(
                    Locale.ROOT,
                    "%s is not written while less than %d kB are free beside it (now %d kB): they"
                        + " are kept",
                    file.getFileName(),
                    kept >> 10,
                    left >> 10)
                + " for the journal of original limits");
  }
}
