package chase.daemon.http;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.DelegatingSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.spi.tls.DefaultSslContextFactory;
import io.vertx.core.spi.tls.SslContextFactory;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * Bounds the connections that have not agreed on a key yet. Vert.x shows a server its connections
 * after that, so that a client could open any number before. Used on the server's event loop only.
 */
final class TlsHandshakes extends JdkSSLEngineOptions {
  /** How long a client may take. */
  static final int TIMEOUT_SECONDS = 5;

  private final OpenConnections<Channel> open;
  private final Runnable crowded;

  /**
   * Handshakes of one server.
   *
   * @param crowded called when one is broken off to make room for a new one
   */
  TlsHandshakes(HttpLimits limits, Runnable crowded) {
    this.open = new OpenConnections<>(limits);
    this.crowded = crowded;
  }

  /** The count is the server's own, however often Vert.x copies its options. */
  @Override
  public JdkSSLEngineOptions copy() {
    return this;
  }

  @Override
  public SslContextFactory sslContextFactory() {
    return new DefaultSslContextFactory(SslProvider.JDK, false) {
      @Override
      public SslContext create() throws SSLException {
        return counted(super.create());
      }
    };
  }

  private SslContext counted(SslContext context) {
    return new DelegatingSslContext(context) {
      @Override
      protected void initEngine(SSLEngine engine) {}

      @Override
      protected SslHandler newHandler(
          ByteBufAllocator allocator, boolean startTls, Executor executor) {
        return counted(newEngine(allocator), startTls, executor);
      }

      @Override
      protected SslHandler newHandler(
          ByteBufAllocator allocator, String peer, int port, boolean startTls, Executor executor) {
        return counted(newEngine(allocator, peer, port), startTls, executor);
      }
    };
  }

  private SslHandler counted(SSLEngine engine, boolean startTls, Executor executor) {
    return new SslHandler(engine, startTls, executor) {
      @Override
      public void handlerAdded(ChannelHandlerContext added) throws Exception {
        admit(added.channel());
        super.handlerAdded(added);
        handshakeFuture().addListener(done -> open.closed(added.channel()));
      }
    };
  }

  private void admit(Channel channel) {
    channel.closeFuture().addListener(closed -> open.closed(channel));
    open.admit(channel, client(channel.remoteAddress()))
        .ifPresent(other -> {
          crowded.run();
          var _ = other.close();
        });
  }

  private static String client(SocketAddress address) {
    return address instanceof InetSocketAddress inet && inet.getAddress() != null
        ? inet.getAddress().getHostAddress()
        : String.valueOf(address);
  }
}
