package chase.daemon.faults;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** A client that sends any bytes on a connection of its own, and sees what comes of it. */
final class RawClient {
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([0-9]{3}) [A-Z]");
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int KEPT = 256 * 1024;

  private RawClient() {}

  /**
   * What came of a request.
   *
   * @param statuses of the answers, in order
   * @param text the first of it
   * @param nanos until the connection was closed, or the client had enough
   * @param hung whether the server neither answered nor closed
   */
  record RawAnswer(List<Integer> statuses, String text, long nanos, boolean hung) {}

  /** A connection; on a socket of this host if the address is a path's. */
  static SocketChannel connect(SocketAddress to) throws IOException {
    return to instanceof InetSocketAddress ? SocketChannel.open(to) : unix(to);
  }

  private static SocketChannel unix(SocketAddress to) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.connect(to);
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * Sends {@code bytes} and reads until the server closes.
   *
   * @param patience after that long without an answer the client says that nothing more will come
   */
  static RawAnswer send(SocketAddress to, byte[] bytes, Duration patience) throws IOException {
    long begin = System.nanoTime();
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    boolean closed;
    try (SocketChannel channel = connect(to);
        Selector selector = Selector.open()) {
      channel.configureBlocking(false);
      closed = exchange(channel, selector, ByteBuffer.wrap(bytes), read, patience);
      if (!closed) {
        channel.shutdownOutput();
        closed = exchange(channel, selector, ByteBuffer.allocate(0), read, PATIENCE);
      }
    } catch (IOException broken) {
      // The server has closed.
      closed = true;
    }
    String text = read.toString(StandardCharsets.UTF_8);
    List<Integer> statuses =
        STATUS.matcher(text).results().map(one -> Integer.valueOf(one.group(1))).toList();
    return new RawAnswer(statuses, text, System.nanoTime() - begin, !closed);
  }

  /** Whether the server has closed, before {@code patience} was over. */
  private static boolean exchange(
      SocketChannel channel,
      Selector selector,
      ByteBuffer out,
      ByteArrayOutputStream read,
      Duration patience)
      throws IOException {
    long end = System.nanoTime() + patience.toNanos();
    ByteBuffer in = ByteBuffer.allocate(16 * 1024);
    while (System.nanoTime() < end) {
      int ready = SelectionKey.OP_READ | (out.hasRemaining() ? SelectionKey.OP_WRITE : 0);
      channel.register(selector, ready);
      selector.select(Math.max(1, (end - System.nanoTime()) / 1_000_000));
      selector.selectedKeys().clear();
      if (out.hasRemaining()) {
        var _ = channel.write(out);
      }
      int count = channel.read(in);
      if (count < 0) {
        return true;
      }
      if (read.size() < KEPT) {
        read.write(in.array(), 0, in.position());
      }
      in.clear();
    }
    return false;
  }
}
