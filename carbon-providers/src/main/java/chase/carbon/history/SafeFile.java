package chase.carbon.history;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Replaces and moves files so that a crash leaves the old one or the new one, never half. */
final class SafeFile {
  private static final String DAMAGED = ".damaged";

  private SafeFile() {}

  /** Replaces the contents; on the disk once this returns. */
  static void replace(Path path, Iterable<String> lines) throws IOException {
    Path fresh = path.resolveSibling(path.getFileName() + ".new");
    try (FileChannel channel =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      StringBuilder text = new StringBuilder();
      for (String line : lines) {
        text.append(line).append('\n');
      }
      ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Moves a damaged file to a name beside it that was free, and tells that name. */
  static Path moveAside(Path path) throws IOException {
    for (int i = 0; ; i++) {
      String ending = i == 0 ? DAMAGED : DAMAGED + "." + i;
      Path aside = path.resolveSibling(path.getFileName() + ending);
      if (!Files.exists(aside)) {
        return Files.move(path, aside);
      }
    }
  }
}
