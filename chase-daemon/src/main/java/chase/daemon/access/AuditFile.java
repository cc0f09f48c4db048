package chase.daemon.access;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * The file of the audit log and those that it was before: {@code audit.log}, {@code audit.log.1}
 * and so on, the newest first. Lines are only ever added. Calls block.
 *
 * @param path the one that grows
 * @param maxBytes how large it may become
 * @param keep how many older ones stay
 */
public record AuditFile(Path path, long maxBytes, int keep) {
  /** A full line is far below this: what is read of a file is bounded by it. */
  private static final int MAX_LINES = 100_000;

  /** Adds the lines, which are on the disk then. */
  void append(List<String> lines) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.wrap((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)
        && Files.size(path) + bytes.remaining() > maxBytes) {
      rotate();
    }
    boolean isNew = !Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    try (FileChannel file =
        FileChannel.open(
            path,
            Set.of(
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.APPEND,
                LinkOption.NOFOLLOW_LINKS))) {
      if (isNew) {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r-----"));
      } else if (!endsWithLine()) {
        // What a full disk left of a line stays a line of its own.
        bytes = ByteBuffer.allocate(bytes.remaining() + 1).put((byte) '\n').put(bytes).flip();
      }
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
      file.force(false);
    }
  }

  private boolean endsWithLine() throws IOException {
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
      ByteBuffer last = ByteBuffer.allocate(1);
      return file.size() == 0
          || (file.read(last, file.size() - 1) == 1 && last.get(0) == (byte) '\n');
    }
  }

  private void rotate() throws IOException {
    for (int number = keep; number >= 1; number--) {
      Path older = number == 1 ? path : numbered(number - 1);
      if (Files.exists(older, LinkOption.NOFOLLOW_LINKS)) {
        Files.move(older, numbered(number), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private Path numbered(int number) {
    return path.resolveSibling(path.getFileName() + "." + number);
  }

  /** The newest lines, the oldest of them first. */
  List<String> newest(int max) throws IOException {
    List<String> newestFirst = new ArrayList<>();
    for (int number = 0; number <= keep && newestFirst.size() < max; number++) {
      Path file = number == 0 ? path : numbered(number);
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        List<String> lines = new ArrayList<>(Files.readAllLines(file, StandardCharsets.UTF_8));
        Collections.reverse(lines);
        newestFirst.addAll(lines.subList(0, Math.min(lines.size(), MAX_LINES)));
      }
    }
    List<String> newest = newestFirst.subList(0, Math.min(max, newestFirst.size()));
    return newest.reversed();
  }
}
