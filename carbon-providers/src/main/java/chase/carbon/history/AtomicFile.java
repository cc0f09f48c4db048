package chase.carbon.history;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** A file that holds its old contents or its new ones, whenever the power fails. */
public record AtomicFile(Path path) {
  private static final String DAMAGED = ".damaged";

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

  /** Replaces the contents by lines, as {@link #write(byte[])} does. */
  void write(Iterable<String> lines) throws IOException {
    StringBuilder text = new StringBuilder();
    for (String line : lines) {
      text.append(line).append('\n');
    }
    write(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Moves a damaged file to a free name beside it, and returns that name. */
  Path moveAside() throws IOException {
    return Files.move(path, freeName());
  }

  /**
   * Gives a damaged file, which is about to be replaced, such a name besides its own; that needs no
   * room on the disk.
   */
  Path keepAside() throws IOException {
    return Files.createLink(freeName(), path);
  }

  private Path freeName() {
    for (int i = 0; ; i++) {
      Path aside = path.resolveSibling(path.getFileName() + (i == 0 ? DAMAGED : DAMAGED + "." + i));
      if (!Files.exists(aside)) {
        return aside;
      }
    }
  }
}
