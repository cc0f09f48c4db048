package chase.daemon.peer;

import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.unix.PeerCredentials;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;

/**
 * A process at the other end of a Unix socket.
 *
 * @param user the user's name, or {@code uid 1000} where the user has none
 * @param pid the process that connected; empty where only the user is known, and where the process
 *     lives in a place that this one cannot see
 */
public record Peer(String user, OptionalLong pid) {
  /**
   * The client of a connection; empty for a connection that is no Unix socket's, or that has been
   * closed. The JDK's sockets tell only the user, Netty's native ones also the process.
   */
  public static Optional<Peer> of(HttpConnection connection) {
    return connection instanceof HttpServerConnection server
        ? of(server.channelHandlerContext().channel())
        : Optional.empty();
  }

  private static Optional<Peer> of(Channel channel) {
    try {
      return channel instanceof EpollDomainSocketChannel epoll
          ? Optional.of(of(epoll.peerCredentials()))
          : Optional.ofNullable(
                  channel
                      .config()
                      .getOption(NioChannelOption.of(ExtendedSocketOptions.SO_PEERCRED)))
              .map(Peer::of);
    } catch (IOException closed) {
      return Optional.empty();
    }
  }

  private static Peer of(UnixDomainPrincipal principal) {
    return new Peer(principal.user().getName(), OptionalLong.empty());
  }

  /** The kernel says 0 for a process outside of our own namespace. */
  private static Peer of(PeerCredentials credentials) {
    OptionalLong pid =
        credentials.pid() > 0 ? OptionalLong.of(credentials.pid()) : OptionalLong.empty();
    return new Peer(user(pid).orElse("uid " + Integer.toUnsignedString(credentials.uid())), pid);
  }

  private static Optional<String> user(OptionalLong pid) {
    return pid.isPresent()
        ? ProcessHandle.of(pid.getAsLong()).flatMap(process -> process.info().user())
        : Optional.empty();
  }
}
