package chase.carbon.history;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** A file that holds either what it held or what was written, whenever the power goes. */
public record AtomicFile(Path path) {
  /**
   * Replaces the contents; on the disk, name included, once this returns. Where it cannot be
   * written, the file is as it was and nothing lies beside it.
   */
  public void write(byte[] contents) throws IOException {
    Path fresh = path.resolveSibling(path.getFileName() + ".new");
    try {
      fill(fresh, contents);
      Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      // Half a file must not take up what little room is left on a full disk.
      deleteQuietly(fresh, e);
      throw e;
    }
    syncDirectory();
  }

  private static void fill(Path fresh, byte[] contents) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(contents);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  private static void deleteQuietly(Path fresh, IOException why) {
    try {
      Files.deleteIfExists(fresh);
    } catch (IOException e) {
      why.addSuppressed(e);
    }
  }

  /** The name of a new or renamed file reaches the disk only with its directory. */
  void syncDirectory() throws IOException {
    try (FileChannel directory =
        FileChannel.open(path.toAbsolutePath().resolveSibling("."), StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  /** Replaces and moves files so that a crash leaves the old one or the new one, never half. */
  static final class DamagedFile {
    private static final String DAMAGED = ".damaged";

    private DamagedFile() {}

    /** Replaces the contents; on the disk once this returns. */
    static void write(Path path, Iterable<String> lines) throws IOException {
      StringBuilder text = new StringBuilder();
      for (String line : lines) {
        text.append(line).append('\n');
      }
      new AtomicFile(path).write(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Moves a damaged file to a name beside it that was free, and tells that name. */
    static Path moveAside(Path path) throws IOException {
      return Files.move(path, free(path));
    }

    /**
     * Gives a damaged file, which is about to be replaced, such a name besides its own; that needs
     * no room on the disk.
     */
    static Path keepAside(Path path) throws IOException {
      return Files.createLink(free(path), path);
    }

    private static Path free(Path path) {
      for (int i = 0; ; i++) {
        String ending = i == 0 ? DAMAGED : DAMAGED + "." + i;
        Path aside = path.resolveSibling(path.getFileName() + ending);
        if (!Files.exists(aside)) {
          return aside;
        }
      }
    }
  }
}
