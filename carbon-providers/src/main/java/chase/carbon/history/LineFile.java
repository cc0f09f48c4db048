package chase.carbon.history;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * A text file that only grows, a line at a time, each on the disk before {@link #append} returns. A
 * last line that a crash has torn is cut off when the file is opened, and kept in a file beside it.
 */
public final class LineFile implements AutoCloseable {
  private static final String TORN = ".torn";
  private static final int CHUNK = 8192;

  private final Path path;
  private final FileChannel channel;

  private LineFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * Opens the file, which is made where it is missing.
   *
   * @param warnings is given one sentence when a torn line was set aside
   */
  public static LineFile open(Path path, Consumer<String> warnings) throws IOException {
    boolean isNew = !Files.exists(path);
    FileChannel channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      LineFile file = new LineFile(path, channel);
      file.prepare(isNew, warnings);
      return file;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private void prepare(boolean isNew, Consumer<String> warnings) throws IOException {
    if (isNew) {
      new AtomicFile(path).syncDirectory();
    }
    cutTornLine(warnings);
    channel.position(channel.size());
  }

  private void cutTornLine(Consumer<String> warnings) throws IOException {
    long whole = endOfLastLine();
    long size = channel.size();
    if (whole == size) {
      return;
    }
    Path aside = path.resolveSibling(path.getFileName() + TORN);
    byte[] torn = read(whole, size);
    Files.write(
        aside,
        withLineBreak(torn),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND,
        StandardOpenOption.SYNC);
    channel.truncate(whole);
    channel.force(true);
    warnings.accept(
        String.format(
            Locale.ROOT,
            "%s: the last line was torn, as by a crash; its %d bytes are now in %s",
            path,
            torn.length,
            aside.getFileName()));
  }

  private long endOfLastLine() throws IOException {
    long end = channel.size();
    while (end > 0) {
      long start = Math.max(0, end - CHUNK);
      byte[] bytes = read(start, end);
      for (int i = bytes.length - 1; i >= 0; i--) {
        if (bytes[i] == '\n') {
          return start + i + 1;
        }
      }
      end = start;
    }
    return 0;
  }

  private byte[] read(long from, long to) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(to - from));
    boolean more = true;
    while (bytes.hasRemaining() && more) {
      more = channel.read(bytes, from + bytes.position()) >= 0;
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  private static byte[] withLineBreak(byte[] text) {
    byte[] line = Arrays.copyOf(text, text.length + 1);
    line[text.length] = '\n';
    return line;
  }

  /** Adds a line, which must not hold a line break; on the disk once this returns. */
  public void append(String line) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
    long before = channel.size();
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(false);
    } catch (IOException e) {
      // Half a line, as of a full disk, would spoil the next one.
      channel.truncate(before);
      throw e;
    }
  }

  /** How long it is, in bytes. */
  public long size() throws IOException {
    return channel.size();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /** A line with a checksum: the CRC-32C of its text in eight digits, a space, it. */
  static final class CheckedLine {
    private static final int DIGITS = 8;

    private CheckedLine() {}

    static String of(String text) {
      return checksum(text) + " " + text;
    }

    /**
     * The text of a line.
     *
     * @throws IllegalArgumentException when the line is damaged
     */
    static String text(String line) {
      if (line.length() <= DIGITS || line.charAt(DIGITS) != ' ') {
        throw new IllegalArgumentException("no checksum");
      }
      String text = line.substring(DIGITS + 1);
      if (!checksum(text).equals(line.substring(0, DIGITS))) {
        throw new IllegalArgumentException("the checksum is another");
      }
      return text;
    }

    private static String checksum(String text) {
      CRC32C crc = new CRC32C();
      crc.update(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().toHexDigits((int) crc.getValue());
    }
  }
}
