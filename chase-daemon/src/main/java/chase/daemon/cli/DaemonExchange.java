package chase.daemon.cli;

import chase.daemon.api.ApiJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.ContentLengthStrategy;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.Method;
import org.apache.hc.core5.http.impl.DefaultContentLengthStrategy;
import org.apache.hc.core5.http.impl.io.ChunkedInputStream;
import org.apache.hc.core5.http.impl.io.ContentLengthInputStream;
import org.apache.hc.core5.http.impl.io.DefaultHttpRequestWriter;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParser;
import org.apache.hc.core5.http.impl.io.IdentityInputStream;
import org.apache.hc.core5.http.impl.io.SessionInputBufferImpl;
import org.apache.hc.core5.http.impl.io.SessionOutputBufferImpl;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request on the daemon's control socket, and its response. Of the library only the parts
 * that write and read messages are used: a client of its own, with event loops or a pool of
 * connections, takes longer to load than the daemon takes to answer.
 */
final class DaemonExchange implements AutoCloseable {
  private static final int BUFFER_BYTES = 8192;

  private final SocketChannel channel;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile boolean overdue;

  /**
   * A response whose body has not been read yet.
   *
   * @param warning what is wrong although the request was done
   */
  record DaemonResponse(int status, Optional<String> warning, InputStream body) {}

  private DaemonExchange(SocketChannel channel) {
    this.channel = channel;
  }

  /** Connects to {@code socket}; an {@link IOException} says that nobody answers there. */
  static DaemonExchange open(Path socket) throws IOException {
    return new DaemonExchange(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
  }

  /** Closes the exchange after {@code limit}, so that whoever reads or writes it then fails. */
  void closeAfter(Duration limit) {
    Thread.ofPlatform().daemon().name("deadline").start(() -> awaitClose(limit));
  }

  /** Whether the exchange was closed because its time was over. */
  boolean isOverdue() {
    return overdue;
  }

  /**
   * Sends the request and reads the head of its response.
   *
   * @throws IOException where the daemon goes away before
   * @throws HttpException where what answers speaks no HTTP
   */
  DaemonResponse send(Method method, String path, Optional<byte[]> json)
      throws IOException, HttpException {
    BasicClassicHttpRequest request = new BasicClassicHttpRequest(method, path);
    request.addHeader(HttpHeaders.HOST, "chase");
    request.addHeader(HttpHeaders.CONNECTION, "close");
    if (json.isPresent()) {
      request.addHeader(HttpHeaders.CONTENT_TYPE, "application/json");
      request.addHeader(HttpHeaders.CONTENT_LENGTH, json.get().length);
    }
    OutputStream out = Channels.newOutputStream(channel);
    SessionOutputBufferImpl written = new SessionOutputBufferImpl(BUFFER_BYTES);
    new DefaultHttpRequestWriter().write(request, written, out);
    if (json.isPresent()) {
      written.write(json.get(), out);
    }
    written.flush(out);

    InputStream in = Channels.newInputStream(channel);
    SessionInputBuffer read = new SessionInputBufferImpl(BUFFER_BYTES);
    @Nullable ClassicHttpResponse response = new DefaultHttpResponseParser().parse(read, in);
    if (response == null) {
      throw new ConnectionClosedException();
    }
    Optional<String> warning =
        Optional.ofNullable(response.getFirstHeader(ApiJson.WARNING)).map(Header::getValue);
    return new DaemonResponse(response.getCode(), warning, body(response, read, in));
  }

  /** Ends the exchange, whatever it has come to. */
  @Override
  public void close() throws IOException {
    closed.countDown();
    channel.close();
  }

  private static InputStream body(
      ClassicHttpResponse response, SessionInputBuffer read, InputStream in) throws HttpException {
    long length = DefaultContentLengthStrategy.INSTANCE.determineLength(response);
    if (length == ContentLengthStrategy.CHUNKED) {
      return new ChunkedInputStream(read, in);
    }
    return length >= 0
        ? new ContentLengthInputStream(read, in, length)
        : new IdentityInputStream(read, in);
  }

  private void awaitClose(Duration limit) {
    try {
      overdue = !closed.await(limit.toNanos(), TimeUnit.NANOSECONDS);
      channel.close();
    } catch (InterruptedException | IOException e) {
      // Nobody waits for this thread, and a channel that cannot be closed is of no further use.
      Thread.currentThread().interrupt();
    }
  }
}
